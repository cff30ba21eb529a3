"""Places, waiting lists, changes and attendance."""

from collections.abc import Iterable

import pytest

from campus.cohorts.models import AuditEntry, Cohort, EnrolmentState
from campus.meetings.actions import (
    NotPossible,
    accept,
    cancel,
    change,
    check_in,
    create,
    decline,
    propose,
    sign_off,
    sign_up,
    take_attendance,
)
from campus.meetings.models import Meeting, State
from campus.notices.models import Mail
from campus.people.models import Person
from tests.campus.meetings.conftest import move, plan

pytestmark = pytest.mark.django_db


def going(meeting: Meeting) -> list[str]:
    return sorted(meeting.participations.going().values_list("person__name", flat=True))


def waiting(meeting: Meeting) -> list[str]:
    return list(meeting.participations.waiting().values_list("person__name", flat=True))


def told(people: Iterable[Person]) -> dict[str, list[str]]:
    """What each has been told, by name."""
    return {one.name: list(one.notices.order_by("pk").values_list("kind", flat=True)) for one in people}


def test_places_are_given_in_order_and_the_rest_waits(small: Meeting, learner: Person, mate: Person) -> None:
    assert not sign_up(small, person=learner).is_waiting
    assert sign_up(small, person=mate).is_waiting
    assert sign_up(small, person=learner).person == learner  # A second time changes nothing.
    assert (going(small), waiting(small)) == (["Hanako", "Osamu"], ["Taro"])


def test_who_has_waited_longest_gets_the_free_place_and_is_told(
    small: Meeting, learner: Person, mate: Person, mentor: Person
) -> None:
    for person in (learner, mate, mentor):
        sign_up(small, person=person)
    sign_off(small, person=learner)
    assert (going(small), waiting(small)) == (["Osamu", "Taro"], ["Megumi"])
    assert told([mate, mentor]) == {"Taro": ["meetings.place"], "Megumi": []}


def test_who_left_the_cohort_is_passed_over(small: Meeting, learner: Person, mate: Person, mentor: Person) -> None:
    for person in (learner, mate, mentor):
        sign_up(small, person=person)
    mate.enrolments.update(state=EnrolmentState.WITHDRAWN)
    sign_off(small, person=learner)
    assert going(small) == ["Megumi", "Osamu"]


def test_more_places_let_those_in_who_wait(small: Meeting, organiser: Person, learner: Person, mate: Person) -> None:
    for person in (learner, mate):
        sign_up(small, person=person)
    same = plan(capacity=3, starts_at=small.starts_at)
    change(small, plan=same, recording_url="", actor=organiser)
    assert going(small) == ["Hanako", "Osamu", "Taro"]
    assert told([learner, mate]) == {"Hanako": [], "Taro": ["meetings.place"]}


def test_those_who_signed_up_are_told_of_another_time(
    meeting: Meeting, organiser: Person, learner: Person, mate: Person
) -> None:
    sign_up(meeting, person=learner)
    change(meeting, plan=plan(hours=50), recording_url="", actor=organiser)
    assert told([learner, mate]) == {"Hanako": ["meetings.moved"], "Taro": []}
    change(meeting, plan=plan(title="x", starts_at=Meeting.objects.get().starts_at), recording_url="", actor=organiser)
    assert told([learner]) == {"Hanako": ["meetings.moved"]}


def test_a_cancelled_meeting_tells_all_and_takes_nobody(
    meeting: Meeting, organiser: Person, learner: Person, mate: Person
) -> None:
    sign_up(meeting, person=learner)
    cancel(meeting, actor=organiser)
    assert told([learner]) == {"Hanako": ["meetings.cancelled"]}
    assert Mail.objects.filter(person=learner).count() == 1
    with pytest.raises(NotPossible):
        sign_up(meeting, person=mate)
    with pytest.raises(NotPossible):
        change(meeting, plan=plan(), recording_url="", actor=organiser)


