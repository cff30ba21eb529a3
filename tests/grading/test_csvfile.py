"""Reading hand-ins: what is forgiven, what is refused, and that every refusal names its place."""

from __future__ import annotations

import io
import random
import zipfile

import numpy as np
import pandas as pd
import pytest

from grader.csvfile import Predictions, SubmissionRejected, read_predictions
from grader.csvfile.clean import read_clean
from grader.pack import Build, Pack
from grader.problems import Problem
from tests.grading.tiny import HEADER, csv_of, rows_of


@pytest.fixture
def rows(build: Build) -> list[str]:
    return rows_of(build.ids.values)


@pytest.fixture
def expected(build: Build) -> np.ndarray:
    return np.column_stack([np.full(len(build.ids), 30.0), np.arange(len(build.ids), dtype=float)])


def problems_of(data: bytes, pack: Pack, build: Build) -> list[Problem]:
    with pytest.raises(SubmissionRejected) as refusal:
        read_predictions(data, pack=pack, ids=build.ids)
    return list(refusal.value.problems)


def codes_of(data: bytes, pack: Pack, build: Build) -> list[str]:
    return [problem.code for problem in problems_of(data, pack, build)]


def quoted(rows: list[str]) -> list[str]:
    return [",".join(f'"{cell}"' for cell in row.split(",")) for row in rows]


