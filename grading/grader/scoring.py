"""Scores predictions against the hidden truth, both splits in one go. Never executes anything of a learner's."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from grader.business import FORMULAS
from grader.contract import Result, Scores, Split, State
from grader.csvfile import Predictions, SubmissionRejected, read_predictions
from grader.environment import GRADER_VERSION
from grader.ids import Ids
from grader.masks import Masks
from grader.metrics import MASK_METRICS, METRICS, SUMS
from grader.metrics.segmentation import overlap_of
from grader.pack import Build, Pack, PackError
from grader.pack.metrics import Metric
from grader.problems import Problem
from grader.simulators import SIMULATORS
from grader.truth import Truth, read_truth

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

ALL = "all"
SPLITS = tuple(split.value for split in Split)


def load_truth(build: Build, pack: Pack) -> Truth:
    """The truth with its business reference; the same for every hand-in, so keep it. Raises PackError."""
    truth = read_truth(build=build, pack=pack)
    business = pack.scoring.business
    if business is None:
        return truth
    legacy = _baseline(build, pack, business.baseline)
    costs = Measurement(truth=truth, predictions=legacy).by_part(pack.scoring.metric(business.metric))
    return replace(truth, reference=costs)


def _baseline(build: Build, pack: Pack, key: str) -> Predictions:
    path = build.baseline(key)
    try:
        return read_predictions(path.read_bytes(), pack=pack, ids=build.ids)
    except SubmissionRejected as refusal:
        raise PackError([Problem("sample_refused", {"file": path.name, "detail": str(refusal)})]) from None


def score(*, pack: Pack, truth: Truth, predictions: Predictions, environment: str = "") -> Result:
    """Measure predictions on both splits. environment: digest of what executed a submission, empty for a file.

    Raises ValueError when a metric gives no finite number: a fault of the case, not of the learner.
    """
    started = time.perf_counter()
    scores = _scores(pack, truth, predictions)
    versions = score_versions(pack=pack, truth=truth, environment=environment)
    return Result(status=State.SCORED, scores=scores, seconds=time.perf_counter() - started, versions=versions)


def grade_file(data: bytes, *, pack: Pack, truth: Truth, ids: Ids) -> Result:
    """Read and score a hand-in; a refusal is a result too."""
    started = time.perf_counter()
    try:
        predictions = read_predictions(data, pack=pack, ids=ids)
    except SubmissionRejected as refusal:
        return Result(status=State.REJECTED, problems=refusal.problems, seconds=time.perf_counter() - started)
    result = score(pack=pack, truth=truth, predictions=predictions)
    return replace(result, problems=predictions.notices, seconds=time.perf_counter() - started)


def score_versions(*, pack: Pack, truth: Truth, environment: str = "") -> dict[str, str]:
    """Everything a score depends on."""
    return {
        "case": f"{pack.slug} {pack.version}",
        "pack": pack.digest,
        "features": truth.features_digest,
        "truth": truth.digest,
        "metric": pack.scoring.metric_version,
        "seed": truth.seed_digest,
        "environment": environment,
        "grader": GRADER_VERSION,
    }


def _scores(pack: Pack, truth: Truth, predictions: Predictions) -> Scores:
    measurement = Measurement(truth=truth, predictions=predictions)
    found: Scores = {split.value: {} for split in Split}
    for metric in pack.scoring.metrics:
        for part, value in measurement.by_part(metric, SPLITS).items():
            found[part][metric.key] = _finite(metric.key, value)
    for part, value in _business(pack, truth, found):
        found[part][pack.scoring.business.key if pack.scoring.business else ""] = value
    return found


def _business(pack: Pack, truth: Truth, found: Mapping[str, Mapping[str, float]]) -> Iterator[tuple[str, float]]:
    business = pack.scoring.business
    if business is None:
        return
    for split in Split:
        yours = found[split.value][business.metric]
        legacy, total = truth.reference[split.value], truth.reference[ALL]
        value = FORMULAS[business.formula](yours=yours, legacy=legacy, legacy_total=total, params=business.params)
        yield split.value, _finite(business.key, value)


def _finite(key: str, value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{key} came out as {value}: the metric does not suit the truth of this split")
    return value


class _Parts:
    """A truth cut into public, private and all rows: made once, for the thousands of hand-ins measured by it."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self.rows: dict[str, Rows] = {split.value: np.flatnonzero(mask) for split, mask in truth.splits.items()}
        self.rows[ALL] = np.arange(len(next(iter(truth.splits.values()))))
        self._wanted: dict[str, NDArray[np.bool_]] = {}

    def wanted(self, metric: Metric) -> NDArray[np.bool_] | None:
        """Which rows the metric looks at, shape (rows,); None for all."""
        if not metric.only:
            return None
        key = json.dumps(metric.only)
        if key not in self._wanted:
            columns = [np.isin(self._truth.columns[name], values) for name, values in metric.only.items()]
            self._wanted[key] = np.logical_and.reduce(columns)
        return self._wanted[key]


