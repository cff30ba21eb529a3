"""Files that are refused again and again: free, but not endless."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.people.models import Person
from campus.submissions import pace, refusals
from campus.submissions.actions import Upload, hand_in
from campus.submissions.models import Submission
from campus.submissions.quota import quota_of
from grader.contract import State
from tests.campus.api.calls import as_person, path_of, problem
from tests.campus.cast import signed_in
from tests.campus.submissions.files import csv_file, graded, upload
from tests.campus.submissions.pages import address, text_of

pytestmark = pytest.mark.django_db
BAD = Upload("bad.csv", b"no,header\n")


@pytest.fixture
def too_fast(open_step: Step, enrolment: Enrolment) -> None:
    """She has had as many files refused as are read in a while."""
    for _ in range(pace.MOST_REFUSED):
        with pytest.raises(refusals.FormatRefused):
            hand_in(step=open_step, enrolment=enrolment, upload=BAD)


def test_after_many_refused_files_even_a_good_one_has_to_wait(
    too_fast: None, open_step: Step, enrolment: Enrolment
) -> None:
    with pytest.raises(refusals.TooManyRefused) as refused:
        hand_in(step=open_step, enrolment=enrolment, upload=upload(open_step))

    assert timedelta(minutes=9) < refused.value.resets_at - timezone.now() <= pace.WITHIN
    assert not Submission.objects.exists()
    assert quota_of(step=open_step, owner=Submission(step=open_step, enrolment=enrolment).owner).used == 0


def test_it_is_nobody_elses_trouble(too_fast: None, open_step: Step, mate_enrolment: Enrolment) -> None:
    assert graded(open_step, mate_enrolment).grading.state == State.SCORED


def test_some_time_later_files_are_read_again(
    too_fast: None, open_step: Step, enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = timezone.now() + pace.WITHIN
    monkeypatch.setattr(pace.timezone, "now", lambda: later)

    assert pace.free_again_at(enrolment.person) is None


@pytest.mark.parametrize(
    ("language", "words"), [("ja", "20個のファイルが受け付けられませんでした"), ("en", "20 of your files were refused")]
)
def test_the_page_says_so_in_words(too_fast: None, open_step: Step, learner: Person, language: str, words: str) -> None:
    learner.language = language
    learner.save()
    browser = signed_in(learner)
    key = browser.get(address("hand_in", open_step)).context["form"]["request_key"].value()

    answer = browser.post(
        address("hand_in", open_step),
        {"file": SimpleUploadedFile("mine.csv", csv_file(open_step)), "request_key": key},
    )

    assert answer.status_code == 429
    assert words in text_of(answer)


def test_the_api_says_when_to_come_back(too_fast: None, open_step: Step, learner: Person) -> None:
    file = SimpleUploadedFile("mine.csv", csv_file(open_step), "text/csv")

    answer = as_person(learner).post(path_of(open_step, "/submissions"), {"file": file})

    assert (answer.status_code, problem(answer)["code"]) == (429, "too_many_refused_files")
    assert 500 < int(answer["Retry-After"]) <= 601