ACCEPTED = {
    "clean": lambda rows: csv_of(rows),
    "no last newline": lambda rows: csv_of(rows).rstrip(b"\n"),
    "BOM": lambda rows: b"\xef\xbb\xbf" + csv_of(rows),
    "CP932": lambda rows: csv_of(rows).decode().encode("cp932"),
    "CRLF": lambda rows: csv_of(rows).replace(b"\n", b"\r\n"),
    "CR": lambda rows: csv_of(rows).replace(b"\n", b"\r"),
    "shuffled rows": lambda rows: csv_of(random.Random(1).sample(rows, len(rows))),
    "shuffled rows, quoted": lambda rows: csv_of(quoted(random.Random(1).sample(rows, len(rows)))),
    "aliases": lambda rows: csv_of(rows, "id,demand,order"),
    "names and aliases mixed, padded, other case": lambda rows: csv_of(rows, " ID ,予測, Order"),
    "full-width header": lambda rows: csv_of(rows, "ｉｄ,予測,発注数"),
    "quotes everywhere": lambda rows: csv_of(quoted(rows), '"id","予測","発注数"'),
    "blank lines around": lambda rows: b"\n\n" + csv_of(rows) + b"\n\n\r\n",
    "blank lines within": lambda rows: csv_of([*rows[:3], "", "  ", *rows[3:]]),
    "empty rows of a spreadsheet": lambda rows: csv_of([*rows, ",,", ",,"]),
    "spaces around values": lambda rows: csv_of([row.replace(",", " , ") for row in rows]),
    "shuffled columns": lambda rows: csv_of([",".join(reversed(row.split(","))) for row in rows], "発注数,予測,id"),
    "other spellings of numbers": lambda rows: csv_of([row.replace(",30,", ",+3.0E1,") for row in rows]),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_file_that_means_the_same_gives_the_same_numbers(name, rows, expected, pack, build):
    read = read_predictions(ACCEPTED[name](rows), pack=pack, ids=build.ids)

    assert (read.columns, read.notices) == (("demand", "order"), ())
    np.testing.assert_array_equal(read.values, expected)


def test_full_width_digits_are_read_and_said(rows, expected, pack, build):
    rows[4] = rows[4].replace(",30,", ",３０．０,")
    rows[6] = rows[6].replace(",6", ",６")

    read = read_predictions(csv_of(rows), pack=pack, ids=build.ids)

    np.testing.assert_array_equal(read.values, expected)
    assert read.notices == (
        Problem("full_width_read", {"count": 2, "row": 5, "line": 6, "column": "予測", "value": "３０．０"}),
    )


def test_minus_signs_of_input_methods_are_read(rows, pack, build):
    rows[0] = rows[0].removesuffix(",0") + ",−３"

    assert read_predictions(csv_of(rows), pack=pack, ids=build.ids).values[0, 1] == -3.0


def test_superscripts_are_no_digits(rows, pack, build):
    rows[0] = rows[0].replace(",30,", ",3²,")

    assert codes_of(csv_of(rows), pack, build) == ["value_not_number"]


def test_negative_zero_is_zero(rows, pack, build):
    rows = [row.replace(",30,", ",-0.0,") for row in rows]

    fast = read_predictions(csv_of(rows), pack=pack, ids=build.ids)
    slow = read_predictions(csv_of(quoted(rows)), pack=pack, ids=build.ids)

    assert fast.to_bytes() == slow.to_bytes()
    assert not np.signbit(fast.values).any()


def xlsx() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("answer.csv", "id\n")
    return buffer.getvalue()


WRONG_FILES = {
    "nothing": (b"", "file_empty"),
    "only blank lines": (b"\xef\xbb\xbf\r\n\n ,,\n", "file_empty"),
    "too large": (b"x" * 20_001, "file_too_large"),
    "too many rows": (b"id\n" + b"a\n" * 101, "too_many_rows"),
    "xlsx": (xlsx(), "file_is_excel"),
    "old xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "file_is_excel"),
    "zip": (zipped(), "file_is_zip"),
    "gzip": (b"\x1f\x8b\x08\x00rest", "file_is_zip"),
    "pickle": (b"\x80\x04\x95\x10\x00", "file_is_pickle"),
    "PDF": (b"%PDF-1.7\n", "file_is_binary"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0", "file_is_binary"),
    "noise": (bytes(range(256)) * 4, "file_is_binary"),
    "UTF-16": (HEADER.encode("utf-16"), "encoding_utf16"),
    "damaged UTF-8": (csv_of(["a,1,1"]) + b"\xff\xfd\xa0,1,1\n", "encoding_unknown"),
    "damaged CP932": (csv_of(["a,1,1"]).decode().encode("cp932") + b"\x81,1,1\n", "encoding_unknown"),
    "one endless line": (b"id," + b"1" * 11_000, "line_too_long"),
    "tabs": (csv_of(["a\t1\t2"], "id\t予測\t発注数"), "delimiter_tab"),
    "semicolons": (csv_of(["a;1;2"], "id;予測;発注数"), "delimiter_semicolon"),
    "no header": (csv_of(["A-2026-02-11,30,1"], "A-2026-02-10,30,0"), "header_missing"),
    "header with an open quote": (csv_of(["a,1,2"], 'id,"予測,発注数'), "quote_wrong"),
    "only a header": (csv_of([]), "no_rows"),
}


@pytest.mark.parametrize("name", WRONG_FILES)
def test_a_file_of_the_wrong_sort_is_refused_in_one_word(name, pack, build):
    data, code = WRONG_FILES[name]

    assert codes_of(data, pack, build) == [code]


WRONG_HEADERS = {
    "id,予測": [("column_missing", "発注数")],
    "id,予測,発注": [("column_missing", "発注数"), ("column_unknown", "発注")],
    "id,予測,発注数,memo": [("column_unknown", "memo")],
    "id,予測,予測,発注数": [("column_twice", "予測")],
    "id,予測,demand,発注数": [("column_twice", "demand")],
    ",id,予測,発注数": [("column_unnamed", 1)],
}


@pytest.mark.parametrize("header", WRONG_HEADERS)
def test_a_wrong_header_names_each_column(header, pack, build):
    found = problems_of(csv_of(["a,1,2"], header), pack, build)

    named = [(problem.code, problem.params.get("column", problem.params.get("position"))) for problem in found]
    assert named == WRONG_HEADERS[header]


@pytest.mark.parametrize(
    ("header", "expected"),
    [("id,予測,memo", "id,予測,発注数"), ("id,demand,memo", "id,demand,order"), ("id,a,b", "id,予測,発注数")],
)
def test_a_wrong_header_is_put_right_in_the_language_of_the_file(header, expected, pack, build):
    found = problems_of(csv_of(["a,1,2"], header), pack, build)

    assert {problem.params["expected"] for problem in found} == {expected}


WRONG_VALUES = {
    "": "value_empty",
    " ": "value_empty",
    "NaN": "value_nan",
    "None": "value_nan",
    "#N/A": "value_nan",
    "inf": "value_infinite",
    "-Infinity": "value_infinite",
    "1e999": "value_huge",
    "1e16": "value_huge",
    '"1,234"': "value_thousands",
    '"-1,234,567.5"': "value_thousands",
    '"3,5"': "value_decimal_comma",
    "-1": "value_negative",
    "1000.5": "value_too_large",
    "30個": "value_not_number",
    "¥30": "value_not_number",
    "TRUE": "value_not_number",
    "1_000": "value_not_number",
    "0x10": "value_not_number",
    "3 0": "value_not_number",
    "#DIV/0!": "value_not_number",
}


@pytest.mark.parametrize("cell", WRONG_VALUES)
def test_a_wrong_value_is_named_with_row_line_and_column(cell, rows, pack, build):
    rows[2] = f"{build.ids.values[2]},{cell},0"

    (problem,) = problems_of(csv_of(rows), pack, build)

    where = {name: problem.params[name] for name in ("row", "line", "column")}
    assert (problem.code, where) == (WRONG_VALUES[cell], {"row": 3, "line": 4, "column": "予測"})


def test_a_column_is_called_as_the_file_calls_it(rows, pack, build):
    rows[2] = f"{build.ids.values[2]},NaN,x"

    problems = problems_of(csv_of(rows, "ID, Demand ,order"), pack, build)

    assert [problem.params["column"] for problem in problems] == ["Demand", "order"]


@pytest.mark.parametrize(("cell", "code"), [("1.5", "value_not_integer"), ("-6", "value_too_small"), ("-5", None)])
def test_integers_and_negative_bounds(cell, code, rows, pack, build):
    rows[0] = f"{build.ids.values[0]},30,{cell}"

    if code is None:
        assert read_predictions(csv_of(rows), pack=pack, ids=build.ids).values[0, 1] == float(cell)
    else:
        assert codes_of(csv_of(rows), pack, build) == [code]


def test_damage_is_found_by_its_line(pack, build):
    data = csv_of(["a,1,1", "b,1,1"]) + b"\x81,1,1\n"

    assert problems_of(data, pack, build) == [Problem("encoding_unknown", {"line": 4})]


def test_a_nul_byte_is_found_by_its_line(rows, pack, build):
    rows[7] = rows[7].replace("30", "3\0")

    assert problems_of(csv_of(rows), pack, build) == [Problem("file_has_nul", {"line": 9})]


def test_missing_doubled_and_unknown_ids_are_told_apart(rows, pack, build):
    first, second = build.ids.values[:2]
    rows[1] = rows[0]
    rows[2] = rows[2].replace(build.ids.values[2], "C-2026-02-10")
    rows.append(",1,1")

    assert problems_of(csv_of(rows), pack, build) == [
        Problem("ids_missing", {"column": "id", "count": 2, "examples": f"{second}, {build.ids.values[2]}"}),
        Problem("id_twice", {"row": 2, "line": 3, "column": "id", "value": first, "first_row": 1}),
        Problem("id_unknown", {"row": 3, "line": 4, "column": "id", "value": "C-2026-02-10"}),
        Problem("id_empty", {"row": 41, "line": 42, "column": "id"}),
    ]


def test_ragged_rows_and_open_quotes_do_not_hide_each_other(rows, pack, build):
    rows[0] += ",9"
    rows[1] = build.ids.values[1]
    rows[2] = f'{build.ids.values[2]},"30,0'
    rows[3] = f'{build.ids.values[3]},"3"0,0'

    assert problems_of(csv_of(rows), pack, build) == [
        Problem("row_ragged", {"row": 1, "line": 2, "found": 4, "expected": 3}),
        Problem("row_ragged", {"row": 2, "line": 3, "found": 1, "expected": 3}),
        Problem("quote_wrong", {"line": 4}),
        Problem("quote_wrong", {"line": 5}),
    ]


def test_lines_count_blank_ones_and_rows_do_not(rows, pack, build):
    rows[5] = rows[5].replace(",30,", ",NaN,")
    data = b"\n" + csv_of([*rows[:2], "", "", *rows[2:]])

    (problem,) = problems_of(data, pack, build)

    assert problem == Problem("value_nan", {"row": 6, "line": 10, "column": "予測", "value": "NaN"})


def test_twenty_problems_are_told_and_the_rest_counted(rows, pack, build):
    bad = [row.replace(",30,", ",x,") for row in rows]

    found = problems_of(csv_of(bad), pack, build)

    assert [problem.code for problem in found] == ["value_not_number"] * 20 + ["more_problems"]
    assert found[-1].params == {"count": 20}


def test_the_same_problems_in_both_languages(rows, pack, build):
    rows[2] = f"{build.ids.values[2]},-4,0"

    (problem,) = problems_of(csv_of(rows), pack, build)

    assert problem.text("ja") == "3行目（ファイルの4行目）：「予測」の値「-4」は負の数です。0以上にしてください。"
    assert problem.text("en") == "Row 3 (line 4 of the file): “-4” in column “予測” is negative. It must be 0 or more."


def test_values_are_shown_short_and_on_one_line(rows, pack, build):
    rows[2] = f"{build.ids.values[2]},{'9' * 50}x\t\x07,0"

    (problem,) = problems_of(csv_of(rows), pack, build)

    assert problem.params["value"] == "9" * 39 + "…"


def test_predictions_survive_being_kept(rows, pack, build):
    read = read_predictions(csv_of(rows), pack=pack, ids=build.ids)

    kept = Predictions.from_bytes(read.to_bytes(), pack=pack, ids=build.ids)

    assert (kept.columns, kept.digest) == (read.columns, read.digest)
    np.testing.assert_array_equal(kept.values, read.values)


def npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no array",
        npy(np.zeros((40, 3))),
        npy(np.zeros((39, 2))),
        npy(np.zeros((40, 2), dtype=np.float32)),
        npy(np.full((40, 2), np.nan)),
        npy(np.array([object()])),
    ],
)
def test_an_array_of_another_form_is_not_taken(data, pack, build):
    with pytest.raises((ValueError, EOFError)):
        Predictions.from_bytes(data, pack=pack, ids=build.ids)


def test_the_fast_way_leaves_anything_odd_to_the_careful_one(rows, pack, build):
    odd = [*rows]
    odd[0] = odd[0].replace(",30,", ",TRUE,")

    bodies = ["\n".join(rows), "\n".join(odd), "\n".join(rows[1:]), "\n".join([*rows[1:], rows[1]]), ""]
    read = [read_clean(body.encode(), columns=pack.submission.columns, ids=build.ids) for body in bodies]

    assert [values is not None for values in read] == [True, False, False, False, False]


def test_fast_numbers_are_the_nearest_doubles():
    values = np.exp(np.random.default_rng(3).uniform(-30, 30, 20_000))
    text = "a\n" + "\n".join(map(repr, values.tolist()))

    read = pd.read_csv(io.StringIO(text), dtype=np.float64, na_filter=False)["a"].to_numpy()

    np.testing.assert_array_equal(read, values)
