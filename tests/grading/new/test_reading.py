"""Reading an organiser's table: encodings, days, numbers and headers as offices write them."""

from __future__ import annotations

import numpy as np
import pytest

from grader.new.aliases import alias_of, aliases_of
from grader.new.dates import read_moments
from grader.new.table import read_table
from grader.pack import PackError
from tests.grading.new.tables import csv_of


def field(cells, name="列"):
    """The first column made of these cells, and the codes of what was said about it."""
    table = read_table(csv_of([name, "他"], [[cell, number] for number, cell in enumerate(cells)]), name="t.csv")
    return table.fields[0], [notice.code for notice in table.notices]


def refusal(data):
    with pytest.raises(PackError) as error:
        read_table(data, name="t.csv")
    return [(problem.code, problem.params.get("line")) for problem in error.value.problems]


@pytest.mark.parametrize(
    "text",
    [
        "2024-04-01",
        "2024/4/1",
        "2024.4.1",
        "2024年4月1日",
        "2024年4月1日（月）",
        "令和6年4月1日",
        "R6.4.1",
        "R6/4/1",
        "２０２４／４／１",
        "2024-04-01 00:00:00",
        "2024-04-01T00:00:00Z",
    ],
)
def test_a_day_is_read_in_every_usual_form(text):
    column, _ = field([text, "2024-04-02"])

    assert column.dtype == "date"
    assert column.values.tolist()[0] == np.datetime64("2024-04-01").item()


def test_eras_begin_with_their_first_year_and_no_day_is_invented():
    assert read_moments(["令和元年5月1日", "H31.4.30", "昭和64年1月7日"])[0].astype(str).tolist() == [
        "2019-05-01",
        "2019-04-30",
        "1989-01-07",
    ]
    assert read_moments(["2024/2/30"]) is None
    assert read_moments(["20240401"]) is None
    assert read_moments(["20240401"], packed=True)[0].astype(str).tolist() == ["2024-04-01"]


def test_a_time_of_day_becomes_a_column_of_its_own():
    table = read_table(csv_of(["撮影時刻", "x"], [["2024/4/1 9:30", 1], ["2024/4/1 13:00", 2]]), name="t.csv")

    assert [(one.name, one.dtype) for one in table.fields] == [
        ("撮影時刻", "date"),
        ("撮影時刻（時）", "float"),
        ("x", "int"),
    ]
    assert table.fields[1].values.tolist() == [9.5, 13.0]


@pytest.mark.parametrize(
    ("cells", "dtype", "values", "unit"),
    [
        (["1", "２", "-3"], "int", [1, 2, -3], None),
        (["1.5", "", "NaN"], "float", [1.5, None, None], None),
        (["1,234円", "￥56", "78"], "int", [1234, 56, 78], "円"),
        (["12.5%", "80％", "-"], "float", [12.5, 80, None], "%"),
        (["有", "無", "有"], "bool", [1, 0, 1], None),
        (["TRUE", "false", ""], "bool", [1, 0, None], None),
        (["1e3", "2", "3"], "int", [1000, 2, 3], None),
        (["▲1,200", "△3", "5"], "int", [-1200, -3, 5], None),
        (["-¥1,200", "￥30", "▲2.5円"], "float", [-1200, 30, -2.5], "円"),
        (["12", "欠測", "***"], "int", [12, None, None], None),
    ],
)
def test_numbers_and_yes_or_no_are_read_with_their_units(cells, dtype, values, unit):
    column, _ = field(cells)

    read = [None if np.isnan(value) else value for value in column.values]
    assert (column.dtype, read, column.unit and column.unit.ja) == (dtype, values, unit)


@pytest.mark.parametrize(
    "cells", [["007", "010"], ["12345678901234567", "2"], ["1,2", "3"], ["0x1F", "2"], ["inf", "2"]]
)
def test_what_only_looks_like_a_number_stays_text(cells):
    assert field(cells)[0].dtype == "text"


def test_a_few_words_among_numbers_are_told():
    column, said = field([*map(str, range(60)), "休業"])

    assert (column.dtype, said) == ("text", ["new_nearly_numbers"])


def test_words_for_missing_are_told_among_numbers_and_are_a_kind_among_words():
    assert field(["1", "2", "欠測"])[1] == ["new_missing_words"]
    column, said = field(["男", "女", "不明"])
    assert (list(column.values), said) == (["男", "女", "不明"], [])


def test_totals_below_the_rows_are_left_out_and_told():
    table = read_table("日付,店,数\n2024/4/1,大宮,3\n2024/4/2,浦和,5\n合計,,8\n平均,,4\n".encode("cp932"), name="t.csv")

    assert [(one.name, one.dtype, one.values.tolist()) for one in table.fields[1:]] == [
        ("店", "text", ["大宮", "浦和"]),
        ("数", "int", [3, 5]),
    ]
    assert (table.fields[0].dtype, table.rows) == ("date", 2)
    assert [(one.code, one.params["value"]) for one in table.notices] == [("new_totals_dropped", "合計, 平均")]


def test_a_kind_that_is_called_a_total_is_none():
    rows = [[kind, number] for number, kind in enumerate(["合計", "平均"] * 3)]

    assert read_table(csv_of(["区分", "数"], rows), name="t.csv").rows == 6


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters_of_offices_are_read(encoding, delimiter):
    data = f"店舗{delimiter}数\n大宮{delimiter}1\n浦和{delimiter}2\n".encode(encoding)

    table = read_table(data, name="t.csv")

    assert [(one.name, list(one.values)) for one in table.fields] == [("店舗", ["大宮", "浦和"]), ("数", [1, 2])]


def test_headers_are_mended_where_a_pack_could_not_have_them():
    table = read_table(b'"a,b",x,x,\n1,2,3,\n4,5,6,\n', name="t.csv")

    assert [one.name for one in table.fields] == ["a b", "x", "x_2"]
    assert [notice.code for notice in table.notices] == ["new_header_mended"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ("new_no_rows", None)),
        (b"a,b\n", ("new_no_rows", None)),
        (b"a\n1\n", ("new_one_column", None)),
        (b"1,2\n3,4\n", ("new_no_header", None)),
        (b"Sales 2024,,\nday,shop,sold\n1,2,3\n", ("new_title_line", None)),
        (b"Sales 2024\nday,shop,sold\n1,2,3\n", ("new_title_line", None)),
        (b"a,b\n1,2\n1,2,3\n", ("new_ragged", 3)),
        (b'a,b\n"1,5",2\n1\n', ("new_ragged", 3)),
        (b"PK\x03\x04 xl/workbook", ("file_is_excel", None)),
        (b"a,b\n\xff\xff\xff,1\n", ("encoding_unknown", 2)),
    ],
)
def test_what_is_no_table_is_refused_in_words(data, expected):
    assert refusal(data) == [expected]


def test_english_names_come_from_words_else_from_the_place():
    assert [alias_of(name) for name in ("販売数", "店舗ID", "予想気温", "平均売価（円）", "x1 y", "凪")] == [
        "sales_count",
        "store_id",
        "forecast_temperature",
        "mean_price_yen",
        "x1_y",
        None,
    ]
    assert aliases_of(["売価", "価格", "凪"], taken=["split"]) == {"売価": "price", "価格": "price_2", "凪": "column_3"}
