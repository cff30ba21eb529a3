"""Metrics of many classes: as scikit-learn has them, from a column for each class of a hand-in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn import metrics as sk

from grader.contract import Split
from grader.csvfile import Predictions
from grader.metrics import CLASS_METRICS, METRICS
from grader.pack import PackError, Text, load_pack
from grader.pack.metrics import Metric
from grader.scoring import Measurement
from grader.truth import Truth
from tests.grading.tiny import CASE, write_case

EXACT = {"rel": 1e-9, "abs": 1e-9}
CLASSES = 3


def log_loss(actual, predicted, sample_weight=None):
    return sk.log_loss(actual, y_proba=predicted, sample_weight=sample_weight, labels=range(CLASSES))


def auc(actual, predicted, sample_weight=None):
    return sk.roc_auc_score(actual, predicted, multi_class="ovr", average="macro", sample_weight=sample_weight)


def average_precision(actual, predicted, sample_weight=None):
    return sk.average_precision_score(actual, predicted, average="macro", sample_weight=sample_weight)


THEIRS = {
    "multiclass_log_loss": log_loss,
    "multiclass_auc": auc,
    "multiclass_average_precision": average_precision,
}


@st.composite
def cases(draw):
    """Probabilities with many ties, truth with every class, weights."""
    rows = draw(st.integers(CLASSES, 40))
    likely = draw(arrays.arrays(np.float64, (rows, CLASSES), elements=st.sampled_from([0.001, 0.2, 0.5, 1.0])))
    actual = draw(arrays.arrays(np.float64, rows, elements=st.sampled_from([0.0, 1.0, 2.0])))
    actual[:CLASSES] = range(CLASSES)
    weights = draw(arrays.arrays(np.float64, rows, elements=st.sampled_from([0.5, 1.0, 2.0])))
    return likely / likely.sum(axis=1, keepdims=True), actual, weights


def test_every_metric_is_tried():
    assert set(THEIRS) == CLASS_METRICS <= set(METRICS)


@pytest.mark.parametrize("name", sorted(THEIRS))
@settings(max_examples=40, deadline=None)
@given(case=cases())
def test_many_classes_are_measured_as_scikit_learn_does(name, case):
    predicted, actual, weights = case

    ours = METRICS[name](predicted, actual), METRICS[name](predicted, actual, weights=weights)

    assert ours == (
        pytest.approx(THEIRS[name](actual, predicted), **EXACT),
        pytest.approx(THEIRS[name](actual, predicted, sample_weight=weights), **EXACT),
    )


def test_two_classes_are_measured_as_yes_and_no():
    rng = np.random.default_rng(0)
    yes, actual = rng.random(60), rng.integers(0, 2, 60) * 1.0
    both = np.column_stack([1 - yes, yes])

    assert METRICS["multiclass_log_loss"](both, actual) == pytest.approx(METRICS["log_loss"](yes, actual), **EXACT)
    assert METRICS["multiclass_auc"](both, actual) == pytest.approx(METRICS["auc"](yes, actual), **EXACT)


def test_more_for_every_class_gains_nothing_and_nothing_at_all_is_a_guess():
    predicted, actual = np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]]), np.array([0.0, 2.0])
    plain = METRICS["multiclass_log_loss"](predicted, actual)

    assert METRICS["multiclass_log_loss"](predicted * [[50], [0.5]], actual) == pytest.approx(plain, **EXACT)
    assert METRICS["multiclass_log_loss"](predicted * 0, actual) == pytest.approx(np.log(3), **EXACT)


def test_a_class_that_does_not_come_up_leaves_no_mean_over_the_classes():
    predicted, actual = np.eye(3)[[0, 1]], np.array([0.0, 1.0])

    assert np.isnan(METRICS["multiclass_auc"](predicted, actual))
    assert np.isnan(METRICS["multiclass_average_precision"](predicted, actual))
    assert METRICS["multiclass_log_loss"](predicted, actual) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("name", sorted(THEIRS))
@pytest.mark.parametrize("wrong", [3.0, -1.0, 0.5])
def test_a_true_class_without_a_column_is_said_so(name, wrong):
    with pytest.raises(ValueError, match="names 3 columns"):
        METRICS[name](np.full((2, 3), 1 / 3), np.array([0.0, wrong]))


ROWS = 60
COLUMNS = ("low", "middle", "high")


@pytest.mark.parametrize("name", sorted(THEIRS))
def test_a_case_names_the_columns_in_the_order_of_the_classes(name):
    """The hand-in's own order of columns does not matter; bands draw whole rows of it."""
    rng = np.random.default_rng(1)
    actual, likely = rng.integers(0, CLASSES, ROWS) * 1.0, rng.dirichlet([1, 1, 1], ROWS)
    public = np.arange(ROWS) % 2 == 0
    truth = Truth(
        columns={"class": actual},
        tables={},
        splits={Split.PUBLIC: public, Split.PRIVATE: ~public},
        digest=name,
        features_digest="",
        seed_digest="",
    )
    metric = Metric("m", Text("", ""), Text("", ""), "lower", 4, metric=name, predictions=COLUMNS, truth="class")
    made = Measurement(truth=truth, predictions=Predictions(COLUMNS[::-1], likely[:, ::-1]))

    found = made.by_part(metric, ["public", "private"])

    assert found == {
        "public": pytest.approx(THEIRS[name](actual[public], likely[public]), **EXACT),
        "private": pytest.approx(THEIRS[name](actual[~public], likely[~public]), **EXACT),
    }
    if (sums := made.sums(metric)) is not None:
        assert sums.combined(sums.terms.sum(axis=0)) == pytest.approx(THEIRS[name](actual, likely), **EXACT)


ONE_COLUMN = 'metric = "rmse"\nprediction = "demand"'


@pytest.mark.parametrize(
    ("measured", "field", "told"),
    [
        ('metric = "rmse"\npredictions = ["demand", "order"]', "scoring.metrics.rmse.metric", "multiclass_auc"),
        ('metric = "multiclass_auc"\nprediction = "demand"', "scoring.metrics.rmse.metric", "wape"),
        ('metric = "multiclass_auc"\npredictions = ["demand", "c"]', "scoring.metrics.rmse.predictions", "order"),
        ('metric = "multiclass_auc"\npredictions = ["demand"]', "scoring.metrics.1.predictions", "demand"),
        (f'{ONE_COLUMN}\npredictions = ["demand", "order"]', "scoring.metrics.1", "predictions"),
    ],
)
def test_what_does_not_fit_the_columns_is_told_by_its_field(tmp_path, measured, field, told):
    with pytest.raises(PackError) as refused:
        load_pack(write_case(tmp_path, case=CASE.replace(ONE_COLUMN, measured)))

    [problem] = refused.value.problems
    assert (problem.params["file"], problem.params["field"]) == ("case.toml", field)
    assert told in problem.text("en")


def test_the_columns_of_classes_are_read_in_order(tmp_path):
    measured = 'metric = "multiclass_auc"\npredictions = ["order", "demand"]'

    pack = load_pack(write_case(tmp_path, case=CASE.replace(ONE_COLUMN, measured)))

    assert pack.scoring.metric("rmse").predictions == ("order", "demand")
