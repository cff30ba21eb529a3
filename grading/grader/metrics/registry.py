"""Where metrics are entered under the names that a case uses, and how sums of rows become one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MetricFunction = Callable[..., float]
Terms = Callable[..., Floats]
Combined = Callable[[Floats], Floats]

METRICS: dict[str, MetricFunction] = {}


@dataclass(frozen=True)
class Sums:
    """A metric as sums over rows, by which thousands of other draws of the rows are measured at once.

    of_rows: prediction, truth and the case's params to (rows, terms). combined: sums (…, terms) to the metric (…).
    """

    of_rows: Terms
    combined: Combined


SUMS: dict[str, Sums] = {}


def register(name: str) -> Callable[[MetricFunction], MetricFunction]:
    """Make a function known under the name that case.toml uses.

    It takes prediction and truth of shape (rows,), ``weights`` of the same shape or None, and the case's params.
    """

    def enter(function: MetricFunction) -> MetricFunction:
        METRICS[name] = function
        return function

    return enter


def register_sums(name: str, *, combined: Combined) -> Callable[[Terms], MetricFunction]:
    """Make a metric of the function that gives each row's terms; weights multiply the terms."""

    def enter(terms: Terms) -> MetricFunction:
        def metric(predicted: Floats, actual: Floats, *, weights: Floats | None = None, **params: Any) -> float:
            of_rows = terms(predicted, actual, **params)
            sums = of_rows.sum(axis=0) if weights is None else weights @ of_rows
            with np.errstate(divide="ignore", invalid="ignore"):
                return float(combined(sums))

        metric.__name__, metric.__doc__ = terms.__name__, terms.__doc__
        METRICS[name], SUMS[name] = metric, Sums(terms, combined)
        return metric

    return enter


def ratio(sums: Floats) -> Floats:
    """The first of two sums over the second: a mean, where the second counts or weighs the rows."""
    quotient: Floats = sums[..., 0] / sums[..., 1]
    return quotient


def averaged(of_rows: Floats) -> Floats:
    """The terms of a mean over rows."""
    return np.column_stack([of_rows, np.ones_like(of_rows)])
