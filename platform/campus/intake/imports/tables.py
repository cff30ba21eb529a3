"""A table as it stands in the uploaded file, whatever kind of file that is."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from campus.intake.imports.remarks import Remark, Unreadable

MOST_ROWS = 10_000
MOST_COLUMNS = 100


@dataclass(frozen=True)
class Cell:
    """What a cell holds as text; ``fault`` is the code of a remark where it can't be used."""

    text: str
    fault: str = ""


@dataclass(frozen=True)
class Row:
    """``number`` counts as the spreadsheet does: the headings stand in row 1 or below."""

    number: int
    cells: list[Cell]

    @property
    def is_empty(self) -> bool:
        return not any(cell.text.strip() or cell.fault for cell in self.cells)


@dataclass(frozen=True)
class Table:
    headings: list[str]
    rows: list[Row]
    notes: list[Remark] = field(default_factory=list)


def table_of(rows: Iterable[Row], *, notes: Iterable[Remark] = ()) -> Table:
    """Take the first row that isn't empty for the headings, the others for people; refuse what is too large."""
    filled: list[Row] = []
    empty = 0
    for row in rows:
        if row.is_empty:
            empty += bool(filled)
            continue
        filled.append(row)
        if len(filled) > MOST_ROWS + 1:
            raise Unreadable(Remark("too_many_rows", values={"limit": MOST_ROWS}))
    if not filled:
        raise Unreadable(Remark("empty_file"))
    headings = _without_empty_end(filled[0].cells)
    if len(headings) > MOST_COLUMNS:
        raise Unreadable(Remark("too_many_columns", values={"limit": MOST_COLUMNS}))
    if len(filled) == 1:
        raise Unreadable(Remark("no_rows"))
    said = [*notes, *([Remark("empty_rows", values={"count": empty})] if empty else [])]
    return Table(headings=headings, rows=filled[1:], notes=said)


def _without_empty_end(cells: list[Cell]) -> list[str]:
    texts = [cell.text.strip() for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts
