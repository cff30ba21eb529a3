"""What can be done with a study meeting, and by those who take part in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from campus.cohorts.actions import record_audit
from campus.cohorts.models import Cohort, Enrolment, Role, StudyClass
from campus.meetings import notices as kinds
from campus.meetings.models import Meeting, Participation, Policy, State
from campus.notices.actions import notify
from campus.notices.kinds import Kind
from campus.people.models import Person


class NotPossible(Exception):
    """The meeting is over, cancelled or not announced yet."""


@dataclass(frozen=True)
class Plan:
    """What whoever plans a meeting filled in."""

    title: str
    description: str
    starts_at: datetime
    minutes: int
    study_class: StudyClass | None
    capacity: int | None
    url: str

    def fields(self) -> dict[str, Any]:
        values = dict(vars(self))
        ends_at = self.starts_at + timedelta(minutes=values.pop("minutes"))
        return values | {"ends_at": ends_at}


@transaction.atomic
def create(*, cohort: Cohort, host: Person, plan: Plan) -> Meeting:
    """Announce a meeting; the host takes part."""
    meeting = Meeting.objects.create(cohort=cohort, host=host, **plan.fields())
    _join(meeting, host, is_waiting=False)
    _audit("meeting.created", meeting, host)
    return meeting


@transaction.atomic
def propose(*, cohort: Cohort, host: Person, plan: Plan) -> Meeting:
    """Put a learner's meeting before those who decide."""
    meeting = Meeting.objects.create(cohort=cohort, host=host, state=State.PROPOSED, **plan.fields())
    _tell(kinds.PROPOSED, meeting, to=_deciders(meeting), mail=False)
    return meeting


@transaction.atomic
def accept(meeting: Meeting, *, actor: Person) -> None:
    """Announce a proposed meeting; who proposed it is its host."""
    locked = _locked(meeting, State.PROPOSED)
    locked.state = State.OPEN
    locked.save()
    _join(locked, locked.host, is_waiting=False)
    _tell(kinds.ACCEPTED, locked, to=[locked.host], key="accepted")
    _audit("meeting.accepted", locked, actor)


@transaction.atomic
def decline(meeting: Meeting, *, actor: Person) -> None:
    """Don't announce a proposed meeting."""
    locked = _locked(meeting, State.PROPOSED)
    locked.state = State.CANCELLED
    locked.save()
    _tell(kinds.DECLINED, locked, to=[locked.host], key="declined")
    _audit("meeting.declined", locked, actor)


@transaction.atomic
def change(meeting: Meeting, *, plan: Plan, recording_url: str, actor: Person) -> None:
    """Change a meeting; those who take part are told of another time or room, and reminded anew."""
    locked = _locked(meeting, State.OPEN, State.PROPOSED)
    before = (locked.starts_at, locked.ends_at, locked.url)
    has_recording = recording_url and not locked.recording_url
    for name, value in plan.fields().items():
        setattr(locked, name, value)
    locked.recording_url = recording_url
    locked.sequence += 1
    locked.save()
    _give_places(locked)
    if before[0] != locked.starts_at:
        locked.participations.update(reminded_day_at=None, reminded_hour_at=None)
    if before != (locked.starts_at, locked.ends_at, locked.url) and locked.is_open and not locked.is_over:
        _tell(kinds.MOVED, locked, to=_participants(locked), key=f"moved:{locked.sequence}")
    if has_recording:
        _tell(kinds.RECORDING, locked, to=_participants(locked), key="recording", mail=False)
    _audit("meeting.changed", locked, actor)


@transaction.atomic
def cancel(meeting: Meeting, *, actor: Person) -> None:
    """Call a meeting off and tell all who signed up."""
    locked = _locked(meeting, State.OPEN, State.PROPOSED)
    locked.state = State.CANCELLED
    locked.sequence += 1
    locked.save()
    if not locked.is_over:
        _tell(kinds.CANCELLED, locked, to=_participants(locked), key="cancelled")
    _audit("meeting.cancelled", locked, actor)


@transaction.atomic
def sign_up(meeting: Meeting, *, person: Person) -> Participation:
    """Take a place, or wait for one; a second time changes nothing."""
    locked = _locked(meeting, State.OPEN)
    if locked.is_over:
        raise NotPossible
    return _join(locked, person, is_waiting=not _has_place(locked))


@transaction.atomic
def sign_off(meeting: Meeting, *, person: Person) -> None:
    """Give the place back; who has waited longest gets it and is told."""
    locked = _locked(meeting, State.OPEN)
    if locked.is_over:
        raise NotPossible
    locked.participations.filter(person=person).delete()
    _give_places(locked)


