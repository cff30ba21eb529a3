"""CSV as spreadsheets in Japan write it: UTF-8 with or without a byte order mark, UTF-16, or CP932 (Shift_JIS)."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from campus.intake.imports.remarks import Remark, Unreadable
from campus.intake.imports.tables import Cell, Row, Table, table_of
from campus.ui.exports import FORMULA_STARTS

SEPARATORS = ",\t;"
# Bytes that no CP932 text holds, which Python's codec lets through nevertheless.
_NOT_CP932 = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
_JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")


def read_text_file(data: bytes) -> Table:
    """Read the bytes of a CSV file, or raise Unreadable."""
    text, encoding = _decoded(data)
    if not text.strip():
        raise Unreadable(Remark("empty_file"))
    return table_of(_rows(text), notes=[Remark("encoding", values={"encoding": encoding})])


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _without_nul(data.decode("utf-16", errors="replace")), "UTF-16"
    try:
        return _without_nul(data.decode("utf-8-sig")), "UTF-8"
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(data, error.start):
            raise _not_text(data, error.start) from error
    try:
        return _without_nul(_from_cp932(data)), "Shift_JIS (CP932)"
    except UnicodeDecodeError as error:
        raise _not_text(data, error.start) from error


def _is_damaged_utf8(data: bytes, until: int) -> bool:
    """Whether what stands before the fault is Japanese in UTF-8, which CP932 never is by chance."""
    before = data[:until].decode("utf-8", errors="replace")
    return data.startswith(codecs.BOM_UTF8) or len(_JAPANESE.findall(before)) >= 3


def _from_cp932(data: bytes) -> str:
    text = data.decode("cp932")
    if found := _NOT_CP932.search(text):
        start = len(text[: found.start()].encode("cp932"))
        raise UnicodeDecodeError("cp932", data, start, start + 1, "no such sign")
    return text


def _not_text(data: bytes, start: int) -> Unreadable:
    return Unreadable(Remark("not_text", values={"line": data.count(b"\n", 0, start) + 1}))


def _without_nul(text: str) -> str:
    """Programs of all kinds hold NULs, tables never do."""
    if "\0" in text:
        raise _not_text(text.encode(), text.encode().index(b"\0"))
    return text


def _rows(text: str) -> Iterator[Row]:
    """Rows numbered as a spreadsheet shows them: a quoted cell may hold line breaks."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    number = 0
    while True:
        began = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(Remark("open_quote", values={"line": began})) from error
        number += 1
        yield Row(number, [Cell(_without_apostrophe(cell)) for cell in cells])


def _separator(text: str) -> str:
    """The one that the first line holds most often."""
    first = text.lstrip().split("\n", 1)[0]
    return max(SEPARATORS, key=first.count)


def _without_apostrophe(text: str) -> str:
    """The site's own exports put one before what could be a formula."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text
