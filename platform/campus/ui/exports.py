"""Tables as files that spreadsheets open: CSV with a byte order mark, and xlsx; no cell is ever taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMATS = tuple(MEDIA_TYPES)

# What a spreadsheet may take for the beginning of a formula (OWASP, “CSV Injection”), its full-width forms included.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | float | bool | datetime | None


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write the table as UTF-8 with a byte order mark, so that Excel reads Japanese; lines end in CRLF (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_harmless(name) for name in header)
    writer.writerows([_harmless(_plain(cell)) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str = "") -> bytes:
    """Write the table as a workbook of one sheet: numbers and times as such, every text as text."""
    book = Workbook(write_only=True)
    sheet: WriteOnlyWorksheet = book.create_sheet(_sheet_title(title))
    sheet.freeze_panes = "A2"
    sheet.append([_text(sheet, name, bold=True) for name in header])
    for row in rows:
        sheet.append([_as_text(sheet, cell) if isinstance(cell, str) else _without_zone(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
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


def _without_zone(cell: Cell) -> Cell:
    """Workbooks know no zones: the reader's own local time."""
    return timezone.make_naive(cell) if isinstance(cell, datetime) and timezone.is_aware(cell) else cell


def _as_text(sheet: WriteOnlyWorksheet, text: str) -> Any:
    """As it is where nothing can be taken for something else: a cell of its own for each takes twice as long."""
    return _text(sheet, text) if text.startswith(("=", "#")) else ILLEGAL_CHARACTERS_RE.sub("", text)


def _text(sheet: WriteOnlyWorksheet, text: str, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"  # Else “=…” would be a formula, and “#N/A” an error.
    if bold:
        cell.font = Font(bold=True)
    return cell


def _sheet_title(title: str) -> str:
    """A sheet's name has at most 31 characters and none of these."""
    return "".join(sign for sign in title if sign not in r"[]:*?/\'")[:31] or "Sheet"
