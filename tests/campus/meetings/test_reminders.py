"""A day and an hour before, once to each who has a place."""

import pytest

from campus.cohorts.models import EnrolmentState
from campus.meetings.actions import cancel, change, sign_up
from campus.meetings.models import Meeting, Participation
from campus.meetings.reminders import remind
from campus.notices.models import Mail, Notice
from campus.people.models import Person
from tests.campus.meetings.conftest import move, plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def both_signed_up(meeting: Meeting, learner: Person, mate: Person) -> Meeting:
    for person in (learner, mate):
        sign_up(meeting, person=person)
    return meeting


def reminders(person: Person) -> int:
    return Notice.objects.filter(person=person, kind="meetings.reminder").count()


def test_each_is_reminded_once_a_day_before_and_once_an_hour_before(both_signed_up: Meeting, learner: Person) -> None:
    assert remind() == 0  # 30 hours before.
    move(both_signed_up, hours=23.9)
    assert remind() == 3  # The host too.
    assert remind() == 0
    assert (reminders(learner), Mail.objects.filter(person=learner).count()) == (1, 1)
    move(both_signed_up, hours=0.9)
    assert remind() == 3
    assert remind() == 0
    assert reminders(learner) == 2


def test_even_if_it_is_forgotten_who_was_reminded_nobody_hears_it_twice(
    both_signed_up: Meeting, learner: Person
) -> None:
    move(both_signed_up, hours=23)
    remind()
    Participation.objects.update(reminded_day_at=None)
    remind()
    assert reminders(learner) == 1


def test_reminders_are_of_no_use_after_the_beginning(both_signed_up: Meeting, learner: Person) -> None:
    move(both_signed_up, hours=0.5)
    remind()
    assert Mail.objects.get(person=learner).expires_at == both_signed_up.starts_at


def test_a_moved_meeting_reminds_anew(both_signed_up: Meeting, organiser: Person, learner: Person) -> None:
    move(both_signed_up, hours=23)
    remind()
    change(both_signed_up, plan=plan(hours=60), recording_url="", actor=organiser)
    assert remind() == 0
    move(both_signed_up, hours=22)
    remind()
    assert reminders(learner) == 2


def test_who_signs_up_late_is_not_reminded_of_what_is_tomorrow_anyway(meeting: Meeting, learner: Person) -> None:
    move(meeting, hours=5)
    sign_up(meeting, person=learner)
    remind()
    assert reminders(learner) == 0
    move(meeting, hours=0.5)
    remind()
    assert reminders(learner) == 1


def test_those_who_wait_or_left_and_cancelled_meetings_remind_nobody(
    small: Meeting, organiser: Person, learner: Person, mate: Person
) -> None:
    for person in (learner, mate):
        sign_up(small, person=person)
    learner.enrolments.update(state=EnrolmentState.WITHDRAWN)
    move(small, hours=20)
    remind()
    assert (reminders(learner), reminders(mate), reminders(organiser)) == (0, 0, 1)

    cancel(small, actor=organiser)
    move(small, hours=0.5)
    assert remind() == 0
