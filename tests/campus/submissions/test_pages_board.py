"""The board as readers see it: the own line always, baselines without a place, the final half after the close."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from campus.cases.models import Step
from campus.cohorts.models import Cohort, Enrolment
from campus.people.models import Person
from campus.submissions.board_page import BoardPage, board_page, standing_line
from campus.submissions.models import Owner, Standing, Submission
from tests.campus.cast import enrol, reschedule, signed_in
from tests.campus.submissions.files import graded
from tests.campus.submissions.pages import address

pytestmark = pytest.mark.django_db


def stand(step: Step, enrolment: Enrolment, submission: Submission, *, public: float, private: float) -> Standing:
    """Put somebody on the board with these sort keys."""
    measure = step.case_version.pack().scoring.primary
    halves = {
        f"{split}_{name}": value
        for split, key in (("public", public), ("private", private))
        for name, value in (
            ("submission", submission),
            ("values", {measure: key}),
            ("primary", key),
            ("secondary", 0.0),
            ("at", submission.created_at),
        )
    }
    return Standing.objects.update_or_create(step=step, enrolment=enrolment, defaults={"scored_count": 1} | halves)[0]


@pytest.fixture
def crowd(open_step: Step, cohort: Cohort, submission: Submission) -> None:
    """120 others: place 1 has 0.5, place 2 1.5, and so on; the learner comes last of 121."""
    people = Person.objects.bulk_create(
        Person(email=f"p{number}@example.org", name=f"Person {number}") for number in range(120)
    )
    for number, person in enumerate(people):
        stand(open_step, enrol(person, cohort), submission, public=number + 0.5, private=120.5 - number)
    stand(open_step, submission.enrolment, submission, public=1000.0, private=0.0)


def page_for(step: Step, enrolment: Enrolment | None, *, split: Any = "public", number: int = 1) -> BoardPage:
    request = RequestFactory().get("/", {"page": number})
    return board_page(request, step=step, split=split, own=Owner(enrolment=enrolment) if enrolment else None)


def places(board: BoardPage) -> list[int]:
    return [line.place for line in board.lines if line.place is not None]


def test_the_own_line_is_shown_above_wherever_it_stands(
    open_step: Step, enrolment: Enrolment, crowd: None, browser: Client
) -> None:
    first, last = page_for(open_step, enrolment), page_for(open_step, enrolment, number=3)
    assert (places(first), places(last)) == (list(range(1, 51)), list(range(101, 122)))
    assert first.own is not None
    assert (first.own.place, first.own.name, first.own_page) == (121, "Hanako", 3)
    assert (first.has_own, last.has_own) == (False, True)

    page = browser.get(address("board", open_step)).content.decode()
    assert (page.count('class="own"'), 'href="?page=3#own-line"' in page) == (1, True)
    there = browser.get(address("board", open_step) + "?page=3").content.decode()
    assert (there.count('class="own"'), there.count('id="own-line"')) == (2, 1)


def test_the_page_costs_the_same_for_two_hundred(
    open_step: Step, crowd: None, cohort: Cohort, submission: Submission, browser: Client,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    people = Person.objects.bulk_create(Person(email=f"q{n}@example.org", name=f"Q {n}") for n in range(80))
    for number, person in enumerate(people):
        stand(open_step, enrol(person, cohort), submission, public=number + 0.7, private=number)
    assert Standing.objects.count() == 201
    browser.get(address("board", open_step))
    with django_assert_max_num_queries(20):
        browser.get(address("board", open_step))
    with django_assert_max_num_queries(20):
        browser.get(address("board", open_step), headers={"HX-Request": "true"})


def test_baselines_stand_between_without_a_place_each_on_one_page(
    open_step: Step, enrolment: Enrolment, crowd: None
) -> None:
    pages = [page_for(open_step, enrolment, number=number) for number in (1, 2, 3)]
    lines = [line for page in pages for line in page.lines]
    baselines = [line.name for line in lines if line.is_baseline]
    assert sorted(baselines) == ["何も売れない", "過去の平均"]

    version = open_step.case_version
    keys = {one["label"]["ja"]: version.pack().scoring.sort_key(one["public"])[0] for one in version.baselines}
    better = {name: Standing.objects.filter(public_primary__lte=key).count() for name, key in keys.items()}
    above = {
        line.name: sum(1 for other in lines[:index] if not other.is_baseline)
        for index, line in enumerate(lines)
        if line.is_baseline
    }
    assert above == better


def test_an_empty_board_shows_the_baselines(open_step: Step, browser: Client) -> None:
    page = browser.get(address("board", open_step)).content.decode()
    assert (page.count('<tr class="baseline">'), "順位表の参加者数：0" in page) == (2, True)


def test_ties_share_a_place_for_reader_and_own_line_alike(
    open_step: Step, submission: Submission, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    for one in (enrolment, mate_enrolment):
        stand(open_step, one, submission, public=3.0, private=3.0)
    board = page_for(open_step, enrolment)
    assert places(board) == [1, 1]
    assert board.own is not None
    assert board.own.place == 1
    line = standing_line(step=open_step, owner=Owner(enrolment=mate_enrolment))
    assert line is not None
    assert line.place == 1


def test_the_final_board_opens_with_the_close_and_shows_who_climbed(
    open_step: Step, enrolment: Enrolment, crowd: None, browser: Client
) -> None:
    early = browser.get(address("final_board", open_step))
    assert (early.status_code, early["Location"]) == (302, address("board", open_step))
    assert "ここで公開します" in browser.get(early["Location"]).content.decode()

    reschedule(open_step, opens=timedelta(days=-9), closes=timedelta(seconds=-1))
    board = page_for(open_step, enrolment, split="private")
    assert board.own is not None
    assert (board.own.place, board.own.climbed) == (1, 120)
    assert [line.climbed for line in board.lines if line.place in (1, 2)] == [120, 118]
    page = browser.get(address("final_board", open_step)).content.decode()
    assert "（2件まで）" in page
    assert re.search(r'class="up"><span aria-hidden="true">▲</span> 120', page)


def test_the_nickname_hides_the_name(open_step: Step, submission: Submission, browser: Client, mate: Person) -> None:
    Enrolment.objects.filter(pk=submission.enrolment_id).update(uses_alias=True)
    for reader in (browser, signed_in(mate)):
        page = reader.get(address("board", open_step), headers={"HX-Request": "true"}).content.decode()
        assert ("ハナ" in page, "Hanako" in page) == (True, False)


def test_late_work_takes_no_place(closed_step: Step, enrolment: Enrolment, browser: Client) -> None:
    late = graded(closed_step, enrolment)
    assert late.created_at > closed_step.closes_at
    assert late.created_at < timezone.now()
    assert page_for(closed_step, enrolment).own is None


def test_staff_read_the_board_without_a_line_of_their_own(
    open_step: Step, submission: Submission, mentor: Person
) -> None:
    page = signed_in(mentor).get(address("board", open_step)).content.decode()
    assert ("Hanako" in page, 'class="own"' in page) == (True, False)


def test_the_page_follows_the_boards_stream(open_step: Step, browser: Client) -> None:
    assert f'data-live-stream="board:{open_step.pk}"' in browser.get(address("board", open_step)).content.decode()
