"""How a post is drawn, and that nothing in it can run."""

import pytest
from django.core.exceptions import ValidationError

from campus.discussion.markdown import render_post


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "![x](https://evil.example/pixel.png)",
        "$\\href{javascript:alert(1)}{x}$",
        '```"><script>alert(1)</script>\nx\n```',
        "<a href='vbscript:x'>x</a>",
        'https://x.example/"onmouseover=alert(1)',
        "<style>body{display:none}</style>",
        "<svg onload=alert(1)>",
    ],
)
def test_nothing_runs_and_nothing_is_loaded(text: str) -> None:
    html = render_post(text).lower()
    for bad in (
        "<script",
        "<img",
        "<svg",
        "<style",
        'onerror="',
        'onload="',
        'href="javascript',
        'href="data',
        'href="vb',
    ):
        assert bad not in html
    assert 'onmouseover="' not in html


def test_code_tables_and_formulas_as_on_the_site() -> None:
    html = render_post("```python\nx = 1\n```\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n$\\sqrt{x}$")
    assert '<code class="language-python">x = 1' in html
    assert '<td class="align-right">2</td>' in html
    assert "<msqrt>" in html


def test_lines_break_as_typed_and_bare_addresses_are_links() -> None:
    html = render_post("一行目\n二行目 https://example.org/a?b=1。つづき")
    assert "<br>" in html
    assert 'href="https://example.org/a?b=1"' in html
    assert "</a>。つづき" in html
    assert 'rel="noopener noreferrer"' in html


def test_headings_sink_and_have_no_anchor_that_could_clash() -> None:
    assert "<h4>題</h4>" in render_post("# 題")
    assert " id=" not in render_post("# 題\n\n文[^1]\n\n[^1]: 注")


def test_a_picture_from_elsewhere_is_its_description() -> None:
    assert render_post("![散布図](https://elsewhere.example/a.png)") == "<p>散布図</p>\n"


def test_a_name_is_marked_but_not_in_code_or_addresses() -> None:
    def name_at(text: str) -> int:
        return len("花子") if text.startswith("花子") else 0

    assert '<span class="mention">@花子</span>さん' in render_post("@花子さん", name_at=name_at)
    assert "mention" not in render_post("`@花子` x@花子 @太郎", name_at=name_at)


def test_what_no_event_could_carry_is_refused() -> None:
    with pytest.raises(ValidationError):
        render_post("$\\sqrt{x}$ " * 900)


def test_a_formula_without_end_is_shown_as_typed() -> None:
    assert "<math" not in render_post("$" + "x+" * 900 + "y$")
