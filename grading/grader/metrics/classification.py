"""How well labels and probabilities tell yes (1) from no (0), and labels the classes 0, 1, 2 …"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from grader.metrics.registry import Floats, averaged, ratio, register, register_sums

Flags = NDArray[np.bool_]


def _says_yes(predicted: Floats, threshold: float) -> Flags:
    yes: Flags = predicted >= threshold
    return yes


@register_sums("accuracy", combined=ratio)
def accuracy(predicted: Floats, actual: Floats, *, threshold: float | None = None) -> Floats:
    """Share of rows whose label is right. threshold: predictions from there on mean 1, below 0; None: equal labels."""
    labels = predicted if threshold is None else _says_yes(predicted, threshold).astype(np.float64)
    return averaged((labels == actual).astype(np.float64))


@register_sums("recall", combined=ratio)
def recall(predicted: Floats, actual: Floats, *, threshold: float = 0.5) -> Floats:
    """Share of the true yes that were found; not a number where there is none to find."""
    return np.column_stack([_says_yes(predicted, threshold) & (actual > 0), actual > 0]).astype(np.float64)


def _or_zero(sums: Floats) -> Floats:
    """0 where nothing was said and nothing was to be found, as in scikit-learn."""
    shares: Floats = np.where(sums[..., 1] == 0, 0.0, ratio(sums))
    return shares


@register_sums("precision", combined=_or_zero)
def precision(predicted: Floats, actual: Floats, *, threshold: float = 0.5) -> Floats:
    """Share of the said yes that are true; 0 where none was said."""
    said = _says_yes(predicted, threshold)
    return np.column_stack([said & (actual > 0), said]).astype(np.float64)


@register_sums("f1", combined=_or_zero)
def f1(predicted: Floats, actual: Floats, *, threshold: float = 0.5) -> Floats:
    """Harmonic mean of precision and recall, 2·TP / (2·TP + FP + FN); 0 where there is neither said nor true yes."""
    said, true = _says_yes(predicted, threshold).astype(np.float64), (actual > 0).astype(np.float64)
    return np.column_stack([2 * said * true, said + true])


@register("macro_f1")
def macro_f1(predicted: Floats, actual: Floats, *, weights: Floats | None = None) -> float:
    """F1 of each class by itself, then their plain mean: a rare class counts as much as a frequent one.

    Classes are the labels that were said or are true, as in scikit-learn: one that is only said has an F1 of 0.
    """
    weight = np.ones_like(actual) if weights is None else weights
    classes, place = np.unique(np.concatenate([predicted, actual]), return_inverse=True)
    said, true = np.split(place, 2)
    met, of_said, of_true = (
        np.bincount(labels, weights=counted, minlength=len(classes))
        for labels, counted in ((said, weight * (said == true)), (said, weight), (true, weight))
    )
    both = of_said + of_true
    return float(np.divide(2 * met, both, out=np.zeros_like(both), where=both > 0).mean())


@register_sums("log_loss", combined=ratio)
def log_loss(predicted: Floats, actual: Floats) -> Floats:
    """Mean of −log of the probability given to what came true; 0 and 1 count as one float64 step away from them."""
    least = np.finfo(np.float64).eps
    probability = np.clip(predicted, least, 1 - least)
    return averaged(-np.log(np.where(actual > 0, probability, 1 - probability)))


@register_sums("cost", combined=ratio)
def cost(
    predicted: Floats,
    actual: Floats,
    *,
    missed: float,
    false_alarm: float,
    found: float = 0.0,
    passed: float = 0.0,
    threshold: float = 0.5,
) -> Floats:
    """Mean cost of a row by the cost matrix: yes said no (missed), no said yes (false_alarm), and both rights.

    Elkan, "The foundations of cost-sensitive learning", IJCAI 2001.
    """
    said, true = _says_yes(predicted, threshold), actual > 0
    return averaged(np.select([said & true, said, true], [found, false_alarm, missed], passed).astype(np.float64))


@register_sums("cost_matrix", combined=ratio)
def cost_matrix(predicted: Floats, actual: Floats, *, costs: Sequence[Sequence[float]]) -> Floats:
    """Mean cost of a row where costs[true][said] prices each pair of the classes 0, 1, 2 …

    A label that is none of them costs as much as the dearest one for that truth. ValueError unless costs is a square
    with a line for each true class.
    """
    matrix = np.asarray(costs, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError("cost_matrix: params.costs must have as many lines as columns, one for each class")
    if not np.isin(actual, np.arange(len(matrix))).all():
        raise ValueError("cost_matrix: params.costs has no line for a class of the truth")
    is_class = np.isin(predicted, np.arange(len(matrix)))
    true, said = actual.astype(np.intp), np.where(is_class, predicted, 0).astype(np.intp)
    return averaged(np.where(is_class, matrix[true, said], matrix.max(axis=1)[true]))


@register("auc")
def auc(predicted: Floats, actual: Floats, *, weights: Floats | None = None) -> float:
    """Area under the ROC curve: how often a yes gets more than a no, equals counting half; 0.5 for a constant.

    Not a number where the rows are all yes or all no.
    """
    yes, no = _by_score(predicted, actual, weights)
    if yes.sum() == 0 or no.sum() == 0:
        return float("nan")
    no_above = np.cumsum(no) - no
    beaten = yes * (no.sum() - no_above - no / 2)
    return float(beaten.sum() / (yes.sum() * no.sum()))


@register("average_precision")
def average_precision(predicted: Floats, actual: Floats, *, weights: Floats | None = None) -> float:
    """Σ (Rₙ − Rₙ₋₁)·Pₙ over the different scores, from the highest; of a constant the share of yes.

    Equal scores are one step, so no order among them helps. Not a number where there is no yes.
    """
    yes, no = _by_score(predicted, actual, weights)
    if yes.sum() == 0:
        return float("nan")
    found, said = np.cumsum(yes), np.cumsum(yes + no)
    return float((yes * found / np.where(said > 0, said, 1.0)).sum() / yes.sum())


def _by_score(predicted: Floats, actual: Floats, weights: Floats | None) -> tuple[Floats, Floats]:
    """The weight of yes and of no at each different score, from the highest score down."""
    weight = np.ones_like(predicted) if weights is None else weights
    scores, place = np.unique(-predicted, return_inverse=True)
    true = actual > 0
    yes = np.bincount(place, weights=weight * true, minlength=len(scores))
    no = np.bincount(place, weights=weight * ~true, minlength=len(scores))
    return yes.astype(np.float64), no.astype(np.float64)
