"""The first rows of a table that was handed in as CSV."""

import csv
from dataclasses import dataclass, field

from campus.deliverables.files import open_file
from campus.deliverables.models import File
from campus.ui.file_kinds import ENCODINGS

MOST_ROWS, MOST_COLUMNS = 20, 12
MOST_CELL = 80  # characters
_READ_AT_MOST = 64 * 1024  # bytes: what the rows that are shown fit into


@dataclass(frozen=True)
class Table:
    """What is shown of it. has_more_rows, has_more_columns: whether something is left out."""

    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    has_more_rows: bool = False
    has_more_columns: bool = False


def table_of(file: File) -> Table:
    """The header and the first rows; empty where there is no line that can be read."""
    with open_file(file) as content:
        data = content.read(_READ_AT_MOST)
    is_whole = len(data) == file.size
    text = _decoded(data if is_whole else data[: data.rfind(b"\n") + 1])
    try:
        rows = [row for row in csv.reader(text.splitlines(), strict=False) if row]
    except csv.Error:  # a field of more than 128 kB
        return Table()
    if not rows:
        return Table()
    shown = rows[: MOST_ROWS + 1]
    cut = [[_cut(cell) for cell in row[:MOST_COLUMNS]] for row in shown]
    return Table(
        header=cut[0],
        rows=cut[1:],
        has_more_rows=not is_whole or len(rows) > len(shown),
        has_more_columns=any(len(row) > MOST_COLUMNS for row in shown),
    )


def _decoded(data: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", errors="replace")


def _cut(cell: str) -> str:
    return cell if len(cell) <= MOST_CELL else f"{cell[:MOST_CELL]}…"
