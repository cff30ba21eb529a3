"""Which times somebody may book, what is booked, and how much each mentor has taken on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from campus.cohorts.models import Cohort, Enrolment, Role
from campus.meetings.models import (
    USUAL_NOTICE,
    Audience,
    Booking,
    BookingQuerySet,
    Policy,
    Slot,
    SlotQuerySet,
)
from campus.mentoring.queries import mentors_barred_from
from campus.people.models import Person
from campus.submissions.models import Owner
from campus.teams.models import Membership


def notice_of(cohort: Cohort) -> int:
    """Until how many hours before a consultation can be booked and cancelled."""
    chosen = Policy.objects.filter(cohort=cohort).values_list("notice_hours", flat=True).first()
    return USUAL_NOTICE if chosen is None else chosen


def cancelled_until(booking: Booking, hours: int) -> datetime:
    """Until when it can be given back: so many hours before; one that was moved until it begins."""
    starts_at = booking.slot.starts_at
    return starts_at if booking.moved_at else starts_at - timedelta(hours=hours)


def owners_of(enrolment: Enrolment) -> list[Owner]:
    """For whom the learner can book: herself, and each team that she is in now."""
    teams = Membership.objects.current().filter(enrolment=enrolment).select_related("team").order_by("kind")
    return [Owner(enrolment=enrolment), *(Owner(enrolment=enrolment, team=one.team) for one in teams)]


def bookable_by(enrolment: Enrolment) -> SlotQuerySet:
    """The free times that the learner can book for herself or for one of her teams, the next first."""
    cohort = enrolment.cohort
    soon = timezone.now() + timedelta(hours=notice_of(cohort))
    wanted = Q(pk=None)
    for owner in owners_of(enrolment):
        wanted |= _admits(owner)
    mentors = Enrolment.objects.taking_part().filter(cohort=cohort, role=Role.MENTOR)
    free = Slot.objects.standing().free().filter(starts_at__gt=soon, mentor__in=mentors)
    return free.filter(wanted).order_by("starts_at", "pk")


def owners_for(slot: Slot, enrolment: Enrolment) -> list[Owner]:
    """For whom of her teams and herself the learner can book this time."""
    rows = Slot.objects.filter(pk=slot.pk)
    return [owner for owner in owners_of(enrolment) if rows.filter(_admits(owner)).exists()]


def _admits(owner: Owner) -> Q:
    """Selects the times that are meant for the owner, without mentors who have a conflict of interest."""
    meant = Q(audience__in=Audience.admitting(owner))
    return meant & ~Q(mentor__in=mentors_barred_from(owner).values("pk"))


def ahead_of(owner: Owner) -> list[Booking]:
    """The owner's bookings that have not ended."""
    return list(Booking.objects.in_force().to_come().filter(owner.filter).select_related("slot"))


def bookings_held_by(person: Person, cohort: Cohort) -> BookingQuerySet:
    """What the person, or a team of hers, has booked in the cohort; the next first."""
    rows = Booking.objects.in_force().held_by(person).filter(slot__mentor__cohort=cohort)
    return rows.with_all().order_by("slot__starts_at")


def consultations_ahead(person: Person, cohort: Cohort, *, count: int) -> list[Booking]:
    """The next that the person comes to: as who booked, or as the mentor."""
    held = Booking.objects.in_force().held_by(person).values("pk")
    rows = Booking.objects.in_force().to_come().filter(slot__mentor__cohort=cohort)
    mine = rows.filter(Q(pk__in=held) | Q(slot__mentor__in=Enrolment.objects.of(person)))
    return list(mine.with_all().order_by("slot__starts_at")[:count])


def next_consultations(person: Person, learning: Iterable[Enrolment]) -> dict[int, Booking]:
    """The next that the person, or a team of hers, has booked in each of these cohorts, by cohort id; one query."""
    rows = Booking.objects.in_force().to_come().held_by(person)
    rows = rows.filter(slot__mentor__cohort__in={one.cohort_id for one in learning})
    rows = rows.order_by("slot__mentor__cohort_id", "slot__starts_at", "pk").distinct("slot__mentor__cohort_id")
    return {one.slot.mentor.cohort_id: one for one in rows.with_all()}


def free_times_of(mentor: Enrolment) -> SlotQuerySet:
    """What the mentor offers and nobody has booked yet."""
    return Slot.objects.standing().to_come().free().filter(mentor=mentor)


def slots_seen_by(person: Person, cohort: Cohort) -> SlotQuerySet:
    """On the desk: all for organisers, their own for mentors."""
    rows = Slot.objects.filter(mentor__cohort=cohort).with_is_booked()
    if person.has_perm("meetings.oversee_consultations", cohort):
        return rows
    return rows.filter(mentor__in=Enrolment.objects.of(person).filter(role=Role.MENTOR))


@dataclass(frozen=True)
class MentorLoad:
    """A mentor's times: free and booked ones to come, and booked ones that are over."""

    mentor: Enrolment
    free: int
    booked: int
    held: int


def loads_in(cohort: Cohort) -> list[MentorLoad]:
    """Each mentor of the cohort, also who offers nothing; in two queries."""
    now = timezone.now()
    counted = Slot.objects.standing().filter(mentor__cohort=cohort).with_is_booked().order_by().values("mentor")
    figures = {
        row["mentor"]: (row["free"], row["booked"], row["held"])
        for row in counted.annotate(
            free=Count("pk", filter=Q(is_booked=False, starts_at__gt=now)),
            booked=Count("pk", filter=Q(is_booked=True, ends_at__gt=now)),
            held=Count("pk", filter=Q(is_booked=True, ends_at__lte=now)),
        )
    }
    mentors: QuerySet[Enrolment] = Enrolment.objects.taking_part().filter(cohort=cohort, role=Role.MENTOR)
    ordered = mentors.select_related("person").order_by("person__name", "pk")
    return [MentorLoad(one, *figures.get(one.pk, (0, 0, 0))) for one in ordered]
