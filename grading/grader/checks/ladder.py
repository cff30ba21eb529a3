"""Checks that effort pays: trivial answers lose to the baselines, and the best attainable answer beats them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from grader.contract import Scores, Split
from grader.csvfile import Predictions, SubmissionRejected, read_predictions
from grader.pack.build import Build
from grader.pack.model import Pack
from grader.problems import Problem
from grader.scoring import score
from grader.truth import Truth

Ranks = dict[Split, float]


def ladder_problems(pack: Pack, build: Build, truth: Truth) -> Iterator[Problem]:
    """Judged by the primary score, on both splits: each trivial answer against each baseline that is none."""
    answers, problems = _answers(pack, build)
    yield from problems
    ranks = {name: _ranks(pack, truth, answer) for name, answer in answers.items()}
    trivial = {baseline.key for baseline in pack.baselines if baseline.trivial} | {"sample", "smallest"}
    earnest = [baseline.key for baseline in pack.baselines if not baseline.trivial and baseline.key in ranks]
    for name in earnest:
        for loser in sorted(trivial & ranks.keys()):
            if worst := _not_worse(ranks[loser], ranks[name]):
                yield Problem("trivial_wins", {"file": "truth", "name": loser, "other": name, **worst})
        if "oracle" in ranks and (worst := _not_worse(ranks[name], ranks["oracle"])):
            params = {"found": worst["expected"], "expected": worst["found"]}
            yield Problem("oracle_loses", {"file": str(pack.truth.oracle), "other": name, **params})


def ladder_of(pack: Pack, build: Build, truth: Truth) -> dict[str, Scores]:
    """The rounded scores of each baseline by split; those that are refused are left out."""
    found: dict[str, Scores] = {}
    for baseline in pack.baselines:
        try:
            answer = read_predictions(build.baseline(baseline.key).read_bytes(), pack=pack, ids=build.ids)
        except SubmissionRejected:
            continue
        scores = score(pack=pack, truth=truth, predictions=answer).scores
        found[baseline.key] = {split: pack.scoring.rounded(values) for split, values in scores.items()}
    return found


def _answers(pack: Pack, build: Build) -> tuple[dict[str, Predictions], list[Problem]]:
    """The built answers and the smallest allowed one; those that are refused are problems."""
    paths = {baseline.key: build.baseline(baseline.key) for baseline in pack.baselines}
    paths["sample"] = build.public(pack.submission.sample)
    if pack.truth.oracle:
        paths["oracle"] = build.path / "truth" / pack.truth.oracle
    answers, problems = {"smallest": _smallest(pack, len(build.ids))}, []
    for name, path in paths.items():
        try:
            answers[name] = read_predictions(path.read_bytes(), pack=pack, ids=build.ids)
        except SubmissionRejected as refusal:
            problems.append(Problem("sample_refused", {"file": path.name, "detail": str(refusal)}))
    return answers, problems


def _smallest(pack: Pack, rows: int) -> Predictions:
    """The lower bound everywhere, or 0 where there is none."""
    row = [column.min if column.min is not None else 0.0 for column in pack.submission.columns]
    return Predictions.of_numbers(np.tile(np.array(row, dtype=np.float64), (rows, 1)), pack.submission)


def _ranks(pack: Pack, truth: Truth, answer: Predictions) -> Ranks:
    scores = score(pack=pack, truth=truth, predictions=answer).scores
    return {split: pack.scoring.sort_key(scores[split.value])[0] for split in Split}


def _not_worse(loser: Ranks, winner: Ranks) -> dict[str, float]:
    """Both ranks on the first split where the loser does not lose, else nothing."""
    for split in Split:
        if loser[split] <= winner[split]:
            return {"found": loser[split], "expected": winner[split]}
    return {}
