"""What staff see of a cohort at home: read part by part, each in a number of queries that doesn't grow with it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campus.cohorts.models import Cohort, Enrolment, Role
from campus.cohorts.queries import learners_looked_after
from campus.cohorts.rules import is_organiser
from campus.discussion.helping import unanswered_for
from campus.discussion.models import Thread
from campus.discussion.moderation import flagged_for
from campus.home import status
from campus.home.status import GradingState, Processes
from campus.intake.applications.queries import admission_of
from campus.meetings.consultations.queries import consultations_ahead, free_times_of
from campus.meetings.models import Booking, Meeting
from campus.meetings.queries import next_meetings
from campus.mentoring.models import Comment, MentorReview
from campus.mentoring.queries import (
    Entry,
    Waiting,
    answers_to,
    drafts_of,
    entries_of,
    mentor_in,
    most_open,
    queue_for,
    waiting_count,
)
from campus.people.models import Person
from campus.progress.audiences import ANY, KEY
from campus.progress.funnel import figures_of, funnel_of
from campus.progress.queries import progress_seen_by, steps_in
from campus.progress.today import Today, today_of
from campus.reviews.queries import RoundAtWork, rounds_at_work

SHOWN = 4


@dataclass(frozen=True)
class Part:
    """A fragment of the home page, and the page that shows the same and more."""

    key: str
    label: str
    address: str
    page: str


def parts_for(cohort: Cohort, roles: Collection[str]) -> list[Part]:
    """What the roles see of the cohort, in the order of the page."""
    wanted = [one for one in _PARTS if one[0] & set(roles)]
    return [
        Part(key, str(label), reverse(f"home_{key}", args=[cohort.slug]), reverse(page, args=[cohort.slug]))
        for _roles, key, label, page in wanted
    ]


_PARTS: list[tuple[set[Role], str, Promise, str]] = [
    ({Role.MENTOR}, "queue", gettext_lazy("Waiting for you as a mentor"), "mentoring:queue"),
    ({Role.FACILITATOR, Role.ORGANISER}, "learners", gettext_lazy("Your learners today"), "progress:overview"),
    ({Role.ORGANISER}, "course", gettext_lazy("How the cohort is going"), "cohort_status"),
]


@dataclass(frozen=True)
class Care:
    """Whom those who look after learners should speak with today, and how far everybody has come."""

    today: Today
    unanswered: list[Thread]
    unanswered_count: int
    flagged_count: int
    funnel: dict[str, Any]
    write_address: str

    @property
    def first(self) -> Any:
        return self.today.waiting[:SHOWN]

    @property
    def silent(self) -> Any:
        return self.today.silent[:SHOWN]


def care_for(person: Person, cohort: Cohort) -> Care:
    """Of all learners for organisers, of those of the own classes for facilitators."""
    progress = progress_seen_by(person, cohort)
    learners = learners_looked_after(person, cohort)
    questions = unanswered_for(person, cohort, now=progress.now)
    stages = funnel_of(progress, learners, with_intake=is_organiser(person, cohort))
    to_those = urlencode({f"criterion_{KEY}": ANY})
    return Care(
        today=today_of(progress, person),
        unanswered=list(questions[:SHOWN]),
        unanswered_count=questions.count(),
        flagged_count=flagged_for(person, cohort).count(),
        funnel=figures_of(stages),
        write_address=f"{reverse('announcements:write', args=[cohort.slug])}?{to_those}",
    )


@dataclass(frozen=True)
class Judging:
    """A mentor's work: what waits with its reasons, what is new since the stay before, and what she has in hand.

    consultations: the next she gives; free: how many of her times can still be booked.
    """

    mentor: Enrolment
    waiting: list[Waiting]
    drafts: list[MentorReview]
    most: int
    since: datetime | None
    answers: list[Comment]
    consultations: list[Booking]
    free: int

    @property
    def first(self) -> list[Entry]:
        return entries_of(self.waiting[:SHOWN])

    @cached_property
    def new(self) -> list[Waiting]:
        """Handed in since then."""
        return [one for one in self.waiting if self.since and one.handed_in_at > self.since]

    @property
    def first_new(self) -> list[Entry]:
        return entries_of(self.new[:SHOWN])

    @property
    def is_full(self) -> bool:
        return len(self.drafts) >= self.most


def judging_of(person: Person, cohort: Cohort, *, since: datetime | None) -> Judging | None:
    """None for whoever is no mentor of the cohort."""
    mentor = mentor_in(person, cohort)
    if mentor is None:
        return None
    return Judging(
        mentor=mentor,
        waiting=queue_for(person, cohort),
        drafts=list(drafts_of(mentor)),
        most=most_open(mentor),
        since=since,
        answers=list(answers_to(mentor, since)[:SHOWN]) if since else [],
        consultations=consultations_ahead(person, cohort, count=SHOWN),
        free=free_times_of(mentor).count(),
    )


@dataclass(frozen=True)
class NextDate:
    """Something that will happen in the cohort."""

    at: datetime
    what: str
    address: str


@dataclass(frozen=True)
class Course:
    """How a cohort runs besides its learners: grading, mails, reviews, mentors, and what comes next."""

    processes: Processes
    grading: GradingState
    mails_in_trouble: int
    rounds: list[RoundAtWork]
    waiting_for_mentors: int | None
    dates: list[NextDate]


def course_of(person: Person, cohort: Cohort) -> Course:
    """waiting_for_mentors: None where the cohort has no mentor."""
    has_mentors = cohort.enrolments.taking_part().filter(role=Role.MENTOR).exists()
    return Course(
        processes=status.processes(),
        grading=status.grading_state(cohort),
        mails_in_trouble=sum(count for state, count in status.mail_states(cohort) if state in status.TROUBLED),
        rounds=rounds_at_work(cohort, timezone.now()),
        waiting_for_mentors=waiting_count(person, cohort) if has_mentors else None,
        dates=sorted(_dates(person, cohort), key=lambda one: one.at)[: SHOWN + 1],
    )


def _dates(person: Person, cohort: Cohort) -> Iterable[NextDate]:
    now = timezone.now()
    schedule = reverse("cases:schedule", args=[cohort.slug])
    for step in steps_in(cohort):
        if step.opens_at > now:
            yield NextDate(step.opens_at, _("“%(step)s” opens") % {"step": step.title}, schedule)
        if step.closes_at > now:
            yield NextDate(step.closes_at, _("“%(step)s” closes") % {"step": step.title}, schedule)
    yield from (_meeting(one) for one in next_meetings(person, cohort, count=2))
    admission = admission_of(cohort)
    if admission and admission.closes_at > now:
        address = reverse("intake:admission", args=[cohort.slug])
        yield NextDate(admission.closes_at, _("The call for applications closes"), address)


def _meeting(meeting: Meeting) -> NextDate:
    return NextDate(meeting.starts_at, _("Study meeting: %(title)s") % {"title": meeting.title}, meeting.path)
