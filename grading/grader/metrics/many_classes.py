"""How well probabilities tell many classes apart: a column of the prediction for each of the classes 0, 1, 2 …"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grader.metrics.classification import auc, average_precision
from grader.metrics.registry import Floats, MetricFunction, averaged, ratio, register, register_sums

# These read prediction of shape (rows, classes), the columns in the order of the classes; all others one column.
CLASS_METRICS = frozenset({"multiclass_log_loss", "multiclass_auc", "multiclass_average_precision"})


@register_sums("multiclass_log_loss", combined=ratio)
def multiclass_log_loss(predicted: Floats, actual: Floats) -> Floats:
    """Mean of −log of the probability given to the class that came true.

    Each row is brought to the sum of 1 first: whoever gives much to every class gains nothing. Probabilities of 0 count
    as one float64 step, so a row of nothing but 0 says that every class is as likely.
    """
    shares = np.maximum(predicted, np.finfo(np.float64).eps)
    shares /= shares.sum(axis=1, keepdims=True)
    true = _classes(actual, predicted.shape[1])
    return averaged(-np.log(shares[np.arange(len(true)), true]))


@register("multiclass_auc")
def multiclass_auc(predicted: Floats, actual: Floats, *, weights: Floats | None = None) -> float:
    """Plain mean over the classes of the AUC of each against all others (Provost and Domingos, 2000: one versus rest).

    Not a number where a class does not come up.
    """
    return _against_others(auc, predicted, actual, weights)


@register("multiclass_average_precision")
def multiclass_average_precision(predicted: Floats, actual: Floats, *, weights: Floats | None = None) -> float:
    """Plain mean over the classes of the average precision of each; not a number where a class does not come up."""
    return _against_others(average_precision, predicted, actual, weights)


def _against_others(metric: MetricFunction, predicted: Floats, actual: Floats, weights: Floats | None) -> float:
    true = _classes(actual, predicted.shape[1])
    each = [metric(column, (true == one).astype(np.float64), weights=weights) for one, column in enumerate(predicted.T)]
    return float(np.mean(each))


def _classes(actual: Floats, count: int) -> NDArray[np.intp]:
    if not np.isin(actual, np.arange(count)).all():
        raise ValueError(f"predictions names {count} columns, so the truth may hold the classes 0 to {count - 1} only")
    classes: NDArray[np.intp] = actual.astype(np.intp)
    return classes
