"""Markdown of packs: what it can do, and that nothing in it can do harm."""

from html.parser import HTMLParser

import pytest

from campus.cases.markdown import Heading, render_markdown


def test_headings_get_anchors_in_any_script_and_the_page_keeps_the_only_h1() -> None:
    rendered = render_markdown("# みどりストア\n\n## 社長の問い\n\n### $x$ の意味\n\n## 社長の問い\n")
    assert rendered.headings == (
        Heading(2, "s-みどりストア", "みどりストア"),
        Heading(2, "s-社長の問い", "社長の問い"),
        Heading(3, "s-x-の意味", "x の意味"),
        Heading(2, "s-社長の問い-2", "社長の問い"),
    )
    assert "<h1" not in rendered.html
    assert '<h2 id="s-社長の問い-2">社長の問い</h2>' in rendered.html


def test_tables_scroll_in_a_box_and_align_by_class() -> None:
    html = render_markdown("| 名 | 円 |\n|:--|--:|\n| a | 1 |\n").html
    assert '<div class="table-box" tabindex="0"><table>' in html
    assert '<td class="align-right">1</td>' in html
    assert "style=" not in html


def test_lines_of_japanese_join_without_a_space() -> None:
    html = render_markdown(
        "店は30店。\n社員は180人。\n\n**最後に。**\n「次」へ。\n\nIn English\ntoo.\n\n表の\nCSV\n"
    ).html
    assert "店は30店。社員は180人。" in html
    assert "<strong>最後に。</strong>「次」へ。" in html
    assert "In English\ntoo." in html
    assert "表の\nCSV" in html


def test_formulas_become_mathml_with_their_source_as_text() -> None:
    html = render_markdown(r"$$\frac{\sum |y-\hat{y}|}{\sum y}$$").html
    assert r'alttext="\frac{\sum |y-\hat{y}|}{\sum y}" display="block"' in html
    assert "<mfrac>" in html
    assert html.startswith('<div class="math block" tabindex="0">')


def test_an_unreadable_formula_shows_its_source() -> None:
    assert r"\frac{" in render_markdown(r"before $\frac{$ after").html
    assert "after" in render_markdown(r"before $\frac{$ after").html


def test_prices_are_no_formulas() -> None:
    assert "<math" not in render_markdown("It costs $5 and not $6.").html


def test_footnotes_link_there_and_back() -> None:
    html = render_markdown("text[^1]\n\n[^1]: note\n").html
    assert 'href="#fn1"' in html
    assert 'href="#fnref1"' in html


def test_pictures_of_the_pack_are_shown_and_others_only_named() -> None:
    html = render_markdown(
        "![店](pictures/store.svg) ![x](https://evil.example/p.png) ![y](../truth/t.svg) ![z](//evil.example/p.png)",
        picture_base="../../pictures/",
    ).html
    assert html.count("<img") == 1
    assert '<img src="../../pictures/store.svg" alt="店">' in html
    assert "evil" not in html
    assert "truth" not in html


class Elements(HTMLParser):
    """The tags and attributes that a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
        "<iframe src=https://evil.example></iframe>",
        "<a href='javascript:alert(1)'>x</a>",
        "<style>*{display:none}</style>",
        '![x](x.svg" onerror="alert(1))',
        "[ref]\n\n[ref]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "$\\href{javascript:alert(1)}{x}$",
        "$\\text{<script>alert(1)</script>}$",
        '$"><img src=x onerror=alert(1)>$',
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
        "<form action=https://evil.example><button>x</button></form>",
    ],
)
def test_nothing_in_a_story_runs_or_calls_out(attack: str) -> None:
    html = render_markdown(f"before\n\n{attack}\n\nafter").html
    found = Elements()
    found.feed(html)
    assert not found.tags & {"script", "svg", "iframe", "style", "form", "object", "button", "mglyph"}
    assert not {name for name, _ in found.attributes if name.startswith("on")}
    addresses = {value for name, value in found.attributes if name in {"href", "src"} and value}
    assert {address.partition(":")[0] for address in addresses if ":" in address} <= {"http", "https", "mailto"}
    assert "before" in html
    assert "after" in html
