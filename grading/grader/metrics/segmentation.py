"""How well marked areas cover the true ones: metrics of masks.

All of them are worked out from three areas of each row (``overlap_of``), on the rows that have something to mark.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader.masks import Masks
from grader.metrics.registry import Floats, Sums, ratio

MASK_METRICS: dict[str, Sums] = {}


def overlap_of(predicted: Masks, actual: Masks) -> Floats:
    """Pixels of each row in both masks, in the predicted and in the true one, shape (rows, 3)."""
    marked, true = predicted.areas(), actual.areas()
    both = np.zeros(len(true))
    rows = np.flatnonzero((marked > 0) & (true > 0))
    for row in rows.tolist():  # only these are unrolled: whoever marks everything costs no memory
        both[row] = np.isin(predicted.pixels(row), actual.pixels(row), assume_unique=True).sum()
    return np.column_stack([both, marked, true])


def _register(name: str) -> Callable[[Callable[[Floats], Floats]], Any]:
    def enter(function: Callable[[Floats], Floats]) -> Callable[[Floats], Floats]:
        def terms(overlap: Floats) -> Floats:
            """Sum and count over the rows with a true mask."""
            wanted = overlap[:, 2] > 0
            values = function(np.where(wanted[:, None], overlap, 1.0))
            return np.column_stack([np.where(wanted, values, 0.0), wanted.astype(np.float64)])

        MASK_METRICS[name] = Sums(terms, ratio)
        return function

    return enter


@_register("iou")
def iou(overlap: Floats) -> Floats:
    """Intersection over union, |A ∩ B| / |A ∪ B| (Jaccard); the metric is its mean over rows with a true mask."""
    both, marked, true = overlap.T
    shares: Floats = both / (marked + true - both)
    return shares


@_register("dice")
def dice(overlap: Floats) -> Floats:
    """2·|A ∩ B| / (|A| + |B|), the F1 of pixels; the metric is its mean over rows with a true mask."""
    both, marked, true = overlap.T
    shares: Floats = 2 * both / (marked + true)
    return shares
