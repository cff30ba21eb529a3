"""Scores: by hand on the tiny case, both splits, with everything that they depend on."""

from __future__ import annotations

import numpy as np
import pytest

from grader.business import saving_per_year
from grader.contract import State
from grader.csvfile import Predictions
from grader.environment import digest
from grader.metrics import METRICS
from grader.scoring import grade_file, score
from tests.grading.tiny import csv_of, rows_of


@pytest.fixture
def thirty(pack, build):
    """30 a day everywhere, which is the baseline as well."""
    values = np.column_stack([np.full(len(build.ids), 30.0), np.zeros(len(build.ids))])
    return Predictions(columns=pack.submission.aliases, values=values)


def test_scores_are_those_of_a_plain_loop(pack, truth, thirty):
    result = score(pack=pack, truth=truth, predictions=thirty)

    for split, shop in (("public", "A"), ("private", "B")):
        actual = [y for y, name in zip(truth.columns["demand"], truth.columns["shop"], strict=True) if name == shop]
        errors = [abs(y - 30) for y in actual]
        assert result.scores[split] == {
            "wape": pytest.approx(sum(errors) / sum(actual), abs=1e-12),
            "rmse": pytest.approx((sum(error**2 for error in errors) / len(errors)) ** 0.5, abs=1e-12),
            "saving_yen": 0.0,
        }


def test_the_perfect_answer_has_no_error(pack, build, truth):
    values = np.column_stack([truth.columns["demand"], np.zeros(len(build.ids))])
    perfect = Predictions(columns=pack.submission.aliases, values=values)

    scores = score(pack=pack, truth=truth, predictions=perfect).scores

    saving = truth.reference["all"] * 52 / 4
    for split in ("public", "private"):
        assert scores[split] == {"wape": 0.0, "rmse": 0.0, "saving_yen": pytest.approx(saving)}


def test_a_score_says_what_it_depends_on(pack, build, truth, thirty):
    versions = score(pack=pack, truth=truth, predictions=thirty, environment="e1").versions

    assert versions == {
        "case": "tiny 1.0.0",
        "pack": pack.digest,
        "features": build.features_digest,
        "truth": build.truth_digest,
        "metric": pack.scoring.metric_version,
        "seed": build.seed_digest,
        "environment": "e1",
        "grader": "0.1.0",
    }


def test_a_file_is_scored_or_refused(pack, build, truth):
    good, bad = csv_of(rows_of(build.ids.values)), b"id\n"

    scored = grade_file(good, pack=pack, truth=truth, ids=build.ids)
    refused = grade_file(bad, pack=pack, truth=truth, ids=build.ids)

    assert (scored.status, scored.problems, sorted(scored.scores)) == (State.SCORED, (), ["private", "public"])
    assert (refused.status, refused.scores) == (State.REJECTED, {})
    assert [problem.code for problem in refused.problems] == ["column_missing", "column_missing"]


@pytest.mark.parametrize(("name", "expected"), [("wape", 4 / 6), ("mae", 4 / 3), ("rmse", (10 / 3) ** 0.5)])
def test_metrics_by_hand(name, expected):
    predicted, actual = np.array([1.0, 2.0, 5.0]), np.array([1.0, 3.0, 2.0])

    assert METRICS[name](predicted, actual) == pytest.approx(expected)


@pytest.mark.parametrize(("predicted", "expected"), [(0.0, 0.0), (1.0, float("inf"))])
def test_wape_of_a_truth_without_any_sales(predicted, expected):
    assert METRICS["wape"](np.full(3, predicted), np.zeros(3)) == expected


def test_the_saving_of_a_part_is_carried_over_to_the_whole():
    whole = saving_per_year(yours=600, legacy=800, legacy_total=800, params={"weeks": 8})
    part = saving_per_year(yours=300, legacy=400, legacy_total=800, params={"weeks": 8})

    assert (whole, part) == (1300.0, 1300.0)


def test_the_environment_digest_follows_the_requirements_only(tmp_path):
    locks = [tmp_path / name for name in ("a.txt", "b.txt", "c.txt")]
    for lock, text in zip(locks, ("numpy==1\n", "# by uv\n\n  numpy==1\n", "numpy==2\n"), strict=True):
        lock.write_text(text)

    first, same, other = (digest(lock) for lock in locks)

    assert (first == same, first == other) == (True, False)
