"""Properties of the CSV reader: it never breaks, and whatever it accepts stands in canonical order."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.csvfile import SubmissionRejected, read_predictions
from grader.csvfile.careful import read_carefully
from grader.csvfile.clean import read_clean
from grader.csvfile.predictions import Predictions
from grader.pack import Build, Pack
from grader.problems import Problem
from tests.grading.tiny import HEADER, csv_of

quiet = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

NUMBERS = st.floats(min_value=0, max_value=1000).map(repr)
ODD_CELLS = st.one_of(
    st.sampled_from(
        ["", "NaN", "1e5", "+.5", "5.", "1.e2", "1e", "1_0", "TRUE", "inf", " 7", "7 ", "\t7", "１２", "1d2"]
    ),
    st.text(alphabet="0123456789+-.eE _xninfaINFA", max_size=8),
    st.text(max_size=5),
)


@quiet
@given(data=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(pack: Pack, build: Build, data: bytes) -> None:
    read_or_refuse(data, pack, build)


@quiet
@given(body=st.text(alphabet=st.sampled_from('A-20260211,30."\n\r\tNa１ －;\0\ufeff\u2028é'), max_size=300))
def test_any_text_below_the_header_is_read_or_refused(pack: Pack, build: Build, body: str) -> None:
    read_or_refuse(f"{HEADER}\n{body}".encode(), pack, build)


def read_or_refuse(data: bytes, pack: Pack, build: Build) -> None:
    problems = problems_of(data, pack, build)

    assert len(problems) <= 21
    assert all(problem.text("ja") and problem.text("en") for problem in problems)


def problems_of(data: bytes, pack: Pack, build: Build) -> Sequence[Problem]:
    try:
        return read_predictions(data, pack=pack, ids=build.ids).notices
    except SubmissionRejected as refusal:
        return refusal.problems


@quiet
@given(cells=st.lists(NUMBERS, min_size=40, max_size=40), seed=st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(pack: Pack, build: Build, cells: list[str], seed: int) -> None:
    rows = [f"{name},{cell},0" for name, cell in zip(build.ids.values, cells, strict=True)]
    shuffled = random.Random(seed).sample(rows, len(rows))

    read = read_predictions(csv_of(shuffled), pack=pack, ids=build.ids)

    np.testing.assert_array_equal(read.values[:, 0], [float(cell) for cell in cells])


@quiet
@given(odd=st.lists(ODD_CELLS, min_size=1, max_size=3), start=st.integers(0, 37))
def test_what_the_fast_way_accepts_the_careful_way_reads_alike(
    pack: Pack, build: Build, odd: list[str], start: int
) -> None:
    cells = ["3"] * start + odd + ["3"] * (40 - start - len(odd))
    rows = [f"{name},{cell},0" for name, cell in zip(build.ids.values, cells, strict=True)]

    fast = read_clean("\n".join(rows).encode(), columns=pack.submission.columns, ids=build.ids)
    slow = carefully(rows, pack, build)

    if fast is not None:
        assert slow is not None
        np.testing.assert_array_equal(slow.values, fast)


def carefully(rows: list[str], pack: Pack, build: Build) -> Predictions | None:
    lines = "\n".join(rows).split("\n")
    try:
        form = pack.submission
        header = form.header.split(",")
        return read_carefully(lines, first_line=2, header=header, places=[0, 1, 2], masks={}, form=form, ids=build.ids)
    except SubmissionRejected:
        return None
