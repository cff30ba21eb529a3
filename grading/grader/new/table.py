"""Reads the organiser's table: any usual encoding, Japanese headers, and a type for each column."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from grader.csvfile import SubmissionRejected
from grader.csvfile.decoding import clean_bytes
from grader.new.cells import Field, Read, read_cells
from grader.pack.form import Limits
from grader.pack.reading import PackError
from grader.problems import JSON, Problem, shown

MOST_BYTES = 1_000_000_000
MOST_ROWS = 5_000_000
MOST_COLUMNS = 500
ROWS_AT_ONCE = 100_000
LONGEST_NAME = 60

_IN_NO_NAME = re.compile(r'[,"\r\n\t]+')
_DELIMITERS = (",", "\t", ";")
_TOTALS = {"合計", "総計", "総合計", "計", "平均", "合 計", "total", "sum", "average"}
MOST_TOTALS = 3  # rows at the end


@dataclass(frozen=True, eq=False)
class Table:
    """What was read. notices: what was mended on the way, and what the organiser should look at."""

    name: str
    rows: int
    fields: tuple[Field, ...]
    notices: tuple[Problem, ...]

    def field(self, name: str, *, option: str) -> Field:
        """The column with this header. Raises PackError, which names the option that asked for it."""
        wanted = unicodedata.normalize("NFKC", name).strip()
        for field in self.fields:
            if unicodedata.normalize("NFKC", field.name) == wanted:
                return field
        known = ", ".join(field.name for field in self.fields)
        raise PackError([Problem("new_column", {"file": self.name, "field": option, "value": name, "known": known})])


def read_table(data: bytes, *, name: str) -> Table:
    """The table in a CSV file (also separated by tabs or semicolons). Raises PackError."""
    text = _clean(data, name)
    delimiter = _delimiter(text)
    header = _header(text, delimiter, name)
    text = _with_end(text, data, delimiter, len(header))
    _check_widths(text, delimiter, len(header), name)
    names, notices = _names(header, name)
    columns = _columns(text, delimiter, len(header))
    if not columns or not len(columns[0]):
        raise _refusal("new_no_rows", file=name)
    columns, totals = _without_totals(columns)
    if totals:
        notices.append(Problem("new_totals_dropped", {"file": name, "value": ", ".join(totals)}))
    rows = len(columns[0])
    fields: list[Field] = []
    for place, column in enumerate(names):
        read = read_cells(column, columns.pop(0))
        if not (header[place] == "" and read.is_empty):
            fields += read.fields
            notices += _in_file(read, name)
    return Table(name=name, rows=rows, fields=tuple(_apart(fields)), notices=tuple(notices))


def _columns(text: bytes, delimiter: str, width: int) -> list[pd.Categorical]:
    """The cells of each column as text, part by part: each different text is held once."""
    parts: list[list[pd.Categorical]] = [[] for _ in range(width)]
    chunks = pd.read_csv(
        io.BytesIO(text),
        sep=delimiter,
        header=0,
        names=list(range(width)),
        index_col=False,
        dtype=str,
        na_filter=False,
        encoding="utf-8",
        chunksize=ROWS_AT_ONCE,
    )
    for chunk in chunks:
        for place in range(width):
            codes, uniques = pd.factorize(chunk.iloc[:, place].astype(object))
            parts[place].append(pd.Categorical.from_codes(codes, categories=pd.Index(uniques, dtype=object)))
    return [union_categoricals(part) for part in parts if part]


def _without_totals(columns: list[pd.Categorical]) -> tuple[list[pd.Categorical], list[str]]:
    """The columns without the sums and means that spreadsheets have below the rows, and what these are called."""
    found: list[str] = []
    while len(found) < min(MOST_TOTALS, len(columns[0]) - 1):
        place = len(columns[0]) - 1 - len(found)
        name = next((str(column[place]) for column in columns if _is_total(column, place)), None)
        if name is None:
            break
        found.insert(0, name)
    if not found:
        return columns, []
    return [column[: -len(found)].remove_unused_categories() for column in columns], found


def _is_total(column: pd.Categorical, place: int) -> bool:
    """Whether the cell calls its row a total, and no other row is called so: else it is a kind like others."""
    is_named = str(column[place]).replace("\u3000", " ").strip().lower() in _TOTALS
    return is_named and int((column.codes == column.codes[place]).sum()) == 1


def _refusal(code: str, **params: JSON) -> PackError:
    return PackError([Problem(code, dict(params))])


def _clean(data: bytes, name: str) -> bytes:
    if len(data) > MOST_BYTES:
        raise _refusal("new_too_large", file=name, limit=MOST_BYTES // 1_000_000)
    if not data.strip(b"\xef\xbb\xbf \r\n\t,"):
        raise _refusal("new_no_rows", file=name)
    try:
        text = clean_bytes(data, limits=Limits(bytes=MOST_BYTES, rows=2 * MOST_ROWS, per_day=1)).lstrip(b"\n")
    except SubmissionRejected as refusal:
        raise PackError(refusal.problems) from None
    if text.count(b"\n") > MOST_ROWS:
        raise _refusal("new_too_many_rows", file=name, limit=MOST_ROWS)
    return text


def _delimiter(text: bytes) -> str:
    first = text.partition(b"\n")[0].decode("utf-8")
    return max(_DELIMITERS, key=first.count)


def _header(text: bytes, delimiter: str, name: str) -> list[str]:
    # A header of Excel may have line breaks within quotation marks.
    start = text[:200_000].decode("utf-8", errors="ignore")
    cells = [cell.strip() for cell in next(csv.reader(io.StringIO(start), delimiter=delimiter), [])]
    if _is_title(cells, start):
        raise _refusal("new_title_line", file=name, value=shown(next(filter(None, cells), "")))
    if sum(bool(re.fullmatch(r"[-+]?[\d.,]+", cell)) for cell in cells) * 2 > len(cells):
        raise _refusal("new_no_header", file=name, value=shown(", ".join(cells)))
    if len(cells) < 2:
        raise _refusal("new_one_column", file=name)
    if len(cells) > MOST_COLUMNS:
        raise _refusal("new_too_many_columns", file=name, limit=MOST_COLUMNS, count=len(cells))
    return cells


def _is_title(cells: Sequence[str], start: str) -> bool:
    """Whether the first line names the table, not its columns: most cells are empty, or lines below have more."""
    if len(cells) < 2:
        return any(mark in line for line in start.splitlines()[1:3] for mark in _DELIMITERS)
    return len(cells) > 2 and sum(map(bool, cells)) * 2 <= len(cells)


def _with_end(text: bytes, data: bytes, delimiter: str, width: int) -> bytes:
    """The text with the empty cells at its very end, which cleaning took away with the blank lines."""
    last = text[text.rfind(b"\n") + 1 :]
    end = data.rstrip(b"\r\n\t " if delimiter != "\t" else b"\r\n ")
    lost = len(end) - len(end.rstrip(delimiter.encode()))
    return text + delimiter.encode() * max(0, min(lost, width - 1 - last.count(delimiter.encode())))


def _check_widths(text: bytes, delimiter: str, width: int, name: str) -> None:
    """Every line must have as many cells as the header. Raises PackError naming the first that hasn't."""
    line, found = (_ragged_quoted if b'"' in text else _ragged_plain)(text, delimiter, width)
    if line:
        raise _refusal("new_ragged", file=name, line=line, found=found, expected=width)


