"""What marks say together: without severity, drawn to the middle while there are few, with an interval."""

import numpy as np
import pytest

from campus.reviews.aggregation import Mark, Practice, aggregate


def crowd(*, works: int, bias: dict[int, float], noise: float, each: int = 3, seed: int = 4):
    """True values, and marks by reviewers with a bias each."""
    drawn = np.random.default_rng(seed)
    true = drawn.uniform(0.2, 0.8, works)
    marks = [
        Mark(
            work, (work + step) % works, {"a": float(true[work] + bias[(work + step) % works] + drawn.normal(0, noise))}
        )
        for work in range(works)
        for step in range(1, each + 1)
    ]
    return true, marks


def rms(errors) -> float:
    return float(np.sqrt(np.mean(np.square(list(errors)))))


def test_no_marks_say_nothing():
    assert aggregate([]) == ({}, {})


def test_one_mark_says_little_and_its_interval_says_so():
    results, _ = aggregate([Mark(1, 7, {"a": 0.9})])

    found = results[1].overall
    assert (found.count, found.mean) == (1, 0.9)
    assert found.low <= found.value <= found.high
    assert found.width > 0.0


def test_severe_and_lenient_reviewers_are_evened_out():
    bias = {key: 0.25 if key % 2 else -0.25 for key in range(60)}
    true, marks = crowd(works=60, bias=bias, noise=0.05)

    results, characters = aggregate(marks)

    ours = rms(results[key].overall.value - true[key] for key in range(60))
    mean = rms(results[key].overall.mean - true[key] for key in range(60))
    assert ours < 0.75 * mean
    assert all((characters[key].bias > 0) == (bias[key] > 0) for key in range(60))


@pytest.mark.parametrize("noise", [0.05, 0.2])
def test_without_any_bias_it_is_no_worse_than_the_mean(noise):
    true, marks = crowd(works=200, bias=dict.fromkeys(range(200), 0.0), noise=noise)

    results, _ = aggregate(marks)

    ours = rms(results[key].overall.value - true[key] for key in range(200))
    mean = rms(results[key].overall.mean - true[key] for key in range(200))
    assert ours <= mean * 1.01


def test_practice_on_known_samples_shows_a_bias_that_all_reviewers_share():
    bias = dict.fromkeys(range(40), 0.2)
    true, marks = crowd(works=40, bias=bias, noise=0.05)
    practice = [Practice(key, {"a": known + 0.2}, {"a": known}) for key in range(40) for known in (0.3, 0.7)]

    without, _ = aggregate(marks)
    practised, _ = aggregate(marks, practice=practice)

    def error(results):
        return abs(float(np.mean([results[key].overall.value - true[key] for key in range(40)])))

    assert error(without) > 0.15
    assert error(practised) < 0.1


def test_careless_marks_weigh_less():
    true, marks = crowd(works=80, bias=dict.fromkeys(range(80), 0.0), noise=0.04, each=5)
    drawn = np.random.default_rng(9)
    careless = {5, 15, 25, 35}
    spoiled = [
        Mark(mark.work, mark.reviewer, {"a": float(drawn.choice([0.0, 1.0]))}) if mark.reviewer in careless else mark
        for mark in marks
    ]

    results, characters = aggregate(spoiled)

    scatter = [characters[key].scatter for key in range(80)]
    assert set(np.argsort(scatter)[-4:]) == careless
    touched = [mark.work for mark in spoiled if mark.reviewer in careless]
    assert rms(results[key].overall.value - true[key] for key in touched) < rms(
        results[key].overall.mean - true[key] for key in touched
    )


def test_intervals_hold_the_truth_nearly_always_and_shrink_with_more_marks():
    held, widths = [], []
    for each in (2, 6):
        true, marks = crowd(works=300, bias=dict.fromkeys(range(300), 0.0), noise=0.15, each=each)
        results, _ = aggregate(marks)
        held.append(np.mean([results[key].overall.low <= true[key] <= results[key].overall.high for key in range(300)]))
        widths.append(np.mean([results[key].overall.width for key in range(300)]))

    assert all(share > 0.9 for share in held)
    assert widths[1] < widths[0]


def test_each_criterion_has_a_value_of_its_own():
    marks = [Mark(work, 10 + (work + step) % 6, {"a": 0.2, "b": 0.8}) for work in range(6) for step in range(3)]

    results, _ = aggregate(marks)

    assert results[0].criteria["a"].value < 0.4 < 0.6 < results[0].criteria["b"].value
