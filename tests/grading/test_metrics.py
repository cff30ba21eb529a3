"""Every metric against scikit-learn or a plain loop, to 1e-9, and where there is nothing to measure.

Those of many classes: test_many_classes.py.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn import metrics as sk

from grader.metrics import CLASS_METRICS, METRICS, SUMS

EXACT = {"rel": 1e-9, "abs": 1e-9}
COSTS = {"missed": 16_000, "false_alarm": 800}


def rmsle(actual, predicted, sample_weight=None):
    return sk.root_mean_squared_log_error(actual, predicted, sample_weight=sample_weight)


def pinball(actual, predicted, sample_weight=None):
    return sk.mean_pinball_loss(actual, predicted, alpha=0.8, sample_weight=sample_weight)


def cost(actual, predicted, sample_weight=None):
    matrix = sk.confusion_matrix(actual, predicted >= 0.5, labels=[0, 1], sample_weight=sample_weight)
    return (matrix * [[0, COSTS["false_alarm"]], [COSTS["missed"], 0]]).sum() / matrix.sum()


def at_half(score):
    return lambda actual, predicted, sample_weight=None: score(actual, predicted >= 0.5, sample_weight=sample_weight)


OF_NUMBERS = {
    "mae": (sk.mean_absolute_error, {}),
    "rmse": (sk.root_mean_squared_error, {}),
    "rmsle": (rmsle, {}),
    "mape": (sk.mean_absolute_percentage_error, {}),
    "pinball": (pinball, {"quantile": 0.8}),
    "r2": (sk.r2_score, {}),
}
OF_CLASSES = {
    "accuracy": (at_half(sk.accuracy_score), {"threshold": 0.5}),
    "recall": (at_half(sk.recall_score), {}),
    "precision": (at_half(sk.precision_score), {}),
    "f1": (at_half(sk.f1_score), {}),
    "auc": (sk.roc_auc_score, {}),
    "average_precision": (sk.average_precision_score, {}),
    "log_loss": (sk.log_loss, {}),
    "cost": (cost, COSTS),
}

PRICES = [[0, 1, 5], [2, 0, 7], [30, 11, 0.5]]


def macro_f1(actual, predicted, sample_weight=None):
    return sk.f1_score(actual, predicted, average="macro", sample_weight=sample_weight, zero_division=0)


def cost_of_classes(actual, predicted, sample_weight=None):
    counted = sk.confusion_matrix(actual, predicted, labels=[0, 1, 2], sample_weight=sample_weight)
    return (counted * PRICES).sum() / counted.sum()


OF_LABELS = {
    "accuracy": (sk.accuracy_score, {}),
    "macro_f1": (macro_f1, {}),
    "cost_matrix": (cost_of_classes, {"costs": PRICES}),
}

counts = st.integers(3, 40)


@st.composite
def numbers(draw):
    """Prediction, truth and weights; many equal values among them."""
    rows = draw(counts)
    values = st.sampled_from([0.0, 0.5, 1.0, 3.0, 250.0]) | st.floats(0, 1e4, allow_subnormal=False).map(
        lambda value: round(value, 3)
    )
    predicted, actual = (draw(arrays.arrays(np.float64, rows, elements=values)) for _ in range(2))
    return predicted, actual, draw(arrays.arrays(np.float64, rows, elements=st.sampled_from([0.5, 1.0, 2.0])))


@st.composite
def classes(draw):
    """Scores with many ties, truth with both classes, weights."""
    rows = draw(counts)
    scores = draw(
        arrays.arrays(np.float64, rows, elements=st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]) | st.floats(0, 1))
    )
    actual = draw(arrays.arrays(np.float64, rows, elements=st.sampled_from([0.0, 1.0])))
    actual[:2] = [0.0, 1.0]
    return scores, actual, draw(arrays.arrays(np.float64, rows, elements=st.sampled_from([0.5, 1.0, 2.0])))


@st.composite
def labels(draw):
    """Said and true labels of three classes, some of which may not come up; weights."""
    rows = draw(counts)
    said, true = (draw(arrays.arrays(np.float64, rows, elements=st.sampled_from([0.0, 1.0, 2.0]))) for _ in range(2))
    return said, true, draw(arrays.arrays(np.float64, rows, elements=st.sampled_from([0.5, 1.0, 2.0])))


@pytest.mark.parametrize("name", sorted(OF_NUMBERS))
@settings(max_examples=40, deadline=None)
@given(case=numbers())
def test_numbers_are_measured_as_scikit_learn_does(name, case):
    predicted, actual, weights = case
    theirs, params = OF_NUMBERS[name]
    if name == "r2" and np.ptp(actual) < 1e-6 < np.abs(actual).max():
        return  # a spread within rounding

    ours = METRICS[name](predicted, actual, **params), METRICS[name](predicted, actual, weights=weights, **params)

    assert ours == (
        pytest.approx(theirs(actual, predicted), **EXACT),
        pytest.approx(theirs(actual, predicted, sample_weight=weights), **EXACT),
    )


@pytest.mark.parametrize("name", sorted(OF_CLASSES))
@settings(max_examples=40, deadline=None)
@given(case=classes())
def test_classes_are_measured_as_scikit_learn_does(name, case):
    predicted, actual, weights = case
    theirs, params = OF_CLASSES[name]

    ours = METRICS[name](predicted, actual, **params), METRICS[name](predicted, actual, weights=weights, **params)

    assert ours == (
        pytest.approx(theirs(actual, predicted), **EXACT),
        pytest.approx(theirs(actual, predicted, sample_weight=weights), **EXACT),
    )


@pytest.mark.parametrize("name", sorted(OF_LABELS))
@settings(max_examples=40, deadline=None)
@given(case=labels())
def test_labels_of_many_classes_are_measured_as_scikit_learn_does(name, case):
    predicted, actual, weights = case
    theirs, params = OF_LABELS[name]

    ours = METRICS[name](predicted, actual, **params), METRICS[name](predicted, actual, weights=weights, **params)

    assert ours == (
        pytest.approx(theirs(actual, predicted), **EXACT),
        pytest.approx(theirs(actual, predicted, sample_weight=weights), **EXACT),
    )


def test_every_metric_is_tried():
    assert set(METRICS) - CLASS_METRICS == {*OF_NUMBERS, *OF_CLASSES, *OF_LABELS, "wape"}


@settings(max_examples=40, deadline=None)
@given(case=numbers())
def test_wape_is_what_a_plain_loop_finds(case):
    predicted, actual, weights = case
    for some in (np.ones_like(weights), weights):
        missed = sum(w * abs(y - told) for told, y, w in zip(predicted, actual, some, strict=True))
        total = sum(w * abs(y) for y, w in zip(actual, some, strict=True))
        expected = missed / total if total else (0.0 if missed == 0 else float("inf"))
        assert METRICS["wape"](predicted, actual, weights=some) == pytest.approx(expected, **EXACT)


@settings(max_examples=40, deadline=None)
@given(case=classes(), order=st.randoms())
def test_the_order_of_rows_changes_nothing(case, order):
    predicted, actual, _ = case
    shuffled = np.array(order.sample(range(len(actual)), len(actual)))

    for name, (_, params) in OF_CLASSES.items():
        there, here = (METRICS[name](predicted[rows], actual[rows], **params) for rows in (slice(None), shuffled))
        assert there == pytest.approx(here, **EXACT)


@settings(max_examples=40, deadline=None)
@given(case=classes())
def test_ranks_alone_decide_what_is_ranked(case):
    """Any rising function of the scores gives the same AP and AUC."""
    predicted, actual, _ = case
    risen = np.unique(predicted, return_inverse=True)[1] * 7.0 - 3

    for name in ("auc", "average_precision"):
        assert METRICS[name](risen, actual) == METRICS[name](predicted, actual)


@pytest.mark.parametrize(
    ("name", "scores", "truth", "expected"),
    [
        ("auc", [1, 1, 1, 1], [1, 0, 0, 0], 0.5),
        ("average_precision", [1, 1, 1, 1], [1, 0, 0, 0], 0.25),
        ("average_precision", [4, 3, 2, 1], [1, 0, 0, 1], (1 + 2 / 4) / 2),
        ("auc", [1, 2], [1, 1], float("nan")),
        ("auc", [1, 2], [0, 0], float("nan")),
        ("average_precision", [1, 2], [0, 0], float("nan")),
        ("recall", [1, 0], [0, 0], float("nan")),
        ("precision", [0, 0], [0, 1], 0.0),
        ("f1", [0, 0], [0, 0], 0.0),
        ("macro_f1", [2, 2], [2, 2], 1.0),
        ("macro_f1", [0, 0, 9], [0, 0, 1], 1 / 3),
        ("log_loss", [1, 0], [0, 1], -np.log(np.finfo(float).eps)),
        ("r2", [2, 2], [2, 2], 1.0),
        ("r2", [2, 3], [2, 2], 0.0),
        ("rmsle", [-5, 0], [0, 0], 0.0),
        ("wape", [0, 0], [0, 0], 0.0),
        ("accuracy", [2, 1], [2, 2], 0.5),
    ],
)
def test_what_is_said_where_there_is_little_to_measure(name, scores, truth, expected):
    predicted, actual = np.array(scores, dtype=np.float64), np.array(truth, dtype=np.float64)

    assert METRICS[name](predicted, actual) == pytest.approx(expected, nan_ok=True)


def test_a_cost_matrix_prices_all_four_ends():
    predicted, actual = np.array([1.0, 1, 0, 0]), np.array([1.0, 0, 1, 0])
    every = {"missed": 8, "false_alarm": 4, "found": 2, "passed": 1}

    assert METRICS["cost"](predicted, actual, **every) == pytest.approx(15 / 4)


def test_a_label_that_is_no_class_costs_as_much_as_the_dearest():
    predicted, actual = np.array([9.0, 0.5, -1.0]), np.array([0.0, 1.0, 2.0])

    assert METRICS["cost_matrix"](predicted, actual, costs=PRICES) == pytest.approx((5 + 7 + 30) / 3)


@pytest.mark.parametrize("costs", [[[0, 1]], [0, 1], [[0, 1], [1, 0]]])
def test_a_cost_matrix_that_does_not_fit_the_classes_is_said_so(costs):
    with pytest.raises(ValueError, match=r"params\.costs"):
        METRICS["cost_matrix"](np.array([0.0]), np.array([2.0]), costs=costs)


@pytest.mark.parametrize("name", sorted(SUMS.keys() - CLASS_METRICS))
def test_weights_are_as_good_as_repeated_rows(name):
    rng = np.random.default_rng(0)
    predicted, actual, times = rng.random(50), rng.integers(0, 2, 50) * 1.0, rng.integers(1, 4, 50)
    params = {**OF_LABELS, **OF_NUMBERS, **OF_CLASSES, "wape": (None, {})}[name][1]

    weighted = METRICS[name](predicted, actual, weights=times * 1.0, **params)

    assert weighted == pytest.approx(METRICS[name](predicted.repeat(times), actual.repeat(times), **params), **EXACT)
