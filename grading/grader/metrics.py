"""The metrics that a case can name: prediction and truth of one split in, one number out.

A function takes both, of shape (rows,), and the case's ``params`` as keywords.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MetricFunction = Callable[..., float]

METRICS: dict[str, MetricFunction] = {}


@dataclass(frozen=True)
class Sums:
    """A metric as sums over rows, by which thousands of other draws of the rows are measured at once.

    of_rows: prediction and truth to (rows, terms). combined: sums (…, terms) to the metric (…). The metric itself need
    not be registered so; then every draw is measured by its function.
    """

    of_rows: Callable[[Floats, Floats], Floats]
    combined: Callable[[Floats], Floats]


SUMS: dict[str, Sums] = {
    "wape": Sums(lambda p, y: np.column_stack([np.abs(y - p), np.abs(y)]), lambda s: s[..., 0] / s[..., 1]),
    "mae": Sums(lambda p, y: np.column_stack([np.abs(y - p), np.ones_like(y)]), lambda s: s[..., 0] / s[..., 1]),
    "rmse": Sums(
        lambda p, y: np.column_stack([np.square(y - p), np.ones_like(y)]), lambda s: np.sqrt(s[..., 0] / s[..., 1])
    ),
}


def register(name: str) -> Callable[[MetricFunction], MetricFunction]:
    """Make a function known under the name that case.toml uses."""

    def enter(function: MetricFunction) -> MetricFunction:
        METRICS[name] = function
        return function

    return enter


@register("wape")
def wape(predicted: Floats, actual: Floats) -> float:
    """Weighted absolute percentage error Σ|y − ŷ| / Σ|y|, a share; inf when the truth is all zero and missed.

    Kolassa and Schütz, "Advantages of the MAD/mean ratio over the MAPE", Foresight 6, 2007.
    """
    missed, total = float(np.abs(actual - predicted).sum()), float(np.abs(actual).sum())
    if total == 0.0:
        return 0.0 if missed == 0.0 else float("inf")
    return missed / total


@register("mae")
def mae(predicted: Floats, actual: Floats) -> float:
    """Mean absolute error, in the unit of the truth."""
    return float(np.abs(actual - predicted).mean())


@register("rmse")
def rmse(predicted: Floats, actual: Floats) -> float:
    """Root of the mean squared error, in the unit of the truth."""
    return float(np.sqrt(np.square(actual - predicted).mean()))
