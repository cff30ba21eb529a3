"""What mentors do with their times, learners with bookings, and organisers for both."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from campus.cohorts.actions import record_audit
from campus.cohorts.models import Cohort, Enrolment
from campus.meetings import notices as kinds
from campus.meetings.consultations.queries import ahead_of, cancelled_until, notice_of
from campus.meetings.consultations.refusals import (
    Refused,
    begun,
    busy_owner,
    busy_then,
    enough,
    just_booked,
    offered_already,
    taken,
    too_late,
)
from campus.meetings.models import Audience, Booking, Policy, Slot
from campus.notices.actions import notify
from campus.notices.kinds import Kind
from campus.people.models import Person
from campus.submissions.models import Owner

# So that a few don't take all times: one owner has so many bookings ahead at most.
MOST_AHEAD = 2
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Times:
    """What a mentor offers: one time, or with ``until`` the same hour of her clock each week up to that day."""

    starts_at: datetime
    minutes: int
    audience: Audience
    url: str
    until: date | None = None

    @property
    def moments(self) -> list[datetime]:
        """When each begins; by the clock of the present time zone, also where it changes to summer time."""
        first = timezone.localtime(self.starts_at)
        count = 1 + max(0, (self.until - first.date()).days // 7) if self.until else 1
        naive = (timezone.make_naive(first) + number * WEEK for number in range(count))
        # In UTC, where a difference of moments is the time that passes.
        return [timezone.make_aware(one).astimezone(UTC) for one in naive]


@transaction.atomic
def offer(*, mentor: Enrolment, times: Times) -> list[Slot]:
    """Offer the times. Raises Refused where one overlaps what she offers already."""
    Enrolment.objects.select_for_update(no_key=True, of=("self",)).get(pk=mentor.pk)
    length = timedelta(minutes=times.minutes)
    moments = times.moments
    near = Slot.objects.standing().filter(mentor=mentor, ends_at__gt=moments[0], starts_at__lt=moments[-1] + length)
    known = list(near.values_list("starts_at", "ends_at"))
    for moment in moments:
        if any(starts < moment + length and moment < ends for starts, ends in known):
            raise offered_already(moment)
    fields = {"mentor": mentor, "audience": times.audience, "url": times.url}
    made = Slot.objects.bulk_create(Slot(starts_at=one, ends_at=one + length, **fields) for one in moments)
    _audit("consultation.offered", mentor, mentor.person, count=len(made))
    return made


@transaction.atomic
def withdraw(*, slots: Collection[Slot], actor: Person) -> int:
    """Take back those that nobody has booked and that have not begun; return how many."""
    rows = Slot.objects.standing().to_come().filter(pk__in=[one.pk for one in slots]).select_related("mentor__cohort")
    locked = list(rows.select_for_update(of=("self",)).order_by("pk"))
    booked = set(Booking.objects.in_force().filter(slot__in=locked).values_list("slot", flat=True))
    free = [one for one in locked if one.pk not in booked]
    Slot.objects.filter(pk__in=[one.pk for one in free]).update(withdrawn_at=timezone.now())
    for mentor in {one.mentor for one in free}:
        count = sum(one.mentor_id == mentor.pk for one in free)
        _audit("consultation.withdrawn", mentor, actor, count=count)
    return len(free)


@transaction.atomic
def call_off(*, slot: Slot, actor: Person) -> None:
    """The mentor can't come: the time is withdrawn, and who booked it is told. Raises Refused once it has begun."""
    locked = _locked(slot)
    if locked.has_begun:
        raise begun()
    locked.withdrawn_at = timezone.now()
    locked.save(update_fields=["withdrawn_at"])
    if booking := locked.booking:
        _end(booking, actor)
        _tell(kinds.CONSULTATION_CANCELLED, booking, to=_everybody(booking, but=actor), key="cancelled")
    _audit("consultation.called_off", locked.mentor, actor, was_booked=booking is not None)


@transaction.atomic
def move(*, slot: Slot, starts_at: datetime, minutes: int, actor: Person) -> None:
    """Hold it at another time; who booked it is told, reminded anew, and may cancel until it begins.

    Raises Refused once it has begun, and where the mentor or who booked has something else then.
    """
    Enrolment.objects.select_for_update(no_key=True, of=("self",)).get(pk=slot.mentor_id)
    known = Booking.objects.in_force().with_owner().filter(slot=slot).first()
    if known:
        known.owner.lock()  # Before the time itself, as who books does.
    locked = _locked(slot)
    if locked.has_begun:
        raise begun()
    booking, before = locked.booking, (locked.starts_at, locked.ends_at)
    if booking and booking != known:
        raise just_booked()
    locked.starts_at, locked.ends_at = starts_at, starts_at + timedelta(minutes=minutes)
    if (locked.starts_at, locked.ends_at) == before:
        return
    _refuse_two_at_once(locked)
    locked.sequence, locked.changed_at = locked.sequence + 1, timezone.now()
    locked.save(update_fields=["starts_at", "ends_at", "sequence", "changed_at"])
    if booking:
        _remind_anew(booking)
        everybody = _everybody(booking, but=actor)
        _tell(kinds.CONSULTATION_RESCHEDULED, booking, to=everybody, key=f"moved:{locked.sequence}", before=before[0])
    _audit("consultation.moved", locked.mentor, actor, was_booked=booking is not None)


def _refuse_two_at_once(slot: Slot) -> None:
    """Raises Refused where the mentor, or who booked, has something else at the time."""
    others = Slot.objects.standing().filter(mentor=slot.mentor).exclude(pk=slot.pk)
    if others.filter(ends_at__gt=slot.starts_at, starts_at__lt=slot.ends_at).exists():
        raise offered_already(slot.starts_at)
    if slot.booking is None:
        return
    ahead = [one.slot for one in ahead_of(slot.booking.owner) if one.slot != slot]
    if any(one.starts_at < slot.ends_at and slot.starts_at < one.ends_at for one in ahead):
        raise busy_owner()


