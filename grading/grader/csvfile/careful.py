"""The careful way: cell by cell, forgiving what can be forgiven and naming everything else."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from grader.csvfile.predictions import Predictions, SubmissionRejected
from grader.csvfile.values import narrow, out_of_bounds, read_number
from grader.ids import Ids
from grader.masks import Masks, MaskWrong, read_mask
from grader.pack.form import MaskColumn, SubmissionForm, ValueColumn
from grader.problems import JSON, Problem, shown

MOST_PROBLEMS = 20
EXAMPLES = 3


def read_carefully(
    lines: Sequence[str],
    *,
    first_line: int,
    header: Sequence[str],
    places: Sequence[int],
    masks: Mapping[str, int],
    form: SubmissionForm,
    ids: Ids,
) -> Predictions:
    """Read the lines below the header. Raises SubmissionRejected with up to 20 problems and the count of the rest.

    first_line: the number in the file of the first of the lines. header: the cells of the first line; problems call the
    columns as the file does. places: of id and values, as from ``read_header``. masks: places of the mask columns that
    the file has.
    """
    reader = _Reader(form=form, ids=ids, header=header, places=places, masks=masks)
    for line, text in enumerate(lines, start=first_line):
        reader.read_line(line, text)
    return reader.finish()


def split_line(text: str) -> list[str] | None:
    """The cells of one line, or None when its quotation marks do not pair."""
    if '"' not in text:
        return text.split(",")
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error:
        return None


@dataclass
class _Reader:
    """What was read so far. Rows are counted from 1, blank lines not among them."""

    form: SubmissionForm
    ids: Ids
    header: Sequence[str]
    places: Sequence[int]
    masks: Mapping[str, int]
    row: int = 0
    values: dict[int, list[float]] = field(default_factory=dict)
    runs: dict[str, dict[int, list[tuple[int, int]]]] = field(default_factory=lambda: defaultdict(dict))
    first_rows: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    uncounted: int = 0
    unreadable: bool = False
    narrowed: int = 0
    first_narrowed: dict[str, JSON] = field(default_factory=dict)

    def read_line(self, line: int, text: str) -> None:
        cells = split_line(text)
        if cells is not None and not any(cell.strip() for cell in cells):
            return
        self.row += 1
        if cells is None:
            self.unreadable = True
            self._report("quote_wrong", line=line)
        elif len(cells) != len(self.header):
            self.unreadable = True
            self._report("row_ragged", row=self.row, line=line, found=len(cells), expected=len(self.header))
        else:
            self._read_cells(line, cells)

    def finish(self) -> Predictions:
        """The predictions, or SubmissionRejected."""
        if self.row == 0:
            raise SubmissionRejected([Problem("no_rows", {"expected": len(self.ids)})])
        problems = [*self._missing_ids(), *self.problems]
        rest = self.uncounted + len(problems[MOST_PROBLEMS:])
        if problems:
            more = [Problem("more_problems", {"count": rest})] if rest else []
            raise SubmissionRejected([*problems[:MOST_PROBLEMS], *more])
        values = np.array([self.values[row] for row in range(len(self.ids))], dtype=np.float64)
        masks = {
            column.alias: Masks.of([self.runs[column.alias].get(row, []) for row in range(len(self.ids))])
            for column in self.form.masks
        }
        return Predictions(columns=self.form.aliases, values=values, notices=tuple(self._notices()), masks=masks)

    def _report(self, code: str, **params: JSON) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(code, dict(params)))
        else:
            self.uncounted += 1

    def _read_cells(self, line: int, cells: Sequence[str]) -> None:
        row = self._canonical_row(line, cells[self.places[0]].strip())
        placed = zip(self.places[1:], self.form.columns, strict=True)
        numbers = [self._number(line, cells[place], place, column) for place, column in placed]
        marked = {column.alias: self._mask(line, cells, column) for column in self.form.masks}
        if row is not None:
            self.values[row] = numbers
            for alias, runs in marked.items():
                self.runs[alias][row] = runs

    def _canonical_row(self, line: int, cell: str) -> int | None:
        value = cell if cell in self.ids.row_of else narrow(cell)
        if value in self.ids.row_of and value not in self.first_rows:
            self.first_rows[value] = self.row
            return self.ids.row_of[value]
        where: dict[str, JSON] = {"row": self.row, "line": line, "column": self._heading(self.places[0])}
        if not value:
            self._report("id_empty", **where)
        elif value in self.first_rows:
            self._report("id_twice", **where, value=shown(cell), first_row=self.first_rows[value])
        else:
            self._report("id_unknown", **where, value=shown(cell))
        return None

    def _number(self, line: int, cell: str, place: int, column: ValueColumn) -> float:
        """The cell's number; NaN after a problem was reported."""
        stripped, plain = cell.strip(), narrow(cell)
        number = read_number(plain)
        if isinstance(number, str):
            self._report(number, **self._where(line, stripped, place))
            return float("nan")
        if broken := out_of_bounds(number, column):
            self._report(broken[0], **self._where(line, stripped, place), **broken[1])
        if plain != stripped:
            self.narrowed += 1
            self.first_narrowed = self.first_narrowed or self._where(line, stripped, place)
        return number

    def _mask(self, line: int, cells: Sequence[str], column: MaskColumn) -> list[tuple[int, int]]:
        """The runs in the cell, none where the file lacks the column or after a problem was reported."""
        place = self.masks.get(column.alias)
        if place is None:
            return []
        try:
            return read_mask(narrow(cells[place]), size=column.size)
        except MaskWrong as wrong:
            self._report(wrong.code, **self._where(line, cells[place].strip(), place), **wrong.params)
            return []

    def _where(self, line: int, cell: str, place: int) -> dict[str, JSON]:
        return {"row": self.row, "line": line, "column": self._heading(place), "value": shown(cell)}

    def _heading(self, place: int) -> str:
        return shown(self.header[place].strip())

    def _missing_ids(self) -> Iterator[Problem]:
        """One problem for all ids without a row; none when some rows could not be read and may hold them."""
        missing = [value for value in self.ids.values if value not in self.first_rows]
        if missing and not self.unreadable:
            examples = ", ".join(shown(value) for value in missing[:EXAMPLES])
            yield Problem(
                "ids_missing", {"column": self._heading(self.places[0]), "count": len(missing), "examples": examples}
            )

    def _notices(self) -> Iterator[Problem]:
        if self.narrowed:
            yield Problem("full_width_read", {**self.first_narrowed, "count": self.narrowed})
