"""Several people write at once: numbers have no holes, events come in their order, a repetition is one post."""

import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import connection

from campus.discussion.actions import set_thanks
from campus.discussion.models import Place, Post, Thread
from campus.people.models import Person
from tests.campus.discussion.conftest import ask, events, say

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(works: list[Callable[[], object]]) -> None:
    """Begin all of them together, each on a connection of its own; none may fail."""
    barrier, failed = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        try:
            barrier.wait(20)
            work()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_posts_are_numbered_and_told_in_one_order(place: Place, organiser: Person, facilitator: Person) -> None:
    thread = ask(place, organiser)

    def several(person: Person) -> Callable[[], object]:
        return lambda: [say(Thread.objects.select_related("place__cohort").get(pk=thread.pk), person) for _ in range(8)]

    at_once([several(organiser), several(facilitator), several(organiser), several(facilitator)])
    numbers = list(Post.objects.filter(thread=thread).order_by("pk").values_list("number", flat=True))
    assert sorted(numbers) == list(range(1, 34))
    assert [payload["number"] for _, payload in events(thread.stream)] == list(range(1, 34))


def test_a_request_sent_twice_at_once_is_one_post(place: Place, organiser: Person) -> None:
    thread, key = ask(place, organiser), uuid.uuid4()
    at_once([lambda: say(Thread.objects.select_related("place__cohort").get(pk=thread.pk), organiser, key=key)] * 4)
    assert Post.objects.filter(thread=thread).count() == 2
    assert len(events(thread.stream)) == 2


def test_thanks_sent_at_once_are_counted_right(
    place: Place, organiser: Person, facilitator: Person, mentor: Person
) -> None:
    post = ask(place, organiser).posts.select_related("thread__place__cohort").get()
    at_once([lambda one=one: set_thanks(post=post, person=one, is_thankful=True) for one in (facilitator, mentor) * 2])
    post.refresh_from_db()
    assert post.thanks_count == post.thanks.count() == 2
