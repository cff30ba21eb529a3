"""Times of the mentor of the cast, the day after tomorrow and later."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from campus.cohorts.models import Cohort, Enrolment, Role
from campus.meetings.consultations.actions import Times, offer
from campus.meetings.models import Audience, Slot
from campus.people.models import Person
from campus.submissions.models import Owner
from campus.teams.models import Team
from tests.campus.cast import enrol, make_person

ROOM = "https://meet.example.org/megumi"


def times(*, hours: float = 50, **changes: Any) -> Times:
    """Half an hour that begins in so many hours, for everybody."""
    fields: dict[str, Any] = {
        "starts_at": timezone.now().replace(microsecond=0) + timedelta(hours=hours),
        "minutes": 30,
        "audience": Audience.EVERYBODY,
        "url": ROOM,
    }
    return Times(**fields | changes)


def in_hours(slot: Slot, hours: float) -> Slot:
    """As if time had passed: it begins in so many hours."""
    starts_at = timezone.now() + timedelta(hours=hours)
    Slot.objects.filter(pk=slot.pk).update(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30))
    return Slot.objects.get(pk=slot.pk)


@pytest.fixture
def as_mentor(mentor: Person) -> Enrolment:
    return mentor.enrolments.select_related("person", "cohort").get()


@pytest.fixture
def other_mentor(cohort: Cohort) -> Enrolment:
    return enrol(make_person("Minoru"), cohort, Role.MENTOR)


@pytest.fixture
def offered(as_mentor: Enrolment) -> Callable[..., Slot]:
    """Offer a time as the mentor."""
    return lambda **changes: offer(mentor=as_mentor, times=times(**changes))[0]


@pytest.fixture
def slot(offered: Callable[..., Slot]) -> Slot:
    return offered()


@pytest.fixture
def alone(enrolment: Enrolment) -> Owner:
    """The learner for herself."""
    return Owner(enrolment=enrolment)


@pytest.fixture
def for_team(enrolment: Enrolment, team: Team) -> Owner:
    """The learner for her project team."""
    return Owner(enrolment=enrolment, team=team)
