"""What changed between versions: found by paragraph and word, and shown to whom both versions are open."""

import time

import pytest

from campus.cases.models import CohortCase, Step
from campus.cohorts.models import Enrolment
from campus.deliverables.changes import Kind, changes
from campus.deliverables.comparing import compared_with_before
from campus.deliverables.models import LONGEST_TEXT, Deliverable
from campus.people.models import Person
from campus.teams.models import Team
from tests.campus.cast import signed_in
from tests.campus.deliverables.files import handed_in, notebook
from tests.campus.mentoring.conftest import opened

SAME, ADDED, REMOVED, CHANGED = Kind.SAME, Kind.ADDED, Kind.REMOVED, Kind.CHANGED


def found(before: str, after: str) -> list[tuple[Kind, list[tuple[Kind, str]]]]:
    return [(one.kind, [(run.kind, run.text) for run in one.runs]) for one in changes(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("同じ。", "同じ。", [(SAME, [(SAME, "同じ。")])]),
        ("", "はじめて。", [(ADDED, [(ADDED, "はじめて。")])]),
        ("一。\n\n二。", "二。", [(REMOVED, [(REMOVED, "一。")]), (SAME, [(SAME, "二。")])]),
        (
            "廃棄は月に60万円です。",
            "廃棄は月に48万円です。",
            [
                (
                    CHANGED,
                    [(SAME, "廃棄は月に"), (REMOVED, "60"), (ADDED, "48"), (SAME, "万円です。")],
                )
            ],
        ),
        (
            "We lose 600,000 yen a month.",
            "We lose 480,000 yen each month.",
            [
                (
                    CHANGED,
                    [
                        (SAME, "We lose "),
                        (REMOVED, "600,000"),
                        (ADDED, "480,000"),
                        (SAME, " yen "),
                        (REMOVED, "a"),
                        (ADDED, "each"),
                        (SAME, " month."),
                    ],
                )
            ],
        ),
        ("a\r\n\r\nb", "a\n\nb", [(SAME, [(SAME, "a")]), (SAME, [(SAME, "b")])]),
    ],
)
def test_words_are_told_apart_in_both_languages(before: str, after: str, expected: list[object]) -> None:
    assert found(before, after) == expected


def test_a_rewritten_paragraph_is_found_between_new_ones() -> None:
    before = "課題は廃棄です。月に60万円になります。\n\n古い段落。"
    after = "はじめに、結論を述べます。\n\n課題は廃棄です。月に48万円になります。"
    assert [kind for kind, _runs in found(before, after)] == [ADDED, CHANGED, REMOVED]


def test_every_word_of_both_versions_is_there() -> None:
    before, after = "在庫 を 減らす。\n欠品も。", "在庫 は 増やさない。\n欠品は 減らす。"
    (paragraph,) = changes(before, after)
    assert paragraph.kind == CHANGED
    for text, left_out in ((before, ADDED), (after, REMOVED)):
        assert "".join(run.text for run in paragraph.runs if run.kind != left_out) == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("あ漢" * (LONGEST_TEXT // 2), "漢あ" * (LONGEST_TEXT // 2)),
        ("あ\n\n" * (LONGEST_TEXT // 3), "い\n\n" * (LONGEST_TEXT // 3)),
        ("a b " * (LONGEST_TEXT // 4), "b a " * (LONGEST_TEXT // 4)),
        ("a\n\nb\n\n" * (LONGEST_TEXT // 6), "b\n\na\n\n" * (LONGEST_TEXT // 6)),
        ("あ。い。" * (LONGEST_TEXT // 4), "い。あ。" * (LONGEST_TEXT // 4)),
    ],
)
def test_the_longest_texts_take_no_time(before: str, after: str) -> None:
    began = time.process_time()
    changes(before, after)
    assert time.process_time() - began < 1.5


# --- Shown ---


@pytest.fixture
def proposal(cohort_case: CohortCase) -> Step:
    return opened(cohort_case, "proposal")


@pytest.fixture
def second(proposal: Step, enrolment: Enrolment, team: Team) -> Deliverable:
    """The second version: a number changed, a notebook in place of another."""
    handed_in(proposal, enrolment, text="課題は廃棄です。\n\n月に60万円です。", alt_ipynb=notebook("# 1"))
    return handed_in(proposal, enrolment, text="課題は廃棄です。\n\n月に48万円です。", neu_ipynb=notebook("# 2"))


@pytest.mark.django_db
def test_author_and_mentor_see_what_changed_also_without_seeing_colours(
    second: Deliverable, learner: Person, mentor: Person
) -> None:
    review = f"/cohorts/spring/mentoring/{second.pk}/"
    for person, address in ((learner, second.address), (mentor, second.address), (mentor, review)):
        text = signed_in(person).get(address).text
        assert "第1版からの変更点" in text
        assert "<del>" in text
        assert "［削除：" in text
        assert "［追加：" in text
        assert "alt.ipynb" in text


@pytest.mark.django_db
def test_a_first_version_and_an_equal_one_say_so(
    proposal: Step, enrolment: Enrolment, learner: Person, team: Team
) -> None:
    first = handed_in(proposal, enrolment, text="同じ。")
    assert "からの変更点" not in signed_in(learner).get(first.address).text
    again = handed_in(proposal, enrolment, text="同じ。")
    assert "前の版と同じです" in signed_in(learner).get(again.address).text


@pytest.mark.django_db
def test_a_blind_reader_learns_no_names_of_files(second: Deliverable) -> None:
    named, blind = (compared_with_before(second, blind=one) for one in (False, True))
    assert named
    assert blind
    assert (named.files_added, named.files_removed) == (["neu.ipynb"], ["alt.ipynb"])
    assert "ipynb" not in str([*blind.files_added, *blind.files_removed])
