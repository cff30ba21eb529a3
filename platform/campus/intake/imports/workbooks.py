"""Excel's files (.xlsx): unpacked within limits, formulas and merged cells noticed."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from campus.intake.imports.remarks import Remark, Unreadable
from campus.intake.imports.tables import MOST_COLUMNS, MOST_ROWS, Cell, Row, Table, table_of

ZIP_MAGIC, OLD_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# 10,000 rows of 20 cells unpack to about 15 MB. Readers stop at the size that a zip file announces, so it is binding.
MOST_UNPACKED_MB = 64
MOST_PARTS = 1_000
# A sheet may number its rows as it likes; past this the search for filled ones ends.
LAST_ROW = 5 * MOST_ROWS
MOST_MERGES_NAMED = 5
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:]{1,30})"')
_NOTHING = Cell("")
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def read_workbook(data: bytes) -> Table:
    """Read the first sheet of an xlsx file, or raise Unreadable."""
    _refuse_dangerous(data)
    try:
        return _read(data)
    except Unreadable:
        raise
    except Exception as error:  # Whatever a damaged file makes openpyxl, zipfile or the XML parser raise.
        raise Unreadable(Remark("broken_workbook")) from error


def refuse_old_workbook(data: bytes) -> None:
    """Old .xls and workbooks with a password come in the same wrapping."""
    if data.startswith(OLD_MAGIC):
        raise Unreadable(Remark("old_excel"))


def _refuse_dangerous(data: bytes) -> None:
    """Refuse zip bombs and files with entities before anything is parsed; and what is a zip file but no xlsx."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except zipfile.BadZipFile as error:
        raise Unreadable(Remark("broken_workbook")) from error
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED_MB * 1024 * 1024 or len(parts) > MOST_PARTS:
        raise Unreadable(Remark("swollen_workbook", values={"limit": MOST_UNPACKED_MB}))
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or "xl/workbook.bin" in names:
        raise Unreadable(Remark("other_spreadsheet"))
    for part in parts:
        if part.filename.endswith((".xml", ".rels")) and _declares_entities(archive, part):
            raise Unreadable(Remark("broken_workbook"))


def _declares_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Excel never writes a document type; it stands, if anywhere, at the beginning."""
    try:
        with archive.open(part) as file:
            return bool(_DECLARES.search(file.read(4096)))
    except (zipfile.BadZipFile, OSError, RuntimeError) as error:
        raise Unreadable(Remark("broken_workbook")) from error


def _read(data: bytes) -> Table:
    book = load_workbook(io.BytesIO(data), read_only=True)
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise Unreadable(Remark("other_spreadsheet"))
        sheet: ReadOnlyWorksheet = sheets[0]
        _refuse_merged(sheet)
        notes = [Remark("first_sheet", values={"sheet": sheet.title})] if len(sheets) > 1 else []
        sheet.reset_dimensions()  # What the file says of its own size is often wrong.
        return table_of(_rows(sheet), notes=notes)
    finally:
        book.close()


def _refuse_merged(sheet: Any) -> None:
    with sheet._get_source() as source:
        found = [ref.decode("ascii") for ref in _MERGED.findall(source.read())]
    if found:
        named = ", ".join(found[:MOST_MERGES_NAMED]) + (" …" if len(found) > MOST_MERGES_NAMED else "")
        raise Unreadable(Remark("merged_cells", values={"cells": named}))


def _rows(sheet: Any) -> Iterator[Row]:
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
        if number > LAST_ROW:
            raise Unreadable(Remark("too_many_rows", values={"limit": MOST_ROWS}))
        found = [_cell(cell) for cell in cells]
        while found and found[-1] == _NOTHING:  # Rows come filled up to the last column asked for.
            found.pop()
        yield Row(number, found)


def _cell(cell: Any) -> Cell:
    if cell.data_type == "f":
        return Cell("", "formula")
    if cell.data_type == "e":
        return Cell(str(cell.value), "error_value")
    return Cell(_text(cell.value))


def _text(value: Any) -> str:
    """As a spreadsheet shows it: no “.0” behind whole numbers, no midnight behind days."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
