"""What answers look like in a notebook: tables that screen readers understand, safe against what people type."""

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from campus.cases.models import Step
from campus.people.models import Person
from manabiai import Checked, Site
from manabiai.displays import Column, bar, panel, table

NASTY = '<img src=x onerror=alert(1)> & "quoted"'
ALLOWED = {
    "div", "p", "strong", "span", "ul", "li", "table", "caption", "thead", "tbody", "tr", "th", "td",
    "details", "summary", "pre", "progress",
}  # fmt: skip


class Reader(HTMLParser):
    """Reads HTML and notes tags and attributes; every tag must be closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += f"{data}\n"

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def read(shown: Any) -> Reader:
    """The HTML of a thing, as a notebook asks for it: only plain tags, nothing that runs or is loaded."""
    reader = Reader(shown._repr_html_())
    assert {tag for tag, _ in reader.tags} <= ALLOWED
    attributes = {name for _, found in reader.tags for name in found}
    assert attributes <= {"class", "lang", "style", "scope", "aria-label", "max", "value"}
    assert "url(" not in shown._repr_html_()
    return reader


@pytest.fixture
def sites(site_of: Callable[..., Site], learner: Person, open_step: Step) -> dict[str, Site]:
    return {language: site_of(learner, language=language) for language in ("ja", "en")}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", ["採点済み", "暫定スコア", "平均絶対誤差", "年間の削減額"]),
        ("en", ["scored", "provisional score", "MAE"]),
    ],
)
def test_a_submission_shows_its_scores(
    sites: dict[str, Site], good_file: Path, language: str, words: list[str]
) -> None:
    shown = read(sites[language].submit(good_file))
    assert [word for word in words if word not in shown.text] == []
    assert shown.named("div")[0]["lang"] == language
    assert [head["scope"] for head in shown.named("th")] == ["col", "col"]
    assert len(shown.named("caption")) == 1


def test_notes_and_names_are_text_and_nothing_else(
    sites: dict[str, Site], learner: Person, good_file: Path, open_step: Step
) -> None:
    learner.name = NASTY
    learner.save()
    sites["en"].submit(good_file, note=NASTY)
    scores, board = read(sites["en"].scores()), read(sites["en"].board())
    assert NASTY in scores.text
    assert f"{NASTY} (you)" in board.text
    assert len(board.named("strong")) == len(board.named("th"))  # one's own row stands out


@pytest.mark.parametrize("language", ["ja", "en"])
def test_nothing_handed_in_is_told(sites: dict[str, Site], language: str) -> None:
    assert str(sites[language].scores()) in read(sites[language].scores()).text


@pytest.mark.parametrize(("language", "words"), [("ja", "教材のデータ"), ("en", "Data of the case")])
def test_the_data_are_listed(sites: dict[str, Site], language: str, words: str) -> None:
    shown = read(sites[language].data())
    assert words in shown.text
    assert "train.csv" in shown.text
    assert {"ja": "行数", "en": "rows"}[language] in shown.text


def test_a_check_shows_notices_and_warnings_as_lists() -> None:
    shown = read(Checked(None, 3, ["put right: <b>"], "fine", ["known later: <i>"], "en"))
    assert len(shown.named("li")) == 2
    assert [line for line in shown.text.splitlines() if "<" in line] == ["put right: <b>", "known later: <i>"]


def test_text_and_html_of_a_refused_program_tell_the_same(sites: dict[str, Site], good_file: Path) -> None:
    submission = sites["en"].submit(good_file)
    refused = submission.__class__(
        **{
            **submission.__dict__,
            "state": "rejected",
            "public": None,
            "problems": ["Line 4 <of> it"],
            "log": "first\n</pre><script>alert(1)</script>",
        }
    )
    shown = read(refused)
    assert "</pre><script>alert(1)</script>" in shown.text
    assert "Line 4 <of> it" in shown.text
    assert repr(refused) == str(refused)


def test_numbers_stand_to_the_right_and_only_what_people_wrote_is_broken_into_lines() -> None:
    columns = [Column("a"), Column("b", is_number=True), Column("c", is_prose=True)]
    shown = Reader(panel("en", table("c", columns, [(("x", "1", "long"), False)])))

    styles = [str(cell["style"]) for cell in shown.named("td")]
    assert [("right" in style) for style in styles] == [False, True, False]
    assert [("nowrap" in style) for style in styles] == [True, True, False]


def test_a_bar_has_a_name() -> None:
    assert Reader(bar("Progress", 2.0)).named("progress") == [
        {"aria-label": "Progress", "style": "width:100%;max-width:24em", "max": "1", "value": "1.00"}
    ]
    assert "value" not in Reader(bar("Progress", None)).named("progress")[0]
