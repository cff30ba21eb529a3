"""Questions don't stay alone: after some hours they are offered to people who may well know.

Who may know: learners who have handed in the step that the question is about, and those who were thanked in threads
about the same step or topic; then those who are thanked elsewhere. Nobody is asked more than once a day.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from campus import live
from campus.cases.hand_ins import hand_ins_of
from campus.cases.models import Step
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role
from campus.discussion.models import Level, Offer, Post, Reading, Thanks, Thread, ThreadKind, Voice
from campus.discussion.notices import OFFER
from campus.discussion.places import moderated_places, readers_of
from campus.discussion.queries import whole_threads
from campus.notices.actions import notify
from campus.people.models import Person
from campus.teams.models import Membership

OFFER_AFTER = timedelta(hours=4)
SHOW_AFTER = timedelta(hours=20)  # on the facilitator's page
OFFER_UNTIL = timedelta(days=7)
REST = timedelta(days=1)  # between two offers to the same person
MOST_ASKED = 5
AT_ONCE = 50


def unanswered(now: datetime, *, after: timedelta) -> QuerySet[Thread]:
    """Open questions of at least that age under which nobody but the asker has written."""
    replies = Post.objects.filter(thread=OuterRef("pk"), deleted_at=None, hidden_at=None)
    waiting = whole_threads().filter(
        kind=ThreadKind.QUESTION, accepted=None, hidden_at=None, locked_at=None, created_at__lte=now - after
    )
    return waiting.exclude(Exists(replies.exclude(author=OuterRef("author"))))


def unanswered_for(person: Person, cohort: Cohort, *, now: datetime, after: timedelta = SHOW_AFTER) -> QuerySet[Thread]:
    """Those where the person keeps order, the longest waiting first; ``asked`` counts to whom they were offered."""
    waiting = unanswered(now, after=after).filter(place__in=moderated_places(person).filter(cohort=cohort))
    return waiting.annotate(asked=Count("offers")).order_by("created_at", "pk")


class OpenQuestion(NamedTuple):
    """A question without an answer: its thread's id, and when it was asked."""

    thread: int
    asked_at: datetime


def open_questions(cohort: Cohort, *, now: datetime) -> dict[int, OpenQuestion]:
    """The one that has waited longest of each who asks in the cohort, by person; one query."""
    rows = unanswered(now, after=SHOW_AFTER).filter(place__cohort=cohort).order_by("-created_at", "-pk")
    return {author: OpenQuestion(pk, at) for author, pk, at in rows.values_list("author", "pk", "created_at")}


def offer_unanswered(now: datetime | None = None) -> int:
    """Offer what has waited for OFFER_AFTER; return how many questions. Each is offered once, whoever calls this."""
    now = now or timezone.now()
    due = unanswered(now, after=OFFER_AFTER).filter(offered_at=None, created_at__gte=now - OFFER_UNTIL)
    return sum(_offer(thread, now) for thread in due.order_by("-created_at")[:AT_ONCE])


def _offer(thread: Thread, now: datetime) -> bool:
    people = able_people(thread, now)[:MOST_ASKED]
    if not people:
        return False  # Somebody may know later: asked again with the next call.
    with live.atomic():
        if not Thread.objects.filter(pk=thread.pk, offered_at=None).update(offered_at=now):
            return False
        Offer.objects.bulk_create(Offer(thread=thread, person=one, at=now) for one in people)
        notify(
            kind=OFFER.name,
            to=people,
            context={"post": thread.posts.get(number=1).pk, "title": thread.title},
            url=thread.path,
            key=f"offer:{thread.pk}",
        )
    return True


def able_people(thread: Thread, now: datetime) -> list[Person]:
    """Whom to ask, the ablest first: active learners who read there; never the asker, and nobody asked within REST."""
    place = thread.place
    readers = _free_readers(thread, now)
    step = place.step or (place.submission.step if place.submission else None)
    finished = _finished(step) if step else set()
    thanked_here, thanked = _thanked(thread, step), _thanked_in(place.cohort)

    def ability(person: Person) -> tuple[int, int, int]:
        return (person.pk in finished) + 2 * (thanked_here[person.pk] > 0), thanked_here[person.pk], thanked[person.pk]

    able = [one for one in readers if any(ability(one))]
    return sorted(able, key=lambda one: (*(-value for value in ability(one)), one.pk))


def _free_readers(thread: Thread, now: datetime) -> list[Person]:
    active = Enrolment.objects.filter(
        cohort=thread.place.cohort_id, role=Role.LEARNER, state=EnrolmentState.ACTIVE
    ).values("person")
    quiet = Reading.objects.filter(thread=thread, level=Level.MUTE).values("person")
    silenced = Voice.objects.filter(cohort=thread.place.cohort_id, suspended_until__gt=now).values("person")
    asked = Offer.objects.filter(at__gt=now - REST).values("person")
    readers = readers_of(thread.place).filter(pk__in=active, is_active=True).exclude(pk=thread.author_id)
    return list(readers.exclude(Q(pk__in=quiet) | Q(pk__in=silenced) | Q(pk__in=asked)))


def _finished(step: Step) -> set[int]:
    """Who has handed in the step, alone or with a team."""
    steps = Step.objects.with_case().filter(pk=step.pk)
    hand_ins = list(hand_ins_of(steps))
    alone = Enrolment.objects.filter(pk__in=[one.enrolment_id for one in hand_ins if one.enrolment_id])
    teams = [one.team_id for one in hand_ins if one.team_id]
    together = Membership.objects.current().filter(team__in=teams)
    return {*alone.values_list("person", flat=True), *together.values_list("enrolment__person", flat=True)}


def _thanked(thread: Thread, step: Step | None) -> Counter[int]:
    """How often people were thanked in threads about the same step or topic."""
    about = Q(pk__in=[])
    if step:
        about |= Q(post__thread__place__step=step) | Q(post__thread__place__submission__step=step)
    if thread.topic_id:
        about |= Q(post__thread__topic=thread.topic_id)
    return _counted(Thanks.objects.filter(about))


def _thanked_in(cohort: Cohort) -> Counter[int]:
    return _counted(Thanks.objects.filter(post__thread__place__cohort=cohort))


def _counted(thanks: QuerySet[Thanks]) -> Counter[int]:
    rows: Iterable[tuple[int, int]] = thanks.values_list("post__author").annotate(Count("pk"))
    return Counter(dict(rows))
