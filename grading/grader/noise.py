"""How much of a score is luck of the rows: a paired bootstrap of the ranking metric over blocks of rows.

Rows that hang together (a store's item, a lot, a week) are drawn together, with replacement; every hand-in is measured
on the same draws, so the difference of two of them keeps what they share. Efron and Tibshirani, "An Introduction to the
Bootstrap", 1993, chapters 8 and 16; for paired draws on a leaderboard: Koehn, "Statistical Significance Tests for
Machine Translation Evaluation", EMNLP 2004.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.contract import Split
from grader.csvfile import Predictions
from grader.pack import Pack
from grader.pack.metrics import Metric
from grader.scoring import Measurement
from grader.truth import Truth

Floats = NDArray[np.float64]
Draws = NDArray[np.float32]

DRAWS = 200
# Of very many blocks, several are drawn as one: as good, and the cost stays bounded.
MOST_BLOCKS = 2_000
# Fewer say nothing of what other ones would give.
LEAST_BLOCKS = 8
# Bands and differences leave out so much at each end: nineteen times in twenty, luck of the rows stays inside.
TAIL = 0.025


@dataclass(frozen=True, eq=False)
class Noise:
    """The metric on each draw, shape (DRAWS,), and between which two values 95 % of the draws lie."""

    draws: Draws
    low: float
    high: float


def noise_of(*, pack: Pack, truth: Truth, predictions: Predictions, split: Split) -> Noise | None:
    """The noise of the ranking metric on one split; None where it has too few blocks, or a draw gives no number."""
    draw = _draw_of(truth, split, pack.split.drawn_by)
    if draw is None:
        return None
    metric = pack.scoring.metric(pack.scoring.primary)
    measured = _on_draws(Measurement(truth=truth, predictions=predictions), metric, split, draw)
    if not np.isfinite(measured).all():
        return None
    low, high = np.quantile(measured, [TAIL, 1 - TAIL])
    return Noise(measured.astype(np.float32), float(low), float(high))


def told_apart(better: Draws, worse: Draws, metric: Metric) -> bool:
    """Whether the first is better than the second on nearly all draws, and not by luck of the rows."""
    lead = (worse.astype(np.float64) - better) * (1 if metric.direction == "lower" else -1)
    return bool(np.quantile(lead, TAIL) > 0)


@dataclass(frozen=True, eq=False)
class _Draw:
    """block: of each row of the split. times: how often each draw has each block, shape (DRAWS, blocks)."""

    block: NDArray[np.int64]
    times: Floats


@lru_cache(maxsize=32)
def _draw_of(truth: Truth, split: Split, columns: tuple[str, ...]) -> _Draw | None:
    """The same draws for everybody: they depend on nothing but the truth, the split and the blocks."""
    rows = np.flatnonzero(truth.splits[split])
    block = _blocks([truth.columns[name].take(rows) for name in columns], len(rows))
    count = int(block.max()) + 1 if len(block) else 0
    if count < LEAST_BLOCKS:
        return None
    seed = hashlib.sha256(f"{truth.digest} {split} {columns}".encode()).digest()
    rng = np.random.default_rng(int.from_bytes(seed[:8], "big"))
    if count > MOST_BLOCKS:
        block = (rng.permutation(count) % MOST_BLOCKS)[block]
        count = MOST_BLOCKS
    return _Draw(block, rng.multinomial(count, np.full(count, 1 / count), size=DRAWS).astype(np.float64))


def _blocks(columns: list[NDArray[Any]], rows: int) -> NDArray[np.int64]:
    """A number for each different group of values, from 0; without columns each row is its own."""
    block = np.zeros(rows, dtype=np.int64) if columns else np.arange(rows)
    for column in columns:
        _, codes = np.unique(column, return_inverse=True)
        _, block = np.unique(block * (int(codes.max()) + 1) + codes, return_inverse=True)
    return block


def _on_draws(measurement: Measurement, metric: Metric, split: Split, draw: _Draw) -> Floats:
    rows = measurement.parts.rows[split.value]
    if (sums := measurement.sums(metric)) is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            return sums.combined(draw.times @ _by_block(sums.terms.take(rows, axis=0), draw))
    drawn = (rows.repeat(times[draw.block].astype(np.int64)) for times in draw.times)
    return np.array([measurement.on_rows(metric, one) for one in drawn])


def _by_block(terms: Floats, draw: _Draw) -> Floats:
    blocks = draw.times.shape[1]
    return np.column_stack([np.bincount(draw.block, weights=term, minlength=blocks) for term in terms.T])
