"""Searches that people keep: how much is new since they last looked, on the page and in the morning's mail."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campus.cohorts.models import Cohort
from campus.discussion.models import Place, SavedSearch, Summary, Thread
from campus.discussion.search.saved import MOST_KEPT, finds_of
from campus.discussion.summaries import send_summaries
from campus.notices.models import Mail
from campus.notices.writing import NotNeeded, compose
from campus.people.models import Person
from tests.campus.cast import signed_in
from tests.campus.discussion.conftest import ask, say
from tests.campus.discussion.test_search import SEARCH
from tests.campus.discussion.test_summaries import make_recent, morning

pytestmark = pytest.mark.django_db


def save(client: Client, asked: str = "q=欠品", *, name: str = "欠品の話", **more: str) -> None:
    client.post(f"{SEARCH}save/", {"asked": asked, "name": name, **more})


def fill(person: Person, cohort: Cohort, count: int) -> None:
    rows = (SavedSearch(person=person, cohort=cohort, name=f"{n}", q=f"語{n}") for n in range(count))
    SavedSearch.objects.bulk_create(rows)


def counts(person: Person) -> dict[str, int]:
    return {one.search.name: one.count for one in finds_of(SavedSearch.objects.filter(person=person))}


@pytest.fixture
def saved(thread: Thread, learner: Person) -> SavedSearch:
    """The learner looks for shortages, in her mail too; her own question is known to her."""
    save(signed_in(learner), in_summary="on")
    return SavedSearch.objects.select_related("person", "cohort").get()


def test_what_others_wrote_since_is_counted_until_one_looks(
    saved: SavedSearch, thread: Thread, learner: Person, mate: Person, places: dict[str, Place], stranger: Person
) -> None:
    client = signed_in(learner)
    assert counts(learner) == {"欠品の話": 0}
    say(thread, mate, "欠品は補正します。")
    say(thread, mate, "別の話です。")
    say(thread, learner, "欠品、なるほど。")
    ask(places["class"], mate, title="クラスの欠品")
    assert counts(learner) == {"欠品の話": 2}
    assert "新着2件" in client.get(SEARCH).content.decode()
    shown = client.get(SEARCH + saved.query).content.decode()
    assert shown.count('<span class="chip info">') == 2  # Which of them are new.
    assert counts(learner) == {"欠品の話": 0}
    # Nothing from where one may not read.
    save(signed_in(stranger), name="私の")
    ask(places["class"], mate, title="クラスの欠品、その2")
    assert (counts(learner)["欠品の話"], counts(stranger)["私の"]) == (1, 0)


def test_the_same_search_is_kept_once_and_so_many_at_most(
    saved: SavedSearch, learner: Person, place: Place, cohort: Cohort
) -> None:
    client = signed_in(learner)
    save(client, name="別の名前")
    assert list(SavedSearch.objects.values_list("name", "in_summary")) == [("別の名前", False)]
    save(client, f"q=欠品&place={place.pk}&accepted=on", name="この場所")
    found = SavedSearch.objects.get(name="この場所")
    assert (found.place, found.accepted) == (place, True)
    for asked, name in (("q=", "空"), ("q=欠品", ""), ("place=999999", "なし")):
        save(client, asked, name=name)
    assert SavedSearch.objects.count() == 2
    fill(learner, cohort, MOST_KEPT - 2)
    save(client, "q=もう一つ", name="多すぎる")
    assert SavedSearch.objects.count() == MOST_KEPT


def test_the_page_is_bounded(
    saved: SavedSearch, learner: Person, cohort: Cohort, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    SavedSearch.objects.bulk_create(
        SavedSearch(person=learner, cohort=cohort, name=f"{n}", q=f"語{n}") for n in range(19)
    )
    client = signed_in(learner)
    with django_assert_max_num_queries(45):
        shown = client.get(SEARCH + saved.query).content.decode()
    assert shown.count("/remove/") == 10


def test_nobody_else_sees_or_removes_it(
    saved: SavedSearch, learner: Person, mate: Person, organiser: Person, outsider: Person
) -> None:
    path = f"{SEARCH}saved/{saved.pk}/remove/"
    for other in (mate, organiser, outsider):
        client = signed_in(other)
        assert client.post(path).status_code == 404
        assert "欠品の話" not in client.get(SEARCH).content.decode()
    assert signed_in(outsider).post(f"{SEARCH}save/", {"asked": "q=x", "name": "x"}).status_code == 404
    assert Client().post(path)["Location"].startswith("/accounts/login/")
    signed_in(learner).post(path)
    assert not SavedSearch.objects.exists()


def test_new_finds_stand_in_the_summary(saved: SavedSearch, place: Place, mate: Person, learner: Person) -> None:
    ask(place, mate, title="欠品の日をどう数えますか")
    at = morning(weekday=2)
    make_recent(at)
    send_summaries(at)
    (mail,) = Mail.objects.filter(kind="discussion.summary")
    assert mail.person == learner
    text = compose(mail).message.get_body().get_content()  # type: ignore[union-attr]
    assert "欠品の話" in text
    assert f"{SEARCH}{saved.query}" in text
    signed_in(learner).get(SEARCH + saved.query)
    with pytest.raises(NotNeeded):
        compose(mail)


def test_no_mail_without_a_wish_or_without_news(
    saved: SavedSearch, thread: Thread, place: Place, mate: Person, learner: Person
) -> None:
    at = morning(weekday=2)
    make_recent(at - timedelta(days=3))
    send_summaries(at)
    SavedSearch.objects.update(in_summary=False)
    ask(place, mate, title="欠品の日")
    make_recent(at)
    send_summaries(at + timedelta(minutes=5))
    assert not Mail.objects.filter(kind="discussion.summary", person=learner).exists()
    assert not Summary.objects.exists()