def _remind_anew(booking: Booking) -> None:
    """Note that the booking was moved; what was said of its time before does not count."""
    marks = {"reminded_day_at": None, "reminded_hour_at": None, **_needless_reminders(booking.slot)}
    for name, value in {"moved_at": timezone.now(), **marks}.items():
        setattr(booking, name, value)
    booking.save(update_fields=["moved_at", *marks])


@transaction.atomic
def change_room(*, slot: Slot, url: str, actor: Person) -> None:
    """Hold the consultation at another web address; who booked it is told."""
    locked = _locked(slot)
    if locked.url == url:
        return
    locked.url, locked.sequence, locked.changed_at = url, locked.sequence + 1, timezone.now()
    locked.save(update_fields=["url", "sequence", "changed_at"])
    if booking := locked.booking:
        everybody = _everybody(booking, but=actor)
        _tell(kinds.CONSULTATION_MOVED, booking, to=everybody, key=f"room:{locked.sequence}")
    _audit("consultation.room_changed", locked.mentor, actor)


@transaction.atomic
def book(*, slot: Slot, owner: Owner, question: str) -> Booking:
    """Book the time for the owner; mentor and team mates are told.

    Raises Refused where it is taken or too late, and where the owner has another one then or enough ahead. Whom the
    time is for is asked before (``queries.owners_for``).
    """
    owner.lock()
    locked = _locked(slot, if_withdrawn=taken)
    hours = notice_of(locked.cohort)
    if locked.starts_at <= timezone.now() + timedelta(hours=hours):
        raise too_late(hours)
    if locked.booking:
        raise taken()
    ahead = ahead_of(owner)
    if any(one.slot.starts_at < locked.ends_at and locked.starts_at < one.slot.ends_at for one in ahead):
        raise busy_then()
    if len(ahead) >= MOST_AHEAD:
        raise enough(MOST_AHEAD)
    booking = Booking.objects.create(
        slot=locked, enrolment=owner.enrolment, team=owner.team, question=question, **_needless_reminders(locked)
    )
    booker = owner.enrolment.person
    _tell(kinds.CONSULTATION_BOOKED, booking, to=[locked.mentor.person], key="booked")
    mates = [one for one in booking.people if one != booker]
    _tell(kinds.CONSULTATION_OF_TEAM, booking, to=mates, key="booked")
    return booking


@transaction.atomic
def cancel(*, booking: Booking, actor: Person) -> None:
    """Give the time back, which others can book then. Raises Refused where the mentor would hear of it too late."""
    locked = _locked(booking.slot)
    found = locked.booking
    if found is None or found.pk != booking.pk:
        return
    hours = notice_of(locked.cohort)
    if cancelled_until(found, hours) <= timezone.now():
        raise too_late(hours)
    give_back(found, actor=actor)


def give_back(booking: Booking, *, actor: Person | None) -> None:
    """End the booking however late it is; part of the caller's transaction."""
    _end(booking, actor)
    _tell(kinds.CONSULTATION_CANCELLED, booking, to=_everybody(booking, but=actor), key="cancelled")


@transaction.atomic
def set_notice(*, cohort: Cohort, hours: int, actor: Person) -> None:
    """Say until how long before a consultation can be booked and cancelled."""
    Policy.objects.update_or_create(cohort=cohort, defaults={"notice_hours": hours})
    record_audit(
        action="consultation.notice_set", subject=f"cohort:{cohort.pk}", actor=actor, cohort=cohort, hours=hours
    )


def _locked(slot: Slot, *, if_withdrawn: Callable[[], Refused] = begun) -> Slot:
    """The row as it is now, and nobody else's meanwhile: so no time is booked twice. Raises Refused if withdrawn."""
    rows = Slot.objects.select_for_update(of=("self",)).standing().select_related("mentor__person", "mentor__cohort")
    found = rows.filter(pk=slot.pk).first()
    if found is None:
        raise if_withdrawn()
    return found


def _needless_reminders(slot: Slot) -> dict[str, datetime]:
    """Who books within a day of the time needs no reminder a day before."""
    now, left = timezone.now(), slot.starts_at - timezone.now()
    bounds = {"reminded_day_at": timedelta(days=1), "reminded_hour_at": timedelta(hours=1)}
    return {name: now for name, bound in bounds.items() if left < bound}


def _end(booking: Booking, actor: Person | None) -> None:
    booking.cancelled_at, booking.cancelled_by = timezone.now(), actor
    booking.save(update_fields=["cancelled_at", "cancelled_by"])


def _everybody(booking: Booking, *, but: Person | None) -> list[Person]:
    return [one for one in [booking.slot.mentor.person, *booking.people] if one != but]


def _tell(kind: Kind, booking: Booking, *, to: list[Person], key: str, **more: Any) -> None:
    notify(
        kind=kind.name,
        to=to,
        context=context_of(booking) | more,
        url=booking.slot.path,
        key=f"booking:{booking.pk}:{key}",
        expires_at=booking.slot.ends_at,
    )


def context_of(booking: Booking) -> dict[str, Any]:
    """What the texts of notices need."""
    cohort = booking.slot.cohort
    return {
        "starts_at": booking.slot.starts_at,
        "mentor": booking.slot.mentor.person.name,
        "who": booking.owner_name,
        "cohort": {"ja": cohort.title_ja, "en": cohort.title_en},
    }


def _audit(action: str, mentor: Enrolment, actor: Person, **details: Any) -> None:
    record_audit(action=action, subject=f"enrolment:{mentor.pk}", actor=actor, cohort=mentor.cohort, **details)
