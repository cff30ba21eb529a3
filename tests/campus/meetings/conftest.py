"""A meeting of the whole cohort tomorrow, hosted by the organiser, and one of the class."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from campus.cohorts.models import Cohort, StudyClass
from campus.meetings.actions import Plan, create
from campus.meetings.models import Meeting
from campus.people.models import Person

ROOM = "https://meet.example.org/abc"


def plan(*, hours: float = 30, **changes: Any) -> Plan:
    """A meeting of an hour that begins in so many hours."""
    fields: dict[str, Any] = {
        "title": "需要予測の勉強会",
        "description": "**特徴量**の話",
        "starts_at": timezone.now() + timedelta(hours=hours),
        "minutes": 60,
        "study_class": None,
        "capacity": None,
        "url": ROOM,
    }
    return Plan(**fields | changes)


def move(meeting: Meeting, *, hours: float) -> Meeting:
    """As if time had passed: it begins in so many hours."""
    starts_at = timezone.now() + timedelta(hours=hours)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
    meeting.refresh_from_db()
    return meeting


@pytest.fixture
def meeting(cohort: Cohort, organiser: Person) -> Meeting:
    return create(cohort=cohort, host=organiser, plan=plan())


@pytest.fixture
def small(cohort: Cohort, organiser: Person) -> Meeting:
    """Two places, one of them the host's."""
    return create(cohort=cohort, host=organiser, plan=plan(capacity=2))


@pytest.fixture
def of_class(cohort: Cohort, facilitator: Person, study_class: StudyClass) -> Meeting:
    return create(cohort=cohort, host=facilitator, plan=plan(study_class=study_class))
