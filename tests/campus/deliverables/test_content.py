"""What is shown: paragraphs that can be pointed to, tables, anchors, and nothing that runs."""

import pytest

from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.deliverables.anchors import is_anchor, prefixes, words_for
from campus.deliverables.content import content_of
from campus.deliverables.models import Deliverable, DeliverableFile, DeliverableLink
from campus.deliverables.table import table_of
from campus.deliverables.text import paragraphs_of
from tests.campus.deliverables.files import CSV, handed_in


def test_each_block_of_the_text_is_one_paragraph() -> None:
    text = "# 見出し\n\n一行\n二行\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- x\n- y\n\n```\ncode\n```\n\n$$x^2$$"
    shown = paragraphs_of(text)
    assert len(shown) == 6
    assert shown[0] == "<h3>見出し</h3>\n"
    assert "<br>" in shown[1]
    assert "<table>" in shown[2]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<img src="https://evil.example/x.png" onerror="alert(1)">',
        "![x](https://evil.example/x.png)",
        "[![x](https://evil.example/x.png)](https://ok.example)",
    ],
)
def test_nothing_in_the_text_runs_or_calls_other_hosts(text: str) -> None:
    shown = "".join(paragraphs_of(text))
    assert "<script" not in shown
    assert "<img" not in shown
    assert 'href="javascript' not in shown


def test_anchors_tell_the_files_of_one_kind_apart(english: None) -> None:
    kinds = ["csv", "pdf", "notebook", "picture", "notebook"]
    files = [DeliverableFile(position=n, kind=kind) for n, kind in enumerate(kinds, start=1)]
    assert prefixes(files) == {2: "page-", 3: "cell-", 4: "file4-page-", 5: "file5-cell-"}
    good = ["p-1", "page-12", "cell-300", "file4-page-1"]
    assert [one for one in [*good, "p-0", "file2-p-1", "page-", "x", 'p-1"', "page-1\n"] if is_anchor(one)] == good
    assert [words_for(one) for one in good] == ["Paragraph 1", "Page 12", "Cell 300", "File 4: Page 1"]


@pytest.mark.django_db
def test_a_blind_reader_meets_no_name(step: Step, enrolment: Enrolment) -> None:
    made = handed_in(step, enrolment, hanako_csv=CSV)
    DeliverableLink.objects.create(deliverable=made, position=1, url="https://example.com/x", label="Hanakoの画面")
    made = Deliverable.objects.with_step().with_content().get(pk=made.pk)
    named, blind = (content_of(made, blind=blind) for blind in (False, True))
    assert (named.files[0].title, bool(named.files[0].download)) == ("hanako.csv", True)
    assert ("hanako" in blind.files[0].title, blind.files[0].download) == (False, "")
    assert [link.label for link in (*named.links, *blind.links)] == ["Hanakoの画面", "example.com"]


@pytest.mark.django_db
def test_of_a_table_the_first_rows_and_columns_are_shown(step: Step, enrolment: Enrolment) -> None:
    wide = ",".join(f"列{n}" for n in range(15))
    long = "\n".join([wide, *(f"{n}{',' * 14}" for n in range(9_000))]).encode("cp932")
    made = handed_in(step, enrolment, long_csv=long, short_csv=CSV)
    first, second = (table_of(file) for file in made.files.all())
    assert (len(first.header), len(first.rows)) == (12, 20)
    assert (first.header[0], first.has_more_rows, first.has_more_columns) == ("列0", True, True)
    assert second.rows == [["2026-04-01", "12"], ["2026-04-02", "8"]]
    assert (second.has_more_rows, second.has_more_columns) == (False, False)
