"""Markdown as mails show it to those who read plain text."""

import pytest

from campus.cases.markdown_as_text import as_text

SITE = "https://example.org"


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**金曜日**が*締切*です。", "金曜日が締切です。"),
        ("# お知らせ\n\n本文です。", "お知らせ\n\n本文です。"),
        ("The `WAPE` of \\*all\\* shops", "The WAPE of *all* shops"),
        ("1行目\n2行目", "1行目\n2行目"),
        ("消した~~文~~です", "消した~~文~~です"),
        ("![棚の写真](pictures/shelf.png)", "棚の写真"),
        ("$x^2$ です", "x^2 です"),
        ("<b>太字</b>ではありません", "<b>太字</b>ではありません"),
        ("前\n\n---\n\n後", "前\n\n――――――――――\n\n後"),
        ("```\nmake run\n  x = **2**\n```", "make run\n  x = **2**"),
        ("注があります[^1]。\n\n[^1]: ここです。", "注があります[1]。\n\n[1] ここです。"),
        ("", ""),
    ],
)
def test_marks_are_gone_and_what_they_marked_stays(markdown: str, text: str) -> None:
    assert as_text(markdown, site=SITE) == text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        (
            "詳しくは[要項](https://example.com/a)をご覧ください。",
            "詳しくは要項 (https://example.com/a) をご覧ください。",
        ),
        ("[教材](/cohorts/spring/)。", "教材 (https://example.org/cohorts/spring/)。"),
        ("<https://example.com/>です", "https://example.com/ です"),
        ("[https://example.com/](https://example.com/)", "https://example.com/"),
        ("[事務局](mailto:office@example.org)", "事務局 (office@example.org)"),
        ("<office@example.org>", "office@example.org"),
        ("[**太い**名前](https://example.com/)", "太い名前 (https://example.com/)"),
        ("[](https://example.com/)", "https://example.com/"),
    ],
)
def test_links_name_their_address(markdown: str, text: str) -> None:
    assert as_text(markdown, site=SITE) == text


def test_lists_stay_lists_also_within_each_other() -> None:
    markdown = (
        "準備：\n\n* **パソコン**\n* 資料\n  1. 概要\n  2. [手順](https://example.com/)\n\n3. 三つ目\n4. 四つ目\n"
    )
    assert as_text(markdown, site=SITE) == (
        "準備：\n\n- パソコン\n- 資料\n  1. 概要\n  2. 手順 (https://example.com/)\n\n3. 三つ目\n4. 四つ目"
    )


def test_a_list_of_paragraphs_keeps_its_gaps() -> None:
    assert as_text("- 一つ目\n\n  続きです。\n\n- 二つ目\n", site=SITE) == "- 一つ目\n\n  続きです。\n\n- 二つ目"


def test_quotes_keep_their_sign_and_tables_their_columns() -> None:
    assert as_text("> 引用です。\n>\n> **次**の段落", site=SITE) == "> 引用です。\n>\n> 次の段落"
    assert as_text("| 日 | 時刻 |\n|--|--:|\n| 月 | **10時** |\n", site=SITE) == "日 | 時刻\n月 | 10時"
