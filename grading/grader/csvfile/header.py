"""The first line of a hand-in: which column is where."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from grader.csvfile.predictions import SubmissionRejected
from grader.ids import Ids
from grader.pack.form import SubmissionForm
from grader.problems import Problem, shown


def read_header(cells: Sequence[str], *, form: SubmissionForm, ids: Ids) -> list[int]:
    """Where each wanted column stands: the id first, then the values in the case's order. Raises SubmissionRejected.

    Columns may stand in any order and carry the name or its English alias; width and outer spaces don't matter.
    """
    names = [_plain(cell) for cell in cells]
    known = _known_names(form)
    found = [known.get(name) for name in names]
    if problem := _wrong_form(cells, found, form, ids):
        raise SubmissionRejected([problem])
    if problems := list(_wrong_columns(cells, found, form)):
        raise SubmissionRejected(problems)
    return [found.index(alias) for alias in [form.id.alias, *form.aliases]]


def read_masks_header(cells: Sequence[str], *, form: SubmissionForm) -> dict[str, int]:
    """Where those mask columns stand that the file has, by alias."""
    known = _known_names(form)
    found = [known.get(_plain(cell)) for cell in cells]
    return {column.alias: found.index(column.alias) for column in form.masks if column.alias in found}


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _known_names(form: SubmissionForm) -> dict[str, str]:
    """The alias of each name and alias."""
    columns = [*_wanted(form), *((column.name, column.alias) for column in form.masks)]
    return {_plain(name): alias for column, alias in columns for name in (column, alias)}


def _wanted(form: SubmissionForm) -> list[tuple[str, str]]:
    """Name and alias of each column that must be there, the id first."""
    return [(form.id.name, form.id.alias), *((column.name, column.alias) for column in form.columns)]


def _wrong_form(cells: Sequence[str], found: Sequence[str | None], form: SubmissionForm, ids: Ids) -> Problem | None:
    """A header of another kind altogether: another delimiter, or data instead of names."""
    if len(cells) == 1:
        for delimiter, code in (("\t", "delimiter_tab"), (";", "delimiter_semicolon")):
            if delimiter in cells[0]:
                return Problem(code)
    if not any(found) and any(cell.strip() in ids.row_of or _is_number(cell) for cell in cells):
        return Problem("header_missing", {"expected": form.header})
    return None


def _expected(cells: Sequence[str], form: SubmissionForm) -> str:
    """The first line as it should be: in English for a file with English names in it."""
    english = {_plain(alias) for name, alias in _wanted(form) if alias != name}
    return form.english_header if any(_plain(cell) in english for cell in cells) else form.header


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _wrong_columns(cells: Sequence[str], found: Sequence[str | None], form: SubmissionForm) -> Iterator[Problem]:
    expected = _expected(cells, form)
    for column, wanted in _wanted(form):
        if wanted not in found:
            yield Problem("column_missing", {"column": column, "alias": wanted, "expected": expected})
    for position, (cell, alias) in enumerate(zip(cells, found, strict=True), start=1):
        if not cell.strip():
            yield Problem("column_unnamed", {"position": position})
        elif alias is None:
            yield Problem("column_unknown", {"column": shown(cell), "expected": expected})
        elif alias in found[: position - 1]:
            yield Problem("column_twice", {"column": shown(cell)})
