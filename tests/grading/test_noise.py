"""Bands and near-ties against distributions whose answers are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from grader.contract import Split
from grader.csvfile import Predictions
from grader.metrics import METRICS, SUMS
from grader.noise import DRAWS, LEAST_BLOCKS, noise_of, told_apart
from grader.pack.metrics import Metric
from grader.truth import Truth

ROWS = 400
# Metrics of numbers that need no params; classes and masks: test_metrics.py, test_masks.py.
PLAIN = ["mae", "mape", "pinball", "rmse", "wape"]


def truth_of(actual: np.ndarray, *, week: np.ndarray | None = None, digest: str = "d") -> Truth:
    """All rows public but the last, whose block none of the public ones has."""
    public = np.arange(len(actual)) < len(actual) - 1
    columns = {"demand": actual, "week": np.arange(len(actual)) * 1.0 if week is None else week}
    return Truth(
        columns=columns,
        tables={},
        splits={Split.PUBLIC: public, Split.PRIVATE: ~public},
        digest=digest,
        features_digest="",
        seed_digest="",
    )


@pytest.fixture
def noisy(pack):
    """The noise of predictions on the public split, by a metric, in blocks."""

    def measured(predicted, truth, *, metric="mae", blocks=("week",)):
        one = replace(pack.scoring.metrics[0], metric=metric)
        drawn = replace(pack, split=replace(pack.split, blocks=blocks), scoring=replace(pack.scoring, metrics=(one,)))
        values = np.column_stack([predicted, np.zeros(len(predicted))])
        made = Predictions(columns=pack.submission.aliases, values=values)
        return noise_of(pack=drawn, truth=truth, predictions=made, split=Split.PUBLIC)

    return measured


def metric_of(direction: str = "lower") -> Metric:
    return Metric(key="m", label=None, description=None, direction=direction, digits=2)  # type: ignore[arg-type]


@pytest.mark.parametrize("metric", PLAIN)
def test_sums_over_rows_give_the_metric_itself(metric):
    rng = np.random.default_rng(0)
    predicted, actual = rng.normal(size=(2, 500))

    combined = SUMS[metric].combined(SUMS[metric].of_rows(predicted, actual).sum(axis=0))

    assert combined == pytest.approx(METRICS[metric](predicted, actual), rel=1e-12)


@pytest.mark.parametrize("metric", PLAIN)
def test_the_fast_way_and_the_plain_way_draw_the_same(noisy, metric, monkeypatch):
    rng = np.random.default_rng(1)
    truth, predicted = truth_of(rng.normal(10, 1, size=60)), rng.normal(10, 1, size=60)
    fast = noisy(predicted, truth, metric=metric).draws

    monkeypatch.delitem(SUMS, metric)

    assert np.allclose(noisy(predicted, truth, metric=metric).draws, fast, rtol=1e-5)


def test_the_band_holds_the_true_error_as_often_as_it_says(noisy):
    """Errors are |N(0, 1)|, whose mean is √(2/π): the band should miss it in about 5 % of 400 samples."""
    rng = np.random.default_rng(2)
    bands = [noisy(np.zeros(ROWS), truth_of(rng.normal(size=ROWS), digest=str(number))) for number in range(400)]

    held = np.mean([band.low <= np.sqrt(2 / np.pi) <= band.high for band in bands])

    assert 0.91 < held < 0.98


def test_the_width_is_that_of_theory(noisy):
    rng = np.random.default_rng(3)
    band = noisy(np.zeros(4000), truth_of(rng.normal(size=4000)))

    standard_error = np.sqrt((1 - 2 / np.pi) / 4000)
    assert (band.high - band.low) / (2 * 1.96 * standard_error) == pytest.approx(1, abs=0.25)


def test_rows_that_hang_together_make_the_band_wider(noisy):
    """40 weeks of 10 rows with one error each: as much noise as 40 rows have, not 400."""
    rng = np.random.default_rng(4)
    week = np.repeat(np.arange(40.0), 10)
    truth = truth_of(rng.normal(size=40)[week.astype(int)], week=week)

    by_row, by_week = noisy(np.zeros(ROWS), truth, blocks=()), noisy(np.zeros(ROWS), truth)

    assert (by_week.high - by_week.low) / (by_row.high - by_row.low) == pytest.approx(np.sqrt(10), rel=0.35)


def test_equally_good_hand_ins_are_seldom_told_apart_and_better_ones_nearly_always(noisy):
    """As good: wrongly told apart in 2.5 % of cases each way. Twice the error: always."""
    rng = np.random.default_rng(5)
    same, other = [], []
    for number in range(200):
        truth = truth_of(rng.normal(size=ROWS), digest=str(number))
        one, two, bad = (noisy(rng.normal(scale=scale, size=ROWS), truth).draws for scale in (1, 1, 3))
        same.append(told_apart(one, two, metric_of()) or told_apart(two, one, metric_of()))
        other.append(told_apart(one, bad, metric_of()))

    assert np.mean(same) < 0.1
    assert np.mean(other) == 1.0


def test_a_small_lead_on_every_row_is_told_apart_because_draws_are_paired(noisy):
    """The bands overlap nearly wholly, the difference is the same on every draw."""
    rng = np.random.default_rng(6)
    truth = truth_of(rng.normal(100, 10, size=ROWS))
    guess = truth.columns["demand"] + rng.normal(scale=5, size=ROWS)
    worse = guess + 0.2 * np.sign(guess - truth.columns["demand"])

    one, two = noisy(guess, truth), noisy(worse, truth)

    assert one.low < two.low < one.high < two.high
    assert told_apart(one.draws, two.draws, metric_of())
    assert not told_apart(two.draws, one.draws, metric_of())
    assert told_apart(two.draws, one.draws, metric_of("higher"))


def test_the_same_numbers_are_never_told_apart(noisy):
    truth = truth_of(np.arange(ROWS) * 1.0)
    one, two = (noisy(np.zeros(ROWS), truth).draws for _ in range(2))

    assert one.tolist() == two.tolist()
    assert not told_apart(one, two, metric_of())


def test_too_few_blocks_say_nothing(noisy):
    few = np.minimum(np.arange(ROWS) // 60, LEAST_BLOCKS - 2) * 1.0
    assert noisy(np.zeros(ROWS), truth_of(np.ones(ROWS), week=few)) is None


def test_very_many_rows_cost_no_more_than_some(noisy):
    rng = np.random.default_rng(7)
    band = noisy(np.zeros(50_000), truth_of(rng.normal(size=50_000)), blocks=())

    standard_error = np.sqrt((1 - 2 / np.pi) / 50_000)
    assert len(band.draws) == DRAWS
    assert (band.high - band.low) / (2 * 1.96 * standard_error) == pytest.approx(1, abs=0.25)


def test_rows_are_drawn_by_the_groups_of_the_split_unless_the_case_names_others(pack, build, truth):
    """The tiny case has one public shop: its split knows a single block."""
    values = np.column_stack([np.full(len(build.ids), 30.0), np.zeros(len(build.ids))])
    thirty = Predictions(columns=pack.submission.aliases, values=values)

    assert noise_of(pack=pack, truth=truth, predictions=thirty, split=Split.PUBLIC) is None
    by_row = replace(pack, split=replace(pack.split, blocks=()))
    found = noise_of(pack=by_row, truth=truth, predictions=thirty, split=Split.PUBLIC)
    assert found is not None
    assert found.low < found.high
