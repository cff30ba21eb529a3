"""Summaries by mail: at seven by the reader's clock, once, and only of what is unread then."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from campus.discussion.models import Place, Post, Rhythm, Thread
from campus.discussion.reading import mark_read
from campus.discussion.summaries import choose_rhythm, rhythm_of, send_summaries
from campus.notices.actions import unsubscribe
from campus.notices.models import Mail
from campus.notices.writing import NotNeeded, compose
from campus.people.models import Person
from tests.campus.cast import signed_in
from tests.campus.discussion.conftest import ask, say

pytestmark = pytest.mark.django_db


def morning(*, zone: str = "Asia/Tokyo", weekday: int | None = None) -> datetime:
    """The next seven o'clock there, on that day of the week."""
    local = timezone.now().astimezone(ZoneInfo(zone)) + timedelta(days=1)
    while weekday is not None and local.weekday() != weekday:
        local += timedelta(days=1)
    return local.replace(hour=7, minute=0, second=0, microsecond=0).astimezone(UTC)


def make_recent(at: datetime) -> None:
    """Posts of an hour before."""
    Post.objects.update(created_at=at - timedelta(hours=1))
    Thread.objects.update(last_post_at=at - timedelta(hours=1))


def owed(person: Person) -> int:
    return Mail.objects.filter(person=person, kind="discussion.summary").count()


@pytest.fixture
def answered(thread: Thread, mate: Person) -> Thread:
    """The learner's question with an answer that she has not read."""
    say(thread, mate, "こうしました。")
    return thread


def test_whoever_has_something_unread_gets_one_in_the_morning(answered: Thread, learner: Person, mate: Person) -> None:
    at = morning(weekday=2)
    make_recent(at)
    send_summaries(at - timedelta(minutes=1))
    assert owed(learner) == 0
    for minutes in (0, 5, 170):
        send_summaries(at + timedelta(minutes=minutes))
    assert (owed(learner), owed(mate)) == (1, 0)
    assert not learner.notices.filter(kind="discussion.summary").exists()


def test_it_says_what_is_unread_in_the_readers_language(answered: Thread, learner: Person) -> None:
    at = morning(weekday=2)
    make_recent(at)
    send_summaries(at)
    message = compose(Mail.objects.get(person=learner, kind="discussion.summary")).message
    text = message.get_body(("plain",)).get_content()
    assert message["Subject"] == "ディスカッションに未読があります"
    assert "欠品の扱い" in text
    assert answered.path in text
    assert message["List-Unsubscribe"]
    html = message.get_body(("html",)).get_content()
    assert '<html lang="ja">' in html
    assert f'{answered.path}"><strong>欠品の扱い</strong></a> (未読' in html
    assert "/notices/unsubscribe/?key=" in html


def test_what_was_read_or_removed_meanwhile_is_not_sent(answered: Thread, learner: Person) -> None:
    at = morning(weekday=2)
    make_recent(at)
    send_summaries(at)
    answered.refresh_from_db()
    mark_read(thread=answered, person=learner, number=2)
    with pytest.raises(NotNeeded):
        compose(Mail.objects.get(person=learner, kind="discussion.summary"))


def test_each_zone_has_its_own_morning(answered: Thread, learner: Person) -> None:
    Person.objects.filter(pk=learner.pk).update(time_zone="America/New_York")
    at = morning(zone="America/New_York", weekday=2)
    make_recent(at)
    send_summaries(morning(weekday=2))
    assert owed(learner) == 0
    send_summaries(at)
    assert owed(learner) == 1


def test_old_news_are_not_told_again(answered: Thread, learner: Person) -> None:
    at = morning(weekday=2)
    make_recent(at - timedelta(days=2))
    send_summaries(at)
    assert owed(learner) == 0


def test_once_a_week_means_mondays(answered: Thread, learner: Person) -> None:
    choose_rhythm(person=learner, rhythm=Rhythm.WEEKLY)
    wednesday, monday = morning(weekday=2), morning(weekday=0)
    make_recent(wednesday)
    send_summaries(wednesday)
    assert owed(learner) == 0
    make_recent(monday - timedelta(days=5))
    send_summaries(monday)
    assert owed(learner) == 1


def test_the_mails_link_and_the_page_say_the_same(answered: Thread, learner: Person) -> None:
    assert rhythm_of(learner) == Rhythm.DAILY
    unsubscribe(person_id=learner.pk, group="discussion-summary")
    assert rhythm_of(learner) == Rhythm.NEVER
    at = morning(weekday=2)
    make_recent(at)
    send_summaries(at)
    assert owed(learner) == 0
    client = signed_in(learner)
    assert 'value="never" checked' in client.get("/unread/").content.decode()
    client.post("/unread/summary/", {"rhythm": "weekly"})
    assert rhythm_of(learner) == Rhythm.WEEKLY
    client.post("/unread/summary/", {"rhythm": "hourly"})
    assert rhythm_of(learner) == Rhythm.WEEKLY
    # Off here, on again among the notices: neither page says anything else than the other.
    client.post("/unread/summary/", {"rhythm": "never"})
    client.post("/notices/settings/", {"discussion-summary": "mail"})
    assert rhythm_of(learner) == Rhythm.WEEKLY
    # It is a mail and nothing else: there is nothing to choose in the page.
    assert client.get("/notices/settings/").content.decode().count('name="discussion-summary"') == 1


def test_who_lost_the_right_to_read_is_told_nothing(places: dict[str, Place], learner: Person, mate: Person) -> None:
    thread = ask(places["class"], learner)
    say(thread, mate)
    at = morning(weekday=2)
    make_recent(at)
    send_summaries(at)
    learner.enrolments.update(study_class=None)
    with pytest.raises(NotNeeded):
        compose(Mail.objects.get(person=learner, kind="discussion.summary"))
