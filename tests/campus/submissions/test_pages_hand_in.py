"""Handing in on the page: refusals in place and in words, nothing twice, nothing lost; with and without htmx."""

import json
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.people.models import Person
from campus.submissions.history import entry_of
from campus.submissions.models import Submission
from grader.contract import State
from tests.campus.cast import reschedule, signed_in
from tests.campus.submissions.files import csv_file, graded
from tests.campus.submissions.pages import address, text_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Target": "feedback"}


def send(
    browser: Client, step: Step, data: bytes, *, name: str = "mine.csv", htmx: bool = True, **fields: Any
) -> HttpResponse:
    """Send the form as the page does."""
    form = {"file": SimpleUploadedFile(name, data), "note": "", "request_key": str(uuid.uuid4())} | fields
    return browser.post(address("hand_in", step), form, headers=HTMX if htmx else {})


def test_a_good_file_appears_on_top_of_the_history_at_once(browser: Client, open_step: Step) -> None:
    answer = send(browser, open_step, csv_file(open_step), note="first try")

    submission = Submission.objects.get()
    page = answer.content.decode()
    assert (answer.status_code, submission.note, submission.grading.state) == (200, "first try", State.QUEUED)
    assert json.loads(answer["HX-Trigger"]) == {"handed-in": {"submission": submission.pk}}
    assert f'id="submission-{submission.pk}"' in page
    assert "data-unfinished" in page
    assert "採点待ち" in page
    assert "今日はあと2回提出できます" in page


def test_without_javascript_the_page_comes_again_and_says_so(browser: Client, open_step: Step) -> None:
    answer = send(browser, open_step, csv_file(open_step), htmx=False)
    assert (answer.status_code, answer["Location"]) == (302, address("hand_in", open_step))
    assert "「mine.csv」を受け付けました。" in browser.get(address("hand_in", open_step)).content.decode()


def test_what_was_normalised_is_said(browser: Client, open_step: Step) -> None:
    full_width = csv_file(open_step).replace(b"10.0", "１０".encode())
    assert "全角の数字を半角として読みました" in send(browser, open_step, full_width).content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [("ja", ["1行目（ファイルの2行目）", "「予測」の値「NaN」", "1日の提出回数には数えていません"]),
     ("en", ["Row 1 (line 2 of the file)", "“NaN” in column “予測”", "not counted against your daily limit"])],
)  # fmt: skip
def test_a_bad_file_is_explained_in_place_and_in_the_readers_language(
    language: str, words: list[str], learner: Person, open_step: Step
) -> None:
    Person.objects.filter(pk=learner.pk).update(language=language)
    learner.refresh_from_db()
    answer = send(signed_in(learner), open_step, csv_file(open_step).replace(b"10.0", b"NaN", 1))

    page = text_of(answer)
    assert (answer.status_code, Submission.objects.count()) == (422, 0)
    assert [word for word in words if word not in page] == []
    assert "<html" not in answer.content.decode()


