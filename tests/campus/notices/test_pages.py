"""The bell, the list, what people switch off, and the link to unsubscribe."""

from typing import Any

import pytest
from django.test import Client

from campus.live.rights import can_read
from campus.notices.actions import notify
from campus.notices.kinds import kind_of
from campus.notices.models import Preference
from campus.notices.writing import Reader, _unsubscribe_url
from campus.people.models import Person
from tests.campus.cast import signed_in

pytestmark = pytest.mark.django_db
PARTY = {"title": {"ja": "お花見<b>", "en": "the party<b>"}}


@pytest.fixture
def browser(learner: Person) -> Client:
    return signed_in(learner)


def invite(*people: Person, url: str = "/account/") -> None:
    notify(kind="test.invited", to=people, context=PARTY, url=url, mail=False)


def unsubscribe_path(person: Person, kind: str = "test.invited") -> str:
    reader = Reader(person.email, person.name, "ja", "Asia/Tokyo", person.pk)
    return _unsubscribe_url(kind_of(kind), reader).removeprefix("http://127.0.0.1:8000")


def test_the_bell_shows_the_number_of_unread_notices(browser: Client, learner: Person, mate: Person) -> None:
    assert '<span class="bell-count" hidden>' in browser.get("/").content.decode()
    invite(learner, mate)
    invite(learner)
    page = browser.get("/").content.decode()
    assert '<span class="bell-number">2</span>' in page
    assert f'data-live-stream="person:{learner.pk}"' in page


def test_strangers_see_no_bell() -> None:
    assert 'class="bell"' not in Client().get("/").content.decode()


def test_the_stream_of_a_person_is_read_by_that_person_only(learner: Person, mate: Person) -> None:
    assert can_read(learner, f"person:{learner.pk}")
    assert not can_read(mate, f"person:{learner.pk}")


def test_the_list_shows_own_notices_in_the_readers_language(browser: Client, learner: Person, mate: Person) -> None:
    invite(learner, mate)
    page = browser.get("/notices/").content.decode()
    assert page.count("Come to お花見&lt;b&gt;</a>") == 1
    learner.language = "en"
    learner.save()
    assert "Come to the party&lt;b&gt;" in browser.get("/notices/").content.decode()


def test_opening_a_notice_leads_to_its_page_and_marks_it_read(browser: Client, learner: Person) -> None:
    invite(learner)
    notice = learner.notices.get()
    answer = browser.get(f"/notices/{notice.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert not learner.notices.unread().exists()


def test_notices_can_be_marked_read_one_by_one_or_all_at_once(browser: Client, learner: Person) -> None:
    for _ in range(3):
        invite(learner)
    browser.post(f"/notices/{learner.notices.earliest('pk').pk}/read/")
    assert learner.notices.unread().count() == 2
    browser.post("/notices/read/", {"until": "no moment"})
    assert learner.notices.unread().count() == 0


def test_notices_of_others_do_not_exist(learner: Person, mate: Person) -> None:
    invite(learner)
    notice = learner.notices.get()
    other = signed_in(mate)
    assert other.get(f"/notices/{notice.pk}/").status_code == 404
    assert other.post(f"/notices/{notice.pk}/read/").status_code == 404
    assert learner.notices.unread().count() == 1


@pytest.mark.parametrize("path", ["/notices/", "/notices/settings/", "/notices/1/"])
def test_strangers_are_sent_to_sign_in(path: str, db: None) -> None:
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_a_long_list_is_cut_into_pages_with_few_queries(
    browser: Client, learner: Person, django_assert_max_num_queries: Any
) -> None:
    for _ in range(45):
        invite(learner)
    with django_assert_max_num_queries(8):
        page = browser.get("/notices/?page=2").content.decode()
    assert page.count("Come to") == 20 * 2  # Each in its link and beside its button.


def test_people_choose_how_they_hear_of_things(browser: Client, learner: Person) -> None:
    assert "Parties" in browser.get("/notices/settings/").content.decode()
    browser.post("/notices/settings/", {"party": ["page"]})
    chosen = Preference.objects.get(person=learner, group="party")
    assert (chosen.in_page, chosen.by_mail) == (True, False)

    browser.post("/notices/settings/", {})
    chosen.refresh_from_db()
    assert (chosen.in_page, chosen.by_mail) == (False, False)


def test_a_link_asks_first_and_a_mail_programme_unsubscribes_by_one_click(learner: Person) -> None:
    stranger, path = Client(enforce_csrf_checks=True), unsubscribe_path(learner)
    assert stranger.get(path).status_code == 200
    assert not Preference.objects.exists()

    answer = stranger.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    chosen = Preference.objects.get(person=learner, group="party")
    assert (chosen.in_page, chosen.by_mail) == (True, False)


def test_a_forged_link_unsubscribes_nobody(learner: Person) -> None:
    path = unsubscribe_path(learner)
    assert Client().post(path[:-3] + "xyz").status_code == 404
    assert not Preference.objects.exists()