def test_nobody_signs_up_for_what_is_over(meeting: Meeting, learner: Person) -> None:
    move(meeting, hours=-3)
    for action in (sign_up, sign_off):
        with pytest.raises(NotPossible):
            action(meeting, person=learner)


def test_a_recording_is_told_once(meeting: Meeting, organiser: Person, learner: Person) -> None:
    sign_up(meeting, person=learner)
    move(meeting, hours=-3)
    for address in ("https://video.example.org/1", "https://video.example.org/2"):
        change(meeting, plan=plan(starts_at=meeting.starts_at), recording_url=address, actor=organiser)
    assert told([learner]) == {"Hanako": ["meetings.recording"]}
    assert not Mail.objects.exists()


def test_a_proposal_waits_for_those_who_decide(
    cohort: Cohort, organiser: Person, facilitator: Person, learner: Person
) -> None:
    proposed = propose(cohort=cohort, host=learner, plan=plan())
    assert proposed.state == State.PROPOSED
    assert told([organiser, facilitator]) == {"Osamu": ["meetings.proposed"], "Fumi": []}
    with pytest.raises(NotPossible):
        sign_up(proposed, person=organiser)

    accept(proposed, actor=organiser)
    assert going(proposed) == ["Hanako"]
    assert told([learner]) == {"Hanako": ["meetings.accepted"]}
    with pytest.raises(NotPossible):
        decline(proposed, actor=organiser)


def test_a_declined_proposal_is_never_announced(cohort: Cohort, organiser: Person, learner: Person) -> None:
    proposed = propose(cohort=cohort, host=learner, plan=plan())
    decline(proposed, actor=organiser)
    assert Meeting.objects.get().state == State.CANCELLED
    assert told([learner]) == {"Hanako": ["meetings.declined"]}


def test_the_facilitator_hears_of_proposals_for_her_class(
    of_class: Meeting, cohort: Cohort, facilitator: Person, learner: Person
) -> None:
    propose(cohort=cohort, host=learner, plan=plan(study_class=of_class.study_class))
    assert told([facilitator]) == {"Fumi": ["meetings.proposed"]}


def test_attendance_is_taken_and_corrected(meeting: Meeting, organiser: Person, learner: Person) -> None:
    row = sign_up(meeting, person=learner)
    assert take_attendance(meeting, participation_ids=[row.pk], attended=True, actor=organiser) == 1
    assert take_attendance(meeting, participation_ids=[row.pk], attended=True, actor=organiser) == 0
    assert take_attendance(meeting, participation_ids=[row.pk], attended=False, actor=organiser) == 1
    entries = AuditEntry.objects.filter(action="meeting.attendance_taken")
    assert [entry.details for entry in entries] == [{"count": 1}, {"count": 1}]


def test_attendance_of_another_meeting_is_not_touched(
    meeting: Meeting, small: Meeting, organiser: Person, learner: Person
) -> None:
    row = sign_up(small, person=learner)
    assert take_attendance(meeting, participation_ids=[row.pk], attended=True, actor=organiser) == 0


def test_participants_check_in_with_the_code_around_the_time(small: Meeting, learner: Person, mate: Person) -> None:
    for person in (learner, mate):
        sign_up(small, person=person)
    assert not check_in(small, person=learner, code=small.code)  # Too early.
    move(small, hours=0.1)
    assert not check_in(small, person=learner, code="nothing")
    assert not check_in(small, person=mate, code=small.code)  # Waits for a place.
    assert check_in(small, person=learner, code=f" {small.code} ")
    assert small.participations.exclude(attended_at=None).get().person == learner


def test_actions_of_staff_are_in_the_audit_log(cohort: Cohort, organiser: Person) -> None:
    meeting = create(cohort=cohort, host=organiser, plan=plan())
    change(meeting, plan=plan(hours=40), recording_url="", actor=organiser)
    cancel(meeting, actor=organiser)
    entries = AuditEntry.objects.order_by("pk").values_list("action", "subject")
    assert list(entries) == [
        (f"meeting.{done}", f"meeting:{meeting.pk}") for done in ("created", "changed", "cancelled")
    ]
