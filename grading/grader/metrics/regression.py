"""How far predicted numbers lie from the true ones."""

from __future__ import annotations

import numpy as np

from grader.metrics.registry import Floats, averaged, ratio, register, register_sums


def _share(sums: Floats) -> Floats:
    """Errors over the total, with 0 / 0 = 0: nothing to predict, and nothing was predicted."""
    nothing = (sums[..., 0] == 0) & (sums[..., 1] == 0)
    shares: Floats = np.where(nothing, 0.0, ratio(sums))
    return shares


def _root(sums: Floats) -> Floats:
    root: Floats = np.sqrt(ratio(sums))
    return root


@register_sums("wape", combined=_share)
def wape(predicted: Floats, actual: Floats) -> Floats:
    """Weighted absolute percentage error Σ|y − ŷ| / Σ|y|, a share; inf when the truth is all zero and missed.

    Kolassa and Schütz, "Advantages of the MAD/mean ratio over the MAPE", Foresight 6, 2007.
    """
    return np.column_stack([np.abs(actual - predicted), np.abs(actual)])


@register_sums("mae", combined=ratio)
def mae(predicted: Floats, actual: Floats) -> Floats:
    """Mean absolute error, in the unit of the truth."""
    return averaged(np.abs(actual - predicted))


@register_sums("rmse", combined=_root)
def rmse(predicted: Floats, actual: Floats) -> Floats:
    """Root of the mean squared error, in the unit of the truth."""
    return averaged(np.square(actual - predicted))


@register_sums("rmsle", combined=_root)
def rmsle(predicted: Floats, actual: Floats) -> Floats:
    """Root of the mean squared difference of log(1 + y); for truths of 0 and more, predictions below count as 0."""
    return averaged(np.square(np.log1p(actual) - np.log1p(np.maximum(predicted, 0.0))))


@register_sums("mape", combined=ratio)
def mape(predicted: Floats, actual: Floats) -> Floats:
    """Mean of |y − ŷ| / |y|, a share; a truth of 0 counts as the smallest step of float64, as in scikit-learn."""
    return averaged(np.abs(actual - predicted) / np.maximum(np.abs(actual), np.finfo(np.float64).eps))


@register_sums("pinball", combined=ratio)
def pinball(predicted: Floats, actual: Floats, *, quantile: float = 0.5) -> Floats:
    """Mean pinball loss of a predicted quantile: τ(y − ŷ) where the truth lies above, (1 − τ)(ŷ − y) below.

    Koenker and Bassett, "Regression quantiles", Econometrica 46, 1978.
    """
    above = actual - predicted
    return averaged(np.maximum(quantile * above, (quantile - 1) * above))


@register("r2")
def r2(predicted: Floats, actual: Floats, *, weights: Floats | None = None) -> float:
    """Share of the truth's variance that is explained; of a constant truth 1 where it is met exactly, else 0."""
    left = np.average(np.square(actual - predicted), weights=weights)
    spread = np.average(np.square(actual - np.average(actual, weights=weights)), weights=weights)
    if spread == 0.0:
        return 1.0 if left == 0.0 else 0.0
    return float(1 - left / spread)
