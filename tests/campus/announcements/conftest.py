"""An announcement of the organiser to all learners, and one of the facilitator to her class."""

from typing import Any

import pytest

from campus.announcements.actions import Text, write
from campus.announcements.models import Announcement
from campus.cohorts.models import Cohort, Enrolment, Role, StudyClass
from campus.people.models import Person
from tests.campus.cast import enrol, make_person


def text(**changes: Any) -> Text:
    fields: dict[str, Any] = {
        "title_ja": "締切のお知らせ",
        "title_en": "About the deadline",
        "body_ja": "**金曜日**が締切です。[教材](/cohorts/spring/)",
        "body_en": "The deadline is on **Friday**.",
        "roles": [Role.LEARNER],
        "classes": [],
        "criteria": {},
        "by_mail": True,
        "is_important": False,
    }
    return Text(**fields | changes)


@pytest.fixture
def other_class(cohort: Cohort) -> StudyClass:
    """A class of the cohort that the facilitator does not look after."""
    return StudyClass.objects.create(cohort=cohort, name="B")


@pytest.fixture
def stranger(cohort: Cohort, other_class: StudyClass) -> Enrolment:
    """A learner of the other class."""
    return enrol(make_person("Saburo"), cohort, study_class=other_class)


@pytest.fixture
def announcement(cohort: Cohort, organiser: Person, learner: Person, mate: Person) -> Announcement:
    return write(cohort=cohort, author=organiser, text=text())


@pytest.fixture
def from_facilitator(cohort: Cohort, facilitator: Person, learner: Person, mate: Person) -> Announcement:
    return write(cohort=cohort, author=facilitator, text=text())
