"""The demo's conversation: people answer each other, something is unread, and nobody writes where they may not."""

import pytest

from campus.cases.models import Step
from campus.cohorts.models import Cohort, Enrolment, StudyClass
from campus.demo.conversation import converse
from campus.demo.people import LEARNER, MATE
from campus.discussion.models import Flag, PlaceKind, Post, Thread
from campus.discussion.places import readers_of
from campus.discussion.queries import unread_threads
from campus.people.models import Person
from campus.teams.models import Team
from tests.campus.cast import enrol, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def spoken(
    cohort: Cohort,
    study_class: StudyClass,
    open_step: Step,
    learner: Person,
    mate: Person,
    team: Team,
    mentor: Person,
    organiser: Person,
    enrolment: Enrolment,
) -> Cohort:
    for person, account in ((learner, LEARNER), (mate, MATE)):
        Person.objects.filter(pk=person.pk).update(email=account.email, name=account.name)
    for number in range(1, 20):
        enrol(make_person(f"learner{number:04d}"), cohort, study_class=study_class)
    converse(cohort)
    return cohort


def test_it_fills_every_kind_of_place_and_is_written_once(spoken: Cohort) -> None:
    count = Post.objects.count()
    kinds = set(Thread.objects.values_list("place__kind", flat=True))
    assert kinds == {PlaceKind.COHORT, PlaceKind.CLASS, PlaceKind.STEP, PlaceKind.TEAM}
    assert count > 50
    assert list(Post.objects.order_by("created_at", "pk")) == list(Post.objects.order_by("pk"))
    converse(spoken)
    assert Post.objects.count() == count


def test_everybody_writes_where_they_read(spoken: Cohort) -> None:
    for thread in Thread.objects.select_related("place__cohort", "place__step", "place__team"):
        authors = set(thread.posts.values_list("author", flat=True))
        assert authors <= set(readers_of(thread.place).values_list("pk", flat=True)), thread.title
        moments = list(thread.posts.order_by("number").values_list("created_at", flat=True))
        assert moments == sorted(moments), thread.title


def test_the_learner_has_something_to_read_and_is_mentioned(spoken: Cohort, learner: Person) -> None:
    unread = unread_threads(Person.objects.get(pk=learner.pk))
    assert 3 <= unread.count() < Thread.objects.count()
    assert learner.mentions.count() == 2
    assert Flag.objects.waiting().get().post.author != Flag.objects.get().person
    assert Thread.objects.filter(kind="question", accepted=None).exists()
