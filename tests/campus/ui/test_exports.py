"""Tables as files: Excel reads the Japanese, and no cell is taken for a formula."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from campus.ui.exports import FORMULA_STARTS, as_csv, as_xlsx, download

HEADER = ["氏名", "得点"]


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_a_csv_file_has_a_byte_order_mark_and_keeps_every_text() -> None:
    data = as_csv(HEADER, [["青木, さくら", 3], ['"引用"\n改行', None]])
    assert data.startswith(b"\xef\xbb\xbf")
    assert read_csv(data) == [HEADER, ["青木, さくら", "3"], ['"引用"\n改行', ""]]


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_text_begins_a_formula(start: str) -> None:
    text = f"{start}cmd|' /C calc'!A0"
    assert read_csv(as_csv([text], [[text]])) == [[f"'{text}"]] * 2
    sheet = load_workbook(io.BytesIO(as_xlsx([text], [[text]]))).active
    assert [cell.data_type for column in sheet.columns for cell in column] == ["s", "s"]


def test_negative_numbers_stay_numbers() -> None:
    assert read_csv(as_csv(HEADER, [["a", -1.5]]))[1] == ["a", "-1.5"]
    sheet = load_workbook(io.BytesIO(as_xlsx(HEADER, [["a", -1.5]]))).active
    assert sheet["B2"].value == -1.5


def test_times_are_written_in_the_readers_zone() -> None:
    moment = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
    with timezone.override("Asia/Tokyo"):
        assert read_csv(as_csv(["時刻"], [[moment]]))[1] == ["2026-11-26 00:30"]
        sheet = load_workbook(io.BytesIO(as_xlsx(["時刻"], [[moment]]))).active
    assert sheet["A2"].value == datetime(2026, 11, 26, 0, 30)


def test_characters_that_no_workbook_may_hold_are_left_out() -> None:
    sheet = load_workbook(io.BytesIO(as_xlsx(["a"], [["x\x07y"]], title="クラス[1]/2"))).active
    assert (sheet["A2"].value, sheet.title) == ("xy", "クラス12")


def test_a_text_that_looks_like_something_else_stays_a_text() -> None:
    texts = ["#N/A", "https://example.org/", "{=1+1}", "007", "TRUE", " x ", "a\nb"]
    sheet = load_workbook(io.BytesIO(as_xlsx(["a"], [[text] for text in texts]))).active
    assert [(row[0].value, row[0].data_type) for row in sheet.iter_rows(min_row=2)] == [(text, "s") for text in texts]
    assert sheet["A3"].hyperlink is None


def test_what_no_cell_can_hold_is_cut_or_left_empty() -> None:
    data = as_xlsx(["長い", "数", "真偽"], [["あ" * 40_000, float("nan"), True], ["", None, 2.5]])
    rows = list(load_workbook(io.BytesIO(data)).active.iter_rows(min_row=2, values_only=True))
    assert rows == [("あ" * 32_767, None, True), (None, None, 2.5)]


def test_a_long_table_is_written_whole() -> None:
    sheet = load_workbook(io.BytesIO(as_xlsx(HEADER, ([f"氏名{number}", number] for number in range(5_001))))).active
    assert (sheet.max_row, sheet["A5002"].value, sheet["B5002"].value) == (5_002, "氏名5000", 5_000)


def test_a_download_is_never_kept_by_the_browser() -> None:
    answer = download(name="受講生", form="xlsx", header=HEADER, rows=[])
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E5%8F%97")
