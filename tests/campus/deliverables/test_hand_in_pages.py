"""The form on the page of a step, and what a browser sends from it."""

import re
import uuid
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client

from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.deliverables.models import Deliverable, Draft
from campus.people.models import Person
from tests.campus.cast import reschedule, signed_in
from tests.campus.deliverables.files import CSV, sent, slides, upload

pytestmark = pytest.mark.django_db


def step_page(step: Step) -> str:
    return f"/cohorts/{step.cohort.slug}/cases/{step.cohort_case.slug}/steps/{step.key}/"


def hand_in_page(step: Step) -> str:
    return f"{step_page(step)}hand-in/"


def draft_address(step: Step) -> str:
    return f"{hand_in_page(step)}draft/"


def test_the_step_shows_the_form_and_then_what_was_handed_in(step: Step, browser: Client, english: None) -> None:
    assert 'name="ai_use"' in browser.get(step_page(step)).content.decode()
    answer = browser.post(hand_in_page(step), sent(uploads=[upload("提案.pdf", slides())]), follow=True)
    assert answer.redirect_chain == [(step_page(step), 302)]
    page = answer.content.decode()
    made = Deliverable.objects.get()
    assert f'href="/cohorts/spring/deliverables/{made.pk}/"' in page
    assert [file.name for file in made.files.all()] == ["提案.pdf"]


def test_who_is_reviewed_without_a_name_is_asked_to_write_none(step: Step, team_step: Step, browser: Client) -> None:
    asked = "名前を伏せて評価します"
    assert asked not in browser.get(hand_in_page(team_step)).content.decode(), "nobody reviews in this case"
    version = step.case_version
    version.manifest["steps"].append({"key": "reviews", "kind": "review"})
    version.save()
    assert asked in browser.get(hand_in_page(team_step)).content.decode()
    assert asked not in browser.get(hand_in_page(step)).content.decode(), "no rubric judges the first step"


def test_nothing_typed_is_lost_when_something_is_missing(step: Step, browser: Client) -> None:
    answer = browser.post(hand_in_page(step), sent(ai_use="", text="大事な文章", uploads=[upload("a.csv", CSV)]))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "大事な文章" in page
    assert "a.csv" in page
    assert [file.name for file in Draft.objects.get().files.all()] == ["a.csv"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("slides.pptx", b"PK\x03\x04", "PDFで保存"),
        ("table.xlsx", b"PK\x03\x04", "CSV"),
        ("movie.mp4", b"x", "PNG"),
        ("page.pdf", b"<html>", "形式"),
        ("notes.ipynb", b"[]", "形式"),
        ("empty.csv", b"", "空"),
        ("photo.png", b"\x89PNG\r\n\x1a\nnot a picture", "形式"),
    ],
)
def test_a_file_that_cant_be_taken_is_explained_and_the_rest_is_kept(
    step: Step, browser: Client, name: str, data: bytes, words: str
) -> None:
    answer = browser.post(hand_in_page(step), sent(text="本文", uploads=[upload(name, data), upload("a.csv", CSV)]))
    assert answer.status_code == 422
    fault = re.search(r'<p class="error" role="alert">(.*?)</p>', answer.content.decode())
    assert fault is not None
    assert words in fault[1]
    assert not Deliverable.objects.exists()
    draft = Draft.objects.get()
    assert (draft.text, [file.name for file in draft.files.all()]) == ("本文", ["a.csv"])


def test_too_many_files_are_refused_and_the_text_is_kept(step: Step, browser: Client) -> None:
    uploads = [upload(f"{n}.csv", CSV) for n in range(6)]
    assert browser.post(hand_in_page(step), sent(text="本文", uploads=uploads)).status_code == 422
    assert Draft.objects.get().text == "本文"


