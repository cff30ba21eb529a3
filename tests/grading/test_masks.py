"""Masks: read from cells or refused in words, measured as a plain loop over pixels does, kept without loss."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from grader.contract import Split
from grader.csvfile import Predictions, SubmissionRejected, read_predictions
from grader.masks import MOST_RUNS, Masks, MaskWrong, read_mask, written_mask
from grader.metrics import MASK_METRICS
from grader.metrics.segmentation import overlap_of
from grader.noise import noise_of
from grader.pack.form import MaskColumn
from grader.pack.metrics import Metric
from grader.pack.text import Text
from grader.scoring import Measurement
from grader.simulators import SIMULATORS
from grader.truth import Truth

WIDTH, HEIGHT = 8, 6
SIZE = WIDTH * HEIGHT
TEXT = Text(ja="印", en="Mask")
MASK = MaskColumn(name="印", alias="mask", label=TEXT, width=WIDTH, height=HEIGHT)

pictures = arrays.arrays(np.bool_, (HEIGHT, WIDTH))


def masks_of(marks: list[np.ndarray]) -> Masks:
    return Masks.read([written_mask(mark) for mark in marks], size=SIZE)


@given(mark=pictures)
def test_a_mask_is_read_as_it_was_written(mark):
    flat = np.zeros(SIZE, dtype=bool)
    for start, length in read_mask(written_mask(mark), size=SIZE):
        flat[start : start + length] = True

    assert flat.reshape(mark.shape).tolist() == mark.tolist()


@settings(max_examples=50)
@given(marks=st.lists(st.tuples(pictures, pictures), min_size=1, max_size=5))
def test_overlap_is_that_of_the_pixels(marks):
    predicted, actual = ([pair[side] for pair in marks] for side in (0, 1))

    overlap = overlap_of(masks_of(predicted), masks_of(actual))

    expected = [[(one & two).sum(), one.sum(), two.sum()] for one, two in marks]
    assert overlap.tolist() == np.array(expected, dtype=float).tolist()


def test_iou_and_dice_count_rows_that_have_something_to_mark():
    """Half found, nothing found, and a row without a mask that was marked in vain."""
    overlap = np.array([[2, 3, 4], [0, 0, 5], [0, 9, 0]], dtype=float)

    found = {name: sums.combined(sums.of_rows(overlap).sum(axis=0)) for name, sums in MASK_METRICS.items()}

    assert found == {"iou": pytest.approx((2 / 5 + 0) / 2), "dice": pytest.approx((4 / 7 + 0) / 2)}


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("3", "mask_not_pairs"),
        ("3 x", "mask_not_numbers"),
        ("-1 4", "mask_not_numbers"),
        ("1.5 4", "mask_not_numbers"),
        ("9999999999 1", "mask_not_numbers"),
        ("3 0", "mask_run_empty"),
        ("3 4 6 1", "mask_not_rising"),
        ("40 9", "mask_outside"),
        (" ".join(f"{start} 1" for start in range(0, 4 * MOST_RUNS, 2)), "mask_too_many_runs"),
    ],
)
def test_a_cell_that_is_no_mask_is_refused_by_name(cell, code):
    with pytest.raises(MaskWrong) as refused:
        read_mask(cell, size=SIZE)

    assert refused.value.code == code


@pytest.fixture
def marked(pack):
    """The tiny case, whose hand-ins may mark pixels as well."""
    return replace(pack, submission=replace(pack.submission, masks=(MASK,)))


def rows_with(ids, cells: dict[int, str]) -> bytes:
    lines = [f"{name},30,0,{cells.get(row, '')}" for row, name in enumerate(ids.values)]
    return "\n".join(["id,demand,order,mask", *lines, ""]).encode()


def test_a_hand_in_marks_what_it_will_and_is_kept_without_loss(marked, build):
    read = read_predictions(rows_with(build.ids, {0: "3 4 10 1", 7: "０　４８"}), pack=marked, ids=build.ids)

    kept = Predictions.from_bytes(read.to_bytes(), pack=marked, ids=build.ids)

    assert read.masks["mask"].runs.tolist() == [[0, 3, 4], [0, 10, 1], [7, 0, 48]]
    assert kept.masks["mask"].runs.tolist() == read.masks["mask"].runs.tolist()
    assert kept.digest == read.digest


def test_the_column_may_be_left_out(marked, build):
    lines = "\n".join(["id,demand,order", *(f"{name},30,0" for name in build.ids.values), ""]).encode()

    read = read_predictions(lines, pack=marked, ids=build.ids)

    assert read.masks["mask"].runs.shape == (0, 3)
    assert Predictions.from_bytes(read.to_bytes(), pack=marked, ids=build.ids).values.tolist() == read.values.tolist()


def test_what_a_program_came_to_is_kept_with_nothing_marked(marked, build):
    ran = Predictions.of_numbers(np.full((len(build.ids), 2), 30.0), marked.submission)

    kept = Predictions.from_bytes(ran.to_bytes(), pack=marked, ids=build.ids)

    assert kept.values.tolist() == ran.values.tolist()
    assert kept.masks["mask"].runs.shape == (0, 3)


def test_a_wrong_mask_is_named_by_row_and_column(marked, build):
    with pytest.raises(SubmissionRejected) as refused:
        read_predictions(rows_with(build.ids, {2: "40 9"}), pack=marked, ids=build.ids)

    assert [problem.to_json() for problem in refused.value.problems] == [
        {
            "code": "mask_outside",
            "params": {
                "row": 3,
                "line": 4,
                "column": "mask",
                "value": "40 9",
                "start": 40,
                "length": 9,
                "size": 48,
                "last": 47,
            },
        }
    ]
    assert "Pixels go from 0 to 47" in refused.value.problems[0].text("en")


@pytest.mark.parametrize("runs", [[[0, 3, 4], [0, 6, 1]], [[0, 47, 2]], [[99, 0, 1]], [[-1, 0, 1]], [[0, 1, 0]]])
def test_kept_runs_that_no_reader_wrote_are_refused(marked, build, runs):
    made = Predictions(
        columns=marked.submission.aliases,
        values=np.zeros((len(build.ids), 2)),
        masks={"mask": Masks(rows=len(build.ids), runs=np.array(runs, dtype=np.int32))},
    )

    with pytest.raises(ValueError, match="runs"):
        Predictions.from_bytes(made.to_bytes(), pack=marked, ids=build.ids)


# --- weights, groups and rows that a metric looks at


def truth_of(**columns) -> Truth:
    rows = len(next(iter(columns.values())))
    public = np.arange(rows) % 2 == 0
    masks = {"mask": masks_of([np.arange(SIZE).reshape(HEIGHT, WIDTH) < row % 5 for row in range(rows)])}
    return Truth(
        columns={name: np.array(values) for name, values in columns.items()},
        tables={},
        splits={Split.PUBLIC: public, Split.PRIVATE: ~public},
        digest=str(columns),
        features_digest="",
        seed_digest="",
        masks=masks,
    )


def metric_of(**fields) -> Metric:
    known = {"key": "m", "label": TEXT, "description": TEXT, "direction": "higher", "digits": 2}
    return Metric(**{**known, **fields})


ROWS = 40
KINDS = ["scratch", "dent", "none", "none"] * (ROWS // 4)
DEFECT = [float(kind != "none") for kind in KINDS]


@pytest.fixture
def measured():
    """A hand-in that finds every dent and every second scratch, and marks 3 pixels everywhere."""
    truth = truth_of(defect=DEFECT, kind=KINDS, yen=[1.0, 3.0] * (ROWS // 2))
    found = [kind == "dent" or (kind == "scratch" and row % 8 == 0) for row, kind in enumerate(KINDS)]
    marks = masks_of([np.arange(SIZE).reshape(HEIGHT, WIDTH) < 3] * ROWS)
    made = Predictions(("label",), np.array(found, dtype=float)[:, None], masks={"mask": marks})
    return Measurement(truth=truth, predictions=made)


RECALL = {"metric": "recall", "prediction": "label", "truth": "defect"}


def test_recall_by_kind_looks_at_the_rows_of_the_kind(measured):
    every, scratch, dent = (
        measured.by_part(metric_of(**RECALL, **fields), ["all"])["all"]
        for fields in ({}, {"only": {"kind": ["scratch"]}}, {"only": {"kind": ["dent"]}})
    )

    assert (every, scratch, dent) == (0.75, 0.5, 1.0)


@pytest.mark.parametrize(("combine", "expected"), [("mean", 0.75), ("worst", 0.5)])
def test_groups_are_measured_apart_and_combined(measured, combine, expected):
    metric = metric_of(**RECALL, only={"defect": [1]}, groups="kind", combine=combine)

    assert measured.by_part(metric, ["all"])["all"] == expected


def test_weights_say_what_a_row_counts(measured):
    """Scratches stand in rows of weight 1, dents in rows of weight 3."""
    assert measured.by_part(metric_of(**RECALL, weights="yen"), ["all"])["all"] == pytest.approx(35 / 40)


def test_bands_draw_what_the_score_measures(measured, pack):
    """Sums over chosen and weighted rows, on draws of whole rows: the same as measuring each draw by itself."""
    metric = metric_of(**RECALL, only={"kind": ["scratch"]}, weights="yen")
    rows = np.random.default_rng(0).integers(0, ROWS, 60)
    sums = measured.sums(metric)

    assert sums is not None
    drawn = sums.combined(sums.terms.take(rows, axis=0).sum(axis=0))
    assert drawn == pytest.approx(measured.on_rows(metric, rows), rel=1e-12)


def test_masks_have_bands_too(measured, pack):
    iou = metric_of(metric="iou", prediction="mask", truth="mask")
    scored = replace(
        pack, split=replace(pack.split, blocks=()), scoring=replace(pack.scoring, primary="m", metrics=(iou,))
    )
    made = Predictions(("label",), measured.plan["label"][:, None], masks=measured._masks)

    band = noise_of(pack=scored, truth=measured.truth, predictions=made, split=Split.PUBLIC)

    assert band is not None
    assert band.low < measured.by_part(iou, ["public"])["public"] < band.high


def test_the_gap_to_a_reference_is_what_lies_above_it(measured, monkeypatch):
    monkeypatch.setitem(SIMULATORS, "fixed", lambda **_: {"cost": np.full(ROWS, 3.0)})
    gap = metric_of(direction="lower", simulator="fixed", outcome="cost", reference="yen")

    assert measured.by_part(gap, ["all"])["all"] == pytest.approx(3 * ROWS / (2 * ROWS) - 1)
