"""Files as secretariats send them."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

HEADINGS = ["氏名", "メールアドレス", "役割", "クラス"]


def as_csv(*rows: Sequence[str], headings: Sequence[str] = HEADINGS, encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue().encode(encoding)


def as_xlsx(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS, merge: str = "", more_sheets: int = 0) -> bytes:
    book = Workbook()
    sheet = book.active
    for row in [headings, *rows]:
        sheet.append(list(row))
    if merge:
        sheet.merge_cells(merge)
    for number in range(more_sheets):
        book.create_sheet(f"控え{number}")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
