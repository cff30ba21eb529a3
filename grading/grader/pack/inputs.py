"""Checks the manifest's [submission.model]: what a model is given must be columns of a test file, or its pictures."""

from __future__ import annotations

from collections.abc import Iterator

from grader.contract import Kind
from grader.pack.form import ModelForm
from grader.pack.gallery import PictureSet
from grader.pack.model import Column, Pack

MODELS = {Kind.ONNX, Kind.SKOPS}


def model_references(pack: Pack) -> Iterator[tuple[str, str, list[str]]]:
    """Each field that names a file or column, what it names, and what there is."""
    model = pack.submission.model
    if model is None:
        return
    tests = {file.name: file for file in pack.files if file.part == "test"}
    yield "submission.model.file", model.file, list(tests)
    if model.pictures is not None:
        of_ids = [file.name for file in tests.values() if file.pictures is not None and _is_of_ids(file.pictures, pack)]
        yield "submission.model.pictures", model.pictures, of_ids
    if model.file in tests:
        aliases = [column.alias for column in tests[model.file].columns]
        yield "submission.model.file", pack.submission.id.alias, aliases
        for each in model.inputs:
            yield f"submission.model.inputs.{each.name}.column", each.column, aliases


def model_values(pack: Pack) -> Iterator[tuple[str, str, str]]:
    """Each field whose value does not suit: its name, the value, and what it must be."""
    model = pack.submission.model
    if model is None:
        if kinds := sorted(MODELS & set(pack.submission.kinds)):
            yield "submission.model", "–", f"written, since submission.kinds has {', '.join(kinds)}"
        return
    yield from _form_values(pack, model)
    for each in model.inputs:
        column = input_columns(pack).get(each.column)
        if column is None:
            continue
        if (column.dtype == "date") != (each.part != "value"):
            wanted = "days, weekday, month or day_of_year for a date, and left out for other columns"
            yield f"submission.model.inputs.{each.name}.part", each.part, wanted
        if model.form == "matrix" and column.dtype == "text":
            yield f"submission.model.inputs.{each.name}.column", each.column, "a column of numbers (form is matrix)"


def _form_values(pack: Pack, model: ModelForm) -> Iterator[tuple[str, str, str]]:
    """Pictures come instead of columns, and to ONNX models alone."""
    if model.form != "pictures":
        if model.pictures is not None or not model.inputs:
            yield (
                "submission.model.form",
                model.form,
                "pictures for pictures; inputs are written for columns and matrix",
            )
        return
    if model.pictures is None or model.inputs:
        yield "submission.model.pictures", str(model.pictures), "a zip of pictures, without inputs (form is pictures)"
    if Kind.SKOPS in pack.submission.kinds:
        yield "submission.kinds", Kind.SKOPS, "left out: pictures are given to ONNX models alone"


def _is_of_ids(pictures: PictureSet, pack: Pack) -> bool:
    """Whether there is a picture for every row that is to be predicted."""
    model = pack.submission.model
    return (
        model is not None
        and pictures.every
        and pictures.table == model.file
        and (pictures.column == pack.submission.id.alias)
    )


def input_columns(pack: Pack) -> dict[str, Column]:
    """The columns of the test file that models are given, by alias; empty when there is none."""
    model = pack.submission.model
    named = [file for file in pack.files if model is not None and file.name == model.file]
    return {column.alias: column for file in named for column in file.columns}
