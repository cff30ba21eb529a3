"""Checking and opening badges is open to all, but nobody keeps the site busy with it."""

import pytest
from django.test import Client
from django.urls import reverse

from campus.badges.models import Award
from campus.badges.pages import public as public_pages
from campus.badges.pages import verifying
from campus.people.models import Person
from tests.campus.cast import signed_in
from tests.campus.submissions.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two a minute."""
    monkeypatch.setattr(verifying, "MOST", "2/m")
    monkeypatch.setattr(public_pages, "MOST", "2/m")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Please try again in"), ("ja", "秒後にもう一度送信してください")]
)
def test_who_checks_too_many_is_asked_to_wait_and_what_was_typed_stays(language: str, words: str) -> None:
    browser, address = Client(headers={"accept-language": language}), reverse("badges:verify")
    for _ in range(2):
        assert browser.post(address, {"text": "hello"}).status_code == 200

    answer = browser.post(address, {"text": "what I typed"})

    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 61
    assert words in text_of(answer)
    assert "what I typed" in answer.content.decode()
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"text": "hello"}, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_pages_and_files_of_badges_are_counted_together(public: Award, learner: Person) -> None:
    stranger = Client(headers={"accept-language": "en"})
    file = reverse("badges:baked", args=[public.uid])
    assert [stranger.get(one).status_code for one in (public.path, file, public.path)] == [200, 200, 429]

    refused = stranger.get(file)
    assert (refused.status_code, "Retry-After" in refused) == (429, True)
    assert "Please wait a moment" in text_of(refused)
    assert signed_in(learner).get(public.path).status_code == 200
    assert stranger.get(public.path, REMOTE_ADDR="192.0.2.7").status_code == 200