def test_twenty_problems_are_listed_and_the_rest_counted(browser: Client, open_step: Step) -> None:
    answer = send(browser, open_step, csv_file(open_step).replace(b"10.0", b"x"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 1 < len(re.findall(r"<li>", page)) <= 21


def test_without_javascript_a_refusal_keeps_the_note(browser: Client, open_step: Step) -> None:
    answer = send(browser, open_step, b"", htmx=False, note="what I tried")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="what I tried"' in page
    assert "もう一度選んでください" in page
    assert "ファイルが空です" in page


def test_no_file_at_all_is_said_at_the_field(browser: Client, open_step: Step) -> None:
    answer = browser.post(address("hand_in", open_step), {"request_key": str(uuid.uuid4())}, headers=HTMX)
    assert (answer.status_code, "提出するファイルを選んでください。" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("extra", [1, 10 * 1024 * 1024])
def test_a_file_too_large_is_refused_in_words(extra: int, browser: Client, open_step: Step) -> None:
    limit = open_step.case_version.pack().limits.bytes
    answer = send(browser, open_step, b"0" * (limit + extra))
    assert (answer.status_code, Submission.objects.count()) == (413, 0)
    assert "上限" in answer.content.decode()
    assert "data-feedback" in answer.content.decode()


def test_a_double_click_hands_in_once_and_another_file_is_another_one(browser: Client, open_step: Step) -> None:
    key = str(uuid.uuid4())
    for value in (1.0, 1.0, 2.0):
        assert send(browser, open_step, csv_file(open_step, value=value), request_key=key).status_code == 200
    assert Submission.objects.count() == 2


def test_the_daily_limit_is_said_with_the_time_it_ends(browser: Client, open_step: Step) -> None:
    answers = [send(browser, open_step, csv_file(open_step, value=value)) for value in (1.0, 2.0, 3.0, 4.0)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "1日の提出上限（3回）に達しました" in answers[-1].content.decode()
    assert "今日の提出回数を使い切りました" in browser.get(address("hand_in", open_step)).content.decode()


def test_before_the_opening_there_is_no_form(browser: Client, open_step: Step) -> None:
    reschedule(open_step, opens=timedelta(days=1), closes=timedelta(days=2))
    assert 'type="file"' not in browser.get(address("hand_in", open_step)).content.decode()
    assert send(browser, open_step, csv_file(open_step)).status_code == 409


def test_after_the_deadline_the_page_warns_and_marks_late_work(browser: Client, closed_step: Step) -> None:
    assert "締切を過ぎています" in browser.get(address("hand_in", closed_step)).content.decode()
    answer = send(browser, closed_step, csv_file(closed_step))
    assert (answer.status_code, "締切後</span>" in answer.content.decode()) == (200, True)


def test_late_work_shows_no_final_score(closed_step: Step, enrolment: Enrolment) -> None:
    """It could be sent in again and again to probe a truth on which another cohort still works."""
    late = graded(closed_step, enrolment)
    entry = entry_of(late, step=closed_step)
    assert (entry.is_scored, entry.final) == (True, None)


def test_without_a_team_a_team_step_says_what_to_do(browser: Client, open_step: Step) -> None:
    Step.objects.filter(pk=open_step.pk).update(by="team")
    page = browser.get(address("hand_in", open_step)).content.decode()
    assert ("まだチームに入っていません" in page, 'type="file"' in page) == (True, False)
    assert send(browser, open_step, csv_file(open_step)).status_code == 409


def test_the_page_names_the_stream_to_follow(browser: Client, open_step: Step, enrolment: Enrolment) -> None:
    page = browser.get(address("hand_in", open_step)).content.decode()
    assert f'data-live-stream="enrolment:{enrolment.pk}" data-live-seq="0"' in page


def test_a_row_asked_for_again_shows_the_score_and_the_quota(
    browser: Client, open_step: Step, enrolment: Enrolment
) -> None:
    submission = graded(open_step, enrolment)
    row = browser.get(address("row", open_step, submission.pk)).content.decode()
    assert row.startswith(f'<tr id="submission-{submission.pk}"')
    assert ("採点済み" in row, "data-unfinished" in row) == (True, False)
    assert 'id="quota"' in row
    assert 'id="standing" hx-swap-oob="true"' in row


def test_the_history_is_paged(
    browser: Client, open_step: Step, enrolment: Enrolment, django_assert_max_num_queries: Any
) -> None:
    first = graded(open_step, enrolment)
    now = timezone.now()
    for hour in range(25):
        copy = Submission.objects.get(pk=first.pk)
        copy.pk, copy.request_key, copy.created_at = None, None, now - timedelta(hours=hour)
        copy.save()
        grading = type(first.grading).objects.get(pk=first.grading.pk)
        grading.pk, grading.submission = None, copy
        grading.save()

    with django_assert_max_num_queries(30):
        page = browser.get(address("hand_in", open_step)).content.decode()
    second = browser.get(address("hand_in", open_step) + "?page=2").content.decode()
    assert (page.count("data-submission="), second.count("data-submission=")) == (20, 6)
