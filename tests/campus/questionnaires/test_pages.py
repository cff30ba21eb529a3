"""The respondent's pages: what they show and keep, and who finds none."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campus.cohorts.models import Cohort
from campus.people.models import Person
from campus.questionnaires.actions import add_file, start
from campus.questionnaires.models import Question, Questionnaire
from campus.questionnaires.queries import is_complete, response_of
from tests.campus.cast import make_person, signed_in
from tests.campus.questionnaires.conftest import ANSWERS, TYPED, asked, make_form, submitted

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a file"


def page_of(questionnaire: Questionnaire, below: str = "") -> str:
    return f"/cohorts/spring/forms/{questionnaire.pk}/{below}"


def test_a_form_is_filled_in_and_submitted(questionnaire: Questionnaire, learner: Person) -> None:
    client = signed_in(learner)
    assert "Name（日）" in client.get(page_of(questionnaire)).text
    answer = client.post(page_of(questionnaire), TYPED | {"do": "submit"}, follow=True)
    assert "回答を提出しました" in answer.text
    assert is_complete(learner, questionnaire)
    made = answer.context["sheet"].in_force
    assert made.answers == ANSWERS


def test_saving_for_later_submits_nothing(questionnaire: Questionnaire, learner: Person) -> None:
    client = signed_in(learner)
    client.post(page_of(questionnaire), {"name": "Hana", "do": "save"})
    assert not is_complete(learner, questionnaire)
    assert 'value="Hana"' in client.get(page_of(questionnaire)).text


def test_an_error_loses_nothing_that_was_typed_or_added(questionnaire: Questionnaire, learner: Person) -> None:
    client = signed_in(learner)
    file = SimpleUploadedFile("cv.pdf", PDF)
    sent = {"years": "many", "why": "I want to", "cv-upload": file, "do": "submit"}
    answer = client.post(page_of(questionnaire), sent)
    assert answer.status_code == 422
    for kept in ['value="many"', "I want to", "cv.pdf", 'class="error-summary"']:
        assert kept in answer.text
    assert 'value="many"' in client.get(page_of(questionnaire)).text
    response = response_of(learner, questionnaire)
    assert response is not None
    assert response.files.get().name == "cv.pdf"


def test_a_refused_file_is_explained_beside_its_question(questionnaire: Questionnaire, learner: Person) -> None:
    client = signed_in(learner)
    sent = {"name": "Hana", "cv-upload": SimpleUploadedFile("cv.exe", b"MZ"), "do": "submit"}
    answer = client.post(page_of(questionnaire), sent)
    assert answer.status_code == 422
    assert "この種類のファイルは添付できません" in answer.text
    assert 'value="Hana"' in answer.text


def test_typing_is_saved_along_the_way(questionnaire: Questionnaire, learner: Person) -> None:
    client = signed_in(learner)
    answer = client.post(page_of(questionnaire, "save/"), {"name": "Ha", "evil": "x"}, headers={"HX-Request": "true"})
    assert "保存しました" in answer.text
    response = response_of(learner, questionnaire)
    assert response is not None
    assert response.draft == {"name": ["Ha"]}


def test_without_a_session_saving_says_so_instead_of_showing_a_sign_in_page(
    questionnaire: Questionnaire, client: Client
) -> None:
    answer = client.post(page_of(questionnaire, "save/"), {"name": "Ha"}, headers={"HX-Request": "true"})
    assert answer.status_code == 401


def test_a_file_is_added_and_removed_without_touching_the_rest(questionnaire: Questionnaire, learner: Person) -> None:
    client = signed_in(learner)
    client.post(page_of(questionnaire, "save/"), {"name": "Ha"})
    address = page_of(questionnaire, "questions/cv/file/")
    added = client.post(address, {"cv-upload": SimpleUploadedFile("cv.pdf", PDF)})
    assert "cv.pdf" in added.text
    response = response_of(learner, questionnaire)
    assert response is not None
    assert response.draft == {"name": ["Ha"], "cv": [str(response.files.get().pk)]}
    assert "cv.pdf" not in client.post(address, {"cv-remove": "1"}).text
    assert client.post(page_of(questionnaire, "questions/name/file/")).status_code == 404


def test_files_are_downloads_for_their_owner_and_organisers_only(
    questionnaire: Questionnaire,
    learner: Person,
    mate: Person,
    facilitator: Person,
    mentor: Person,
    organiser: Person,
    outsider: Person,
    client: Client,
) -> None:
    response = start(questionnaire=questionnaire, person=learner)
    question = Question.objects.get(section__version__questionnaire=questionnaire, key="cv")
    file = add_file(response=response, question=question, name="履歴.pdf", data=PDF)
    address = page_of(questionnaire, f"files/{file.pk}/")
    for person in (learner, organiser):
        answer = signed_in(person).get(address)
        assert b"".join(answer.streaming_content) == PDF
        assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "application/octet-stream")
    for person in (mate, facilitator, mentor, outsider):
        assert signed_in(person).get(address).status_code == 404
    assert client.get(address)["Location"].startswith("/accounts/login/")


def test_only_those_who_are_asked_find_the_form(
    questionnaire: Questionnaire,
    facilitator: Person,
    mentor: Person,
    organiser: Person,
    outsider: Person,
    client: Client,
) -> None:
    for person in (facilitator, mentor, organiser, outsider, make_person("Stranger")):
        assert signed_in(person).get(page_of(questionnaire)).status_code == 404
        assert signed_in(person).post(page_of(questionnaire, "save/")).status_code == 404
    assert client.get(page_of(questionnaire))["Location"].startswith("/accounts/login/")


def test_applicants_need_an_account_but_no_enrolment(cohort: Cohort) -> None:
    form = make_form(cohort, [asked("short_text", "name")], purpose="application")
    stranger = make_person("Stranger")
    answer = signed_in(stranger).post(page_of(form), {"name": "S", "do": "submit"})
    assert answer.status_code == 302
    assert is_complete(stranger, form)


def test_an_unpublished_form_is_seen_by_nobody(cohort: Cohort, learner: Person, questionnaire: Questionnaire) -> None:
    questionnaire.versions.update(published_at=None)
    assert signed_in(learner).get(page_of(questionnaire)).status_code == 404


def test_the_list_shows_what_is_owed_first(
    questionnaire: Questionnaire, survey: Questionnaire, learner: Person, outsider: Person
) -> None:
    submitted(questionnaire, learner, TYPED)
    page = signed_in(learner).get("/cohorts/spring/forms/")
    assert [one.questionnaire for one in page.context["forms"]] == [survey, questionnaire]
    assert signed_in(outsider).get("/cohorts/spring/forms/").status_code == 404


def test_pages_ask_the_database_little(
    questionnaire: Questionnaire, learner: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    submitted(questionnaire, learner, TYPED)
    client = signed_in(learner)
    with django_assert_max_num_queries(13):
        client.get(page_of(questionnaire))
    with django_assert_max_num_queries(20):
        client.post(page_of(questionnaire, "save/"), {"name": "Ha"})
    with django_assert_max_num_queries(10):
        client.get("/cohorts/spring/forms/")


# --- The same form open twice ---


class OpenForm:
    """A form as it stands open in one window: sends what its page knows."""

    def __init__(self, client: Client, questionnaire: Questionnaire) -> None:
        self.client, self.address = client, page_of(questionnaire)
        self.hidden = self._hidden(client.get(self.address))

    def _hidden(self, answer: Any) -> dict[str, str]:
        found = dict(re.findall(r'name="(_page|_seen)" value="([^"]*)"', answer.text))
        return getattr(self, "hidden", {}) | {name: unescape(value) for name, value in found.items()}

    def types(self, **typed: str) -> Any:
        """What the page does while one types."""
        answer = self.client.post(f"{self.address}save/", typed | self.hidden, headers={"HX-Request": "true"})
        self.hidden = self._hidden(answer)
        return answer

    def sends(self, **typed: str) -> Any:
        """A button of the form."""
        return self.client.post(self.address, typed | self.hidden)


def draft_of(person: Person, questionnaire: Questionnaire) -> Any:
    response = response_of(person, questionnaire)
    assert response is not None
    return response.draft


def test_two_windows_do_not_overwrite_each_other_unseen(questionnaire: Questionnaire, learner: Person) -> None:
    client = signed_in(learner)
    first, second = OpenForm(client, questionnaire), OpenForm(client, questionnaire)
    assert "保存しました" in first.types(name="Hana").text
    refused = second.types(name="Hanako")
    assert "別の画面または別の端末で変更されています" in refused.text
    assert draft_of(learner, questionnaire) == {"name": ["Hana"]}
    assert "保存しました" in first.types(name="Hana A").text


def test_a_button_in_the_older_window_keeps_what_was_typed_there(questionnaire: Questionnaire, learner: Person) -> None:
    client = signed_in(learner)
    first, second = OpenForm(client, questionnaire), OpenForm(client, questionnaire)
    first.types(name="Hana")
    answer = second.sends(name="Hanako", do="submit")
    assert answer.status_code == 422
    assert 'value="Hanako"' in answer.text
    assert draft_of(learner, questionnaire) == {"name": ["Hana"]}

    stamp = unescape(re.findall(r'name="_instead" value="([^"]*)"', answer.text)[0])
    assert second.sends(name="Hanako", _instead=stamp).status_code == 302
    assert draft_of(learner, questionnaire) == {"name": ["Hanako"]}


def test_a_window_goes_on_with_what_it_saved_itself_before_it_heard_of_it(
    questionnaire: Questionnaire, learner: Person
) -> None:
    window = OpenForm(signed_in(learner), questionnaire)
    before = dict(window.hidden)
    window.types(name="Hana")
    window.hidden = before  # It is left, and the browser sends the rest without having heard the answer.
    window.types(name="Hana B")
    assert draft_of(learner, questionnaire) == {"name": ["Hana B"]}


def test_a_file_in_an_older_window_is_kept_and_hides_nothing(questionnaire: Questionnaire, learner: Person) -> None:
    client = signed_in(learner)
    first, second = OpenForm(client, questionnaire), OpenForm(client, questionnaire)
    first.types(name="Hana")
    sent = second.hidden | {"cv-upload": SimpleUploadedFile("cv.pdf", PDF)}
    answer = client.post(page_of(questionnaire, "questions/cv/file/"), sent, headers={"HX-Request": "true"})
    second.hidden = second._hidden(answer)
    assert "別の画面" in second.types(name="Hanako").text
    assert draft_of(learner, questionnaire)["name"] == ["Hana"]
