"""Tables as files that spreadsheets open: CSV with a byte order mark, and xlsx; no cell is ever taken for a formula."""

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import chain, islice
from urllib.parse import quote

from django.http import HttpResponse
from django.utils import timezone
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMATS = tuple(MEDIA_TYPES)

# What a spreadsheet may take for the beginning of a formula (OWASP, “CSV Injection”), its full-width forms included.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

# Control characters that XML can't hold, and the length that a cell can (Excel's specifications).
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST = 32_767
_MANY = 5_000

Cell = str | int | float | bool | datetime | None


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write the table as UTF-8 with a byte order mark, so that Excel reads Japanese; lines end in CRLF (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_harmless(name) for name in header)
    writer.writerows([_harmless(_plain(cell)) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str = "") -> bytes:
    """Write the table as a workbook of one sheet: numbers and times as such, every text as text.

    Of a long table rows go to a file on disk as they come, so that memory doesn't grow with them; that takes longer.
    """
    out, rows = io.BytesIO(), iter(rows)
    first = list(islice(rows, _MANY))
    with Workbook(out, {"constant_memory" if len(first) == _MANY else "in_memory": True}) as book:
        sheet = book.add_worksheet(_sheet_title(title))
        sheet.freeze_panes(1, 0)
        bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for column, name in enumerate(header):
            sheet.write_string(0, column, _written(name), bold)
        write = _writer(sheet, moment)
        for number, row in enumerate(chain(first, rows), start=1):
            for column, cell in enumerate(row):
                write(number, column, cell)
    return out.getvalue()


def download(*, name: str, form: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """Answer with the table as a file called ``name`` and today's date; form: csv or xlsx."""
    data = as_csv(header, rows) if form == "csv" else as_xlsx(header, rows, title=name)
    file_name = f"{name}-{timezone.localdate():%Y%m%d}.{form}"
    return HttpResponse(
        data,
        content_type=MEDIA_TYPES[form],
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name)}",
            "Cache-Control": "no-store",
        },
    )


def _harmless(cell: Cell) -> Cell:
    """A text that could start a formula gets an apostrophe before it; numbers are left alone."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def _plain(cell: Cell) -> Cell:
    return f"{timezone.localtime(cell):%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else cell


def _writer(sheet: Worksheet, moment: Format) -> Callable[[int, int, Cell], None]:
    """What writes a cell by its type, never by what a text looks like; workbooks know no zones: local times."""
    zone = timezone.get_current_timezone()

    def write(row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, str):
            if cell:
                sheet.write_string(row, column, _written(cell))
        elif isinstance(cell, bool):
            sheet.write_boolean(row, column, cell)
        elif isinstance(cell, datetime):
            local = cell.astimezone(zone) if timezone.is_aware(cell) else cell
            sheet.write_datetime(row, column, local.replace(tzinfo=None), moment)
        elif cell is not None and math.isfinite(cell):
            sheet.write_number(row, column, cell)

    return write


def _written(text: str) -> str:
    """The text as a cell can hold it."""
    return text[:_LONGEST] if text.isprintable() else _NOT_IN_XML.sub("", text)[:_LONGEST]


def _sheet_title(title: str) -> str:
    """A sheet's name has at most 31 characters and none of these."""
    return "".join(sign for sign in title if sign not in r"[]:*?/\'")[:31] or "Sheet"
