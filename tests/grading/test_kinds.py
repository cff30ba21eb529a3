"""Which kind a file is, and what is refused before anything is executed."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace

import pytest

from grader.contract import Kind
from grader.csvfile import SubmissionRejected
from grader.kinds import KINDS, kind_of
from grader.pack.form import ModelForm, ModelInput, RunLimits
from tests.grading import onnx_files


@pytest.fixture(scope="module")
def open_pack(pack):
    """The tiny case, taking every kind."""
    model = ModelForm("test.csv", "columns", (ModelInput("price", "price"), ModelInput("weekday", "date", "weekday")))
    return replace(pack, submission=replace(pack.submission, kinds=tuple(Kind), model=model))


def codes_of(refused) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def refused_codes(pack, name: str, data: bytes) -> list[str]:
    with pytest.raises(SubmissionRejected) as refused:
        kind_of(file_name=name, data=data, pack=pack).check(data, pack)
    return codes_of(refused)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("answer.csv", Kind.PREDICTIONS),
        ("answer", Kind.PREDICTIONS),
        ("Model.ONNX", Kind.ONNX),
        ("model.skops", Kind.SKOPS),
        ("solution.py", Kind.CODE),
        ("work.ipynb", Kind.NOTEBOOK),
    ],
)
def test_the_name_tells_the_kind(open_pack, name, kind):
    found = kind_of(file_name=name, data=b"x", pack=open_pack)

    assert found is KINDS[kind]
    assert found.is_executed == (kind is not Kind.PREDICTIONS)


@pytest.mark.parametrize("name", ["model.pkl", "model.onnx", "model.skops", "answer.csv", "model.joblib"])
def test_a_pickle_is_refused_under_any_name_and_shown_the_way(open_pack, pack, name):
    data = pickle.dumps({"model": 1})

    assert refused_codes(open_pack, name, data) == ["model_is_pickle"]
    assert refused_codes(pack, name, data) == ["file_is_pickle"]


def test_a_case_refuses_the_kinds_that_it_does_not_take(pack):
    with pytest.raises(SubmissionRejected) as refused:
        kind_of(file_name="solution.py", data=b"def predict(data): ...", pack=pack)

    assert refused.value.problems[0].text("en") == "This case doesn’t accept “Python (.py)”. It accepts: CSV."


def test_size_and_emptiness_are_checked_first(open_pack):
    small = replace(open_pack, limits=replace(open_pack.limits, runs=(RunLimits(Kind.CODE, 10, 1, 64),)))

    assert refused_codes(small, "solution.py", b"def predict(data): return 1") == ["submission_too_large"]
    assert refused_codes(open_pack, "solution.py", b"") == ["submission_empty"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xfe\x00", "code_not_text"),
        (b"def predict(data):\0", "code_not_text"),
        (b"def fit(data): ...", "code_no_predict"),
    ],
)
def test_code_is_text_with_a_function_predict(open_pack, data, code):
    assert refused_codes(open_pack, "solution.py", data) == [code]


def notebook_of(*sources: object, **metadata: object) -> bytes:
    cells = [{"cell_type": "code", "source": source} for source in sources]
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4}).encode()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"[]", "notebook_damaged"),
        (b"{", "notebook_damaged"),
        (b"[" * 100_000, "notebook_damaged"),
        (notebook_of(7), "notebook_damaged"),
        (notebook_of("x", language_info={"name": "R"}), "notebook_damaged"),
        (notebook_of(" ", []), "notebook_no_code"),
    ],
)
def test_a_notebook_is_json_with_python_cells(open_pack, data, code):
    assert refused_codes(open_pack, "work.ipynb", data) == [code]


def test_good_files_pass(open_pack):
    for name, data in (("solution.py", b"def predict(data):\n    return 1\n"), ("n.ipynb", notebook_of(["1\n", "2"]))):
        kind_of(file_name=name, data=data, pack=open_pack).check(data, open_pack)


def test_a_model_of_pictures_has_one_input(open_pack):
    form = replace(open_pack.submission, model=ModelForm("test.csv", "pictures", pictures="looks.zip"))
    pictured = replace(open_pack, submission=form)

    assert refused_codes(pictured, "two.onnx", onnx_files.good()) == ["onnx_one_picture_input"]
    kind_of(file_name="one.onnx", data=onnx_files.brightest("rows", 2, 3), pack=pictured).check(
        onnx_files.brightest("rows", 2, 3), pictured
    )