@transaction.atomic
def take_attendance(meeting: Meeting, *, participation_ids: list[int], attended: bool, actor: Person) -> int:
    """Note who was there, or wasn't; return how many changed."""
    rows = meeting.participations.filter(pk__in=participation_ids, attended_at__isnull=attended)
    count = rows.update(attended_at=timezone.now() if attended else None)
    if count:
        _audit("meeting.attendance_taken", meeting, actor, count=count)
    return count


def check_in(meeting: Meeting, *, person: Person, code: str) -> bool:
    """Note that the person is there, if the code is the meeting's; for those with a place, around its time."""
    if not meeting.takes_check_ins(timezone.now()) or code.strip() != meeting.code:
        return False
    mine = meeting.participations.going().filter(person=person)
    mine.filter(attended_at=None).update(attended_at=timezone.now())
    return mine.exists()


@transaction.atomic
def set_policy(*, cohort: Cohort, learners_may_propose: bool, actor: Person) -> None:
    """Say whether learners may propose meetings."""
    Policy.objects.update_or_create(cohort=cohort, defaults={"learners_may_propose": learners_may_propose})
    record_audit(
        action="meeting.policy_set",
        subject=f"cohort:{cohort.pk}",
        actor=actor,
        cohort=cohort,
        learners_may_propose=learners_may_propose,
    )


def _locked(meeting: Meeting, *states: State) -> Meeting:
    """The row as it is now; one change at a time, so that no place is given twice."""
    found = Meeting.objects.select_for_update(of=("self",)).select_related("cohort", "host").get(pk=meeting.pk)
    if found.state not in states:
        raise NotPossible
    return found


def _join(meeting: Meeting, person: Person, *, is_waiting: bool) -> Participation:
    """Who signs up within a day of the meeting needs no reminder a day before."""
    now = timezone.now()
    left = meeting.starts_at - now
    fields = {
        "is_waiting": is_waiting,
        "reminded_day_at": now if left < timedelta(days=1) else None,
        "reminded_hour_at": now if left < timedelta(hours=1) else None,
    }
    return Participation.objects.get_or_create(meeting=meeting, person=person, defaults=fields)[0]


def _has_place(meeting: Meeting) -> bool:
    return meeting.capacity is None or meeting.participations.going().count() < meeting.capacity


def _give_places(meeting: Meeting) -> None:
    """Free places go to those who wait, in their order, while they still take part in the cohort."""
    if not meeting.is_open or meeting.is_over:
        return
    waiting = meeting.participations.waiting().in_force().select_related("person")
    if meeting.capacity is not None:
        waiting = waiting[: max(0, meeting.capacity - meeting.participations.going().count())]
    lucky = list(waiting)
    Participation.objects.filter(pk__in=[one.pk for one in lucky]).update(is_waiting=False)
    if lucky:
        _tell(kinds.PLACE, meeting, to=[one.person for one in lucky], key=f"place:{meeting.sequence}")


def _participants(meeting: Meeting) -> list[Person]:
    return [one.person for one in meeting.participations.in_force().select_related("person")]


def _deciders(meeting: Meeting) -> list[Person]:
    """Organisers of the cohort, and facilitators of the class that it is for."""
    staff = Enrolment.objects.taking_part().filter(cohort=meeting.cohort).select_related("person")
    found = list(staff.filter(role=Role.ORGANISER))
    if meeting.study_class_id:
        found += staff.filter(facilitated_classes=meeting.study_class_id)
    return [one.person for one in found]


def _tell(kind: Kind, meeting: Meeting, *, to: list[Person], key: str = "", mail: bool = True) -> None:
    notify(
        kind=kind.name,
        to=to,
        context=context_of(meeting),
        url=meeting.path,
        mail=mail,
        key=f"meeting:{meeting.pk}:{key}" if key else "",
        expires_at=meeting.ends_at if kind in (kinds.MOVED, kinds.PLACE) else None,
    )


def context_of(meeting: Meeting) -> dict[str, Any]:
    """What the texts of notices need."""
    return {
        "title": meeting.title,
        "starts_at": meeting.starts_at,
        "cohort": {"ja": meeting.cohort.title_ja, "en": meeting.cohort.title_en},
    }


def _audit(action: str, meeting: Meeting, actor: Person, **details: Any) -> None:
    record_audit(action=action, subject=f"meeting:{meeting.pk}", actor=actor, cohort=meeting.cohort, **details)