@lru_cache(maxsize=32)
def _parts_of(truth: Truth) -> _Parts:
    return _Parts(truth)


@dataclass(frozen=True, eq=False)
class RowSums:
    """A metric as sums: terms of shape (rows, terms), and what their sums come to."""

    terms: Floats
    combined: Callable[[Floats], Floats]


class Measurement:
    """One hand-in against one truth; each simulator runs once, however many of its outcomes are scored."""

    def __init__(self, *, truth: Truth, predictions: Predictions) -> None:
        self.truth = truth
        self.plan = predictions.plan()
        self.parts = _parts_of(truth)
        self._masks = predictions.masks
        self._runs: dict[str, Mapping[str, Floats]] = {}

    def by_part(self, metric: Metric, parts: Iterable[str] = (*SPLITS, ALL)) -> dict[str, float]:
        """The metric on each of the parts."""
        return {part: self.on_rows(metric, self.parts.rows[part]) for part in parts}

    def on_rows(self, metric: Metric, rows: Rows) -> float:
        """The metric on these rows, any of which may stand there more than once."""
        wanted = self.parts.wanted(metric)
        if wanted is not None:
            rows = rows[wanted[rows]]
        if metric.groups is None:
            return self._measured(metric, rows)
        group = self.truth.columns[metric.groups].take(rows)
        values = [self._measured(metric, rows[group == name]) for name in np.unique(group)]
        if metric.combine == "mean":
            return float(np.mean(values))
        return max(values) if metric.direction == "lower" else min(values)

    def _measured(self, metric: Metric, rows: Rows) -> float:
        function = METRICS.get(str(metric.metric))
        if function is None:
            sums = self._sums(metric)
            return float(sums.combined(sums.terms.take(rows, axis=0).sum(axis=0)))
        predicted, actual = self._predicted(metric).take(rows, axis=0), self._actual(metric).take(rows)
        weights = {} if metric.weights is None else {"weights": self.truth.columns[metric.weights].take(rows)}
        return function(predicted, actual, **weights, **metric.params)

    def sums(self, metric: Metric) -> RowSums | None:
        """The metric as sums over all rows; None where it is none."""
        if metric.groups is not None or (metric.metric in METRICS and metric.metric not in SUMS):
            return None
        sums, wanted = self._sums(metric), self.parts.wanted(metric)
        return sums if wanted is None else replace(sums, terms=sums.terms * wanted[:, None])

    def _sums(self, metric: Metric) -> RowSums:
        """The metric as sums over all rows, whichever of them it looks at."""
        if metric.simulator is not None:
            return self._simulated(metric)
        name = str(metric.metric)
        if name in MASK_METRICS:
            terms, combined = MASK_METRICS[name].of_rows(self._overlap(metric)), MASK_METRICS[name].combined
        else:
            terms = SUMS[name].of_rows(self._predicted(metric), self._actual(metric), **metric.params)
            combined = SUMS[name].combined
        weighted = terms if metric.weights is None else terms * self.truth.columns[metric.weights][:, None]
        return RowSums(weighted, combined)

    def _predicted(self, metric: Metric) -> Floats:
        """The column that is measured, shape (rows,), or a column for each class, (rows, classes)."""
        if metric.predictions:
            return np.column_stack([self.plan[name] for name in metric.predictions])
        column: Floats = self.plan[str(metric.prediction)]
        return column

    def _actual(self, metric: Metric) -> Floats:
        column: Floats = self.truth.columns[str(metric.truth)]
        return column

    def _overlap(self, metric: Metric) -> Floats:
        actual = self.truth.masks[str(metric.truth)]
        return overlap_of(self._masks.get(str(metric.prediction), Masks.none(actual.rows)), actual)

    def _simulated(self, metric: Metric) -> RowSums:
        """The sum of an outcome, or by how much of the reference's sum it lies above that (the gap)."""
        outcome = self._outcome(metric)
        if metric.reference is None:
            return RowSums(outcome[:, None], _only_sum)
        return RowSums(np.column_stack([outcome, self.truth.columns[metric.reference]]), _gap)

    def _outcome(self, metric: Metric) -> Floats:
        """What each row contributes to a metric by simulator, shape (rows,)."""
        name, outcome = str(metric.simulator), str(metric.outcome)
        run_key = name + json.dumps(metric.params, sort_keys=True, default=str)
        if run_key not in self._runs:
            self._runs[run_key] = SIMULATORS[name](plan=self.plan, truth=self.truth, params=metric.params)
        return self._runs[run_key][outcome]


def _only_sum(sums: Floats) -> Floats:
    found: Floats = sums[..., 0]
    return found


def _gap(sums: Floats) -> Floats:
    found: Floats = sums[..., 0] / sums[..., 1] - 1
    return found
