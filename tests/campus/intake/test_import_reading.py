"""Files of every kind that a secretariat may have are read, or refused with the way out."""

import html
import io
import zipfile

import pytest
from django.utils import translation

from campus.intake.imports.columns import fields_of
from campus.intake.imports.reading import read_table
from campus.intake.imports.remarks import Remark, Unreadable
from campus.intake.imports.tables import MOST_ROWS, Cell, Table
from campus.intake.imports.tidying import tidy, tidy_address, tidy_reading
from campus.intake.imports.workbooks import MOST_UNPACKED_MB
from tests.campus.intake.tables import as_csv, as_xlsx

SATO = ["佐藤 花子", "hanako@example.org", "受講生", "A"]


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def refusal(data: bytes) -> Remark:
    with pytest.raises(Unreadable) as caught:
        read_table(data)
    return caught.value.remarks[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_csv_is_read_in_whatever_encoding_excel_saves(encoding: str) -> None:
    table = read_table(as_csv(SATO, encoding=encoding))
    assert table.headings == ["氏名", "メールアドレス", "役割", "クラス"]
    assert texts(table) == [SATO]


def test_signs_that_only_windows_knows_are_read() -> None:
    assert texts(read_table(as_csv(["髙橋 ①子", "t@example.org"], encoding="cp932"))) == [["髙橋 ①子", "t@example.org"]]


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_other_separators_are_noticed(separator: str) -> None:
    data = separator.join(["氏名", "メール"]) + "\r\n" + separator.join(["佐藤, 花子", "h@example.org"])
    assert texts(read_table(data.encode())) == [["佐藤, 花子", "h@example.org"]]


def test_a_cell_may_hold_a_line_break_and_rows_count_as_in_excel() -> None:
    table = read_table('氏名,メール\n"佐藤\n花子",h@example.org\n\n次郎,j@example.org\n'.encode())
    assert [(row.number, row.cells[0].text) for row in table.rows] == [(2, "佐藤\n花子"), (4, "次郎")]
    assert Remark("empty_rows", values={"count": 1}) in table.notes


def test_an_apostrophe_of_our_own_exports_is_taken_off() -> None:
    assert texts(read_table(as_csv(["'=花子", "h@example.org"]))) == [["=花子", "h@example.org"]]


def test_a_workbook_is_read_with_numbers_as_they_look() -> None:
    table = read_table(as_xlsx(["佐藤 花子", "hanako@example.org", 3.0, 2.5]))
    assert texts(table) == [["佐藤 花子", "hanako@example.org", "3", "2.5"]]


def test_readings_that_excel_keeps_beside_kanji_do_not_get_into_names() -> None:
    cell = '<c r="A2" t="inlineStr"><is><t>佐藤 花子</t></is></c>'
    shared = '<c r="A2" t="s"><v>0</v></c>'
    strings = '<si><t>佐藤 花子</t><rPh sb="0" eb="2"><t>サトウ</t></rPh><phoneticPr fontId="1"/></si>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    data = rewritten(
        as_xlsx(SATO),
        {
            "xl/worksheets/sheet1.xml": (cell, shared),
            "[Content_Types].xml": (
                "</Types>",
                f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>',
            ),
        },
        {"xl/sharedStrings.xml": f'<sst xmlns="{main}" count="1" uniqueCount="1">{strings}</sst>'},
    )
    assert texts(read_table(data)) == [SATO]