def test_an_upload_that_is_too_large_is_told_in_words(step: Step, browser: Client, settings: LazySettings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    data = sent(uploads=[upload("a.csv", b"1,2\n" * 40_000)])
    answer = browser.post(hand_in_page(step), data)
    assert answer.status_code == 413
    assert "1000" in answer.content.decode()
    assert browser.post(draft_address(step), data).status_code == 200


def test_what_is_typed_is_saved_as_one_goes(step: Step, browser: Client) -> None:
    answer = browser.post(draft_address(step), sent(do="", text="途中", _page="p1"), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert 'id="saved"' in answer.content.decode()
    assert Draft.objects.get().text == "途中"
    assert "途中" in browser.get(step_page(step)).content.decode()
    assert browser.post(hand_in_page(step), sent(do="save", text="続き")).status_code == 302
    assert Draft.objects.get().text == "続き"


def test_another_window_is_told_and_overwrites_nothing(step: Step, browser: Client) -> None:
    browser.post(draft_address(step), sent(text="一", _page="p1"))
    answer = browser.post(draft_address(step), sent(text="二", _page="p2", _seen="0"))
    assert "別の画面" in answer.content.decode()
    assert Draft.objects.get().text == "一"


def test_the_same_form_sent_twice_hands_in_once(step: Step, browser: Client) -> None:
    data = sent(request_key=str(uuid.uuid4()))
    for _ in range(2):
        assert browser.post(hand_in_page(step), data).status_code == 302
    assert Deliverable.objects.count() == 1


def test_a_file_is_removed_from_the_draft(step: Step, browser: Client) -> None:
    browser.post(draft_address(step), sent(uploads=[upload("a.csv", CSV)]))
    file = Draft.objects.get().files.get()
    browser.post(hand_in_page(step), sent(do="", _remove=file.pk))
    assert not Draft.objects.get().files.exists()


def test_nobody_removes_anothers_file(step: Step, browser: Client, mate: Person) -> None:
    browser.post(draft_address(step), sent(uploads=[upload("a.csv", CSV)]))
    file = Draft.objects.get().files.get()
    signed_in(mate).post(draft_address(step), sent(_remove=file.pk))
    assert file in Draft.objects.get(enrolment__person__name="Hanako").files.all()


def test_after_the_deadline_the_page_says_what_holds(step: Step, browser: Client, deliverable: Deliverable) -> None:
    reschedule(step, opens=timedelta(days=-3), closes=timedelta(days=-1))
    Deliverable.objects.update(handed_in_at=step.opens_at)
    assert 'name="ai_use"' not in browser.get(step_page(step)).content.decode()
    assert browser.post(hand_in_page(step), sent()).status_code == 409


def test_others_have_no_form(
    step: Step, outsider: Person, mentor: Person, organiser: Person, facilitator: Person, client: Client
) -> None:
    for person in (mentor, organiser, facilitator):
        assert signed_in(person).get(hand_in_page(step)).status_code == 404
        assert signed_in(person).post(hand_in_page(step), sent()).status_code == 404
        page = signed_in(person).get(step_page(step)).content.decode()
        assert 'name="ai_use"' not in page
        assert "/desk/deliverables/" in page
    assert signed_in(outsider).get(hand_in_page(step)).status_code == 404
    assert client.get(hand_in_page(step)).status_code == 302
    assert client.post(draft_address(step), sent(), headers={"HX-Request": "true"}).status_code == 401
    assert not Draft.objects.exists()


def test_a_page_of_a_foreign_site_can_send_nothing(step: Step, learner: Person, enrolment: Enrolment) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(learner, backend="allauth.account.auth_backends.AuthenticationBackend")
    for address in (hand_in_page(step), draft_address(step)):
        assert browser.post(address, sent()).status_code == 403
    assert not Draft.objects.exists()


def test_the_step_costs_a_fixed_number_of_queries(
    step: Step, browser: Client, django_assert_max_num_queries: object
) -> None:
    for n in range(3):
        browser.post(hand_in_page(step), sent(text=str(n), uploads=[upload(f"{n}.csv", CSV)]))
    browser.get(step_page(step))
    with django_assert_max_num_queries(45):  # type: ignore[operator]
        browser.get(step_page(step))