def _ragged_plain(text: bytes, delimiter: str, width: int) -> tuple[int, int]:
    characters = np.frombuffer(text, dtype=np.uint8)
    ends = np.append(np.flatnonzero(characters == ord("\n")), len(characters))
    starts = np.append(0, ends[:-1] + 1)
    delimiters = np.flatnonzero(characters == ord(delimiter))
    cells = np.searchsorted(delimiters, ends) - np.searchsorted(delimiters, starts) + 1
    wrong = np.flatnonzero((cells != width) & (ends > starts))
    return (int(wrong[0]) + 1, int(cells[wrong[0]])) if len(wrong) else (0, 0)


def _ragged_quoted(text: bytes, delimiter: str, width: int) -> tuple[int, int]:
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", newline=""), delimiter=delimiter)
    for cells in reader:
        if cells and len(cells) != width:
            return reader.line_num, len(cells)
    return 0, 0


def _names(header: Sequence[str], file: str) -> tuple[list[str], list[Problem]]:
    """Headers as a pack can have them: without commas, quotes and breaks, none empty, none twice."""
    names: list[str] = []
    mended: list[str] = []
    for number, cell in enumerate(header, start=1):
        wanted = _IN_NO_NAME.sub(" ", cell).strip()[:LONGEST_NAME] or f"列{number}"
        name, again = wanted, 2
        while name in names:
            name, again = f"{wanted[: LONGEST_NAME - 4]}_{again}", again + 1
        names.append(name)
        if cell and name != " ".join(cell.split()):
            mended.append(f"{shown(cell)} → {name}")
    notices = [Problem("new_header_mended", {"file": file, "value": ", ".join(mended[:5])})] if mended else []
    return names, notices


def _in_file(read: Read, file: str) -> list[Problem]:
    return [Problem(code, {"file": file, "column": read.fields[0].name, **params}) for code, params in read.notices]


def _apart(fields: Sequence[Field]) -> list[Field]:
    """The same fields, where a column made here (the hour of a moment) does not take another's name."""
    known: set[str] = set()
    kept = []
    for field in fields:
        if field.name not in known:
            known.add(field.name)
            kept.append(field)
    return kept