def rewritten(data: bytes, changes: dict[str, tuple[str, str]], added: dict[str, str]) -> bytes:
    """The workbook with texts of its parts replaced, and parts added."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        # openpyxl writes kanji as character references where lxml is installed.
        parts = {part.filename: html.unescape(archive.read(part).decode()) for part in archive.infolist()}
    for name, (before, after) in changes.items():
        assert before in parts[name]
        parts[name] = parts[name].replace(before, after)
    return zipped(**{name: content.encode() for name, content in (parts | added).items()})


def test_formulas_and_errors_in_cells_are_noticed() -> None:
    table = read_table(as_xlsx(["=B1&B2", "#N/A"]))
    assert table.rows[0].cells[:2] == [Cell("", "formula"), Cell("#N/A", "error_value")]


def test_only_the_first_visible_sheet_is_read_and_that_is_said() -> None:
    assert read_table(as_xlsx(SATO, more_sheets=1)).notes == [Remark("first_sheet", values={"sheet": "Sheet"})]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b" \r\n\r\n", "empty_file"),
        ("氏名,メール\n".encode(), "no_rows"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "old_excel"),
        (b"PK\x03\x04 and then nothing", "broken_workbook"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "not_text"),
        (b"name,email\nA\x00,b\n", "not_text"),
        ('氏名,メール\n"佐藤,h@example.org\n'.encode(), "open_quote"),
        (as_csv(*[["A", "a@example.org"]] * (MOST_ROWS + 1)), "too_many_rows"),
        (as_csv(["x"], headings=[f"c{number}" for number in range(101)]), "too_many_columns"),
        (as_xlsx(SATO, SATO, merge="A2:A3"), "merged_cells"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_way_out(data: bytes, code: str) -> None:
    remark = refusal(data)
    assert remark.code == code
    with translation.override("ja"):
        assert str(remark) != ""


def test_a_refusal_names_the_line_that_is_no_text() -> None:
    assert refusal("氏名,メール\n佐藤,h@example.org\n".encode() + b"\xff\xfe\xfd,x\n").values == {"line": 3}


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = zipped(
        **{"[Content_Types].xml": b"<Types/>", "xl/worksheets/sheet1.xml": bytes((MOST_UNPACKED_MB + 1) << 20)}
    )
    assert len(bomb) < 100_000
    assert refusal(bomb).code == "swollen_workbook"


def test_entities_are_refused() -> None:
    content = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><Types>&a;</Types>'
    assert refusal(zipped(**{"[Content_Types].xml": content})).code == "broken_workbook"


def test_another_programs_spreadsheet_is_refused() -> None:
    assert refusal(zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet")).code == "other_spreadsheet"
    assert refusal(zipped(**{"[Content_Types].xml": b"", "xl/workbook.bin": b""})).code == "other_spreadsheet"


def test_headings_are_known_in_both_languages_and_several_spellings() -> None:
    for headings in (["氏名", "メールアドレス", "役割", "クラス"], ["Ｎａｍｅ", "E-Mail", "ROLE", "class name"]):
        assert [field and field.key for field in fields_of(headings)] == ["name", "email", "role", "classes"]
    assert fields_of(["お名前 *", "Eメール", "備考"])[2] is None


def test_a_missing_and_a_double_heading_are_named() -> None:
    with pytest.raises(Unreadable) as caught:
        fields_of(["会員番号", "役割"])
    assert [remark.code for remark in caught.value.remarks] == ["no_column", "no_column"]
    with pytest.raises(Unreadable) as caught, translation.override("ja"):
        fields_of(["氏名", "名前", "メール"])
    assert "「氏名」と「名前」" in str(caught.value.remarks[0])


@pytest.mark.parametrize(
    ("raw", "neat"),
    [
        ("　佐藤　　花子 ", "佐藤 花子"),
        ("ｻﾄｳ ﾊﾅｺﾞ", "サトウ ハナゴ"),
        ("カ\u3099ラス", "ガラス"),
        ("佐藤\u200b\n花子", "佐藤 花子"),
        ("﨑山 神\ufa19", "﨑山 神\ufa19"),
    ],
)
def test_names_are_tidied_and_keep_their_letters(raw: str, neat: str) -> None:
    assert tidy(raw) == neat


def test_addresses_and_readings_are_tidied() -> None:
    assert tidy_address(" Ｈａｎａｋｏ＠Example.org　") == "hanako@example.org"
    assert tidy_reading("さとう　ﾊﾅｺ") == "サトウ ハナコ"
