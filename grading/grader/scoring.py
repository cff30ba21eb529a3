"""Scores predictions against the hidden truth, both splits in one go. Never executes anything of a learner's."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from grader.business import FORMULAS
from grader.contract import Result, Scores, Split, State
from grader.csvfile import Predictions, SubmissionRejected, read_predictions
from grader.environment import GRADER_VERSION
from grader.ids import Ids
from grader.metrics import METRICS
from grader.pack import Build, Pack, PackError
from grader.pack.model import Metric
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
        self._cut: dict[tuple[str, str], Floats] = {}

    def actual(self, column: str, part: str) -> Floats:
        """The truth's column on the rows of the part."""
        if (column, part) not in self._cut:
            self._cut[column, part] = self._truth.columns[column].take(self.rows[part])
        return self._cut[column, part]


@lru_cache(maxsize=32)
def _parts_of(truth: Truth) -> _Parts:
    return _Parts(truth)


class Measurement:
    """One hand-in against one truth; each simulator runs once, however many of its outcomes are scored."""

    def __init__(self, *, truth: Truth, predictions: Predictions) -> None:
        self.truth = truth
        self.plan = predictions.plan()
        self.parts = _parts_of(truth)
        self._runs: dict[str, Mapping[str, Floats]] = {}

    def by_part(self, metric: Metric, parts: Iterable[str] = (*SPLITS, ALL)) -> dict[str, float]:
        """The metric on each of the parts."""
        if metric.simulator is not None:
            outcome = self.outcome(metric)
            return {part: float(outcome.take(self.parts.rows[part]).sum()) for part in parts}
        predicted, measure = self.plan[str(metric.prediction)], METRICS[str(metric.metric)]
        return {
            part: measure(
                predicted.take(self.parts.rows[part]), self.parts.actual(str(metric.truth), part), **metric.params
            )
            for part in parts
        }

    def outcome(self, metric: Metric) -> Floats:
        """What each row contributes to a metric by simulator, shape (rows,)."""
        name, outcome = str(metric.simulator), str(metric.outcome)
        run_key = name + json.dumps(metric.params, sort_keys=True, default=str)
        if run_key not in self._runs:
            self._runs[run_key] = SIMULATORS[name](plan=self.plan, truth=self.truth, params=metric.params)
        return self._runs[run_key][outcome]
