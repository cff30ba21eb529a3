"""What happens elsewhere and ends consultations: somebody leaves, or a conflict of interest is declared."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.dispatch import receiver
from django.utils import timezone

from campus.cohorts.models import Enrolment
from campus.cohorts.signals import left
from campus.meetings.consultations.actions import give_back
from campus.meetings.models import Booking, Slot
from campus.mentoring.queries import mentors_barred_from
from campus.mentoring.signals import conflict_declared
from campus.people.models import Person


@receiver(left, dispatch_uid="consultations.left")
def let_go(*, enrolments: Sequence[Enrolment], actor: Person | None, **_signal: Any) -> None:
    """Times of mentors who left are withdrawn; what nobody comes to any more is free again."""
    ahead = Booking.objects.in_force().to_come().with_all()
    _give_back(ahead.filter(slot__mentor__in=enrolments), actor)
    Slot.objects.standing().to_come().filter(mentor__in=enrolments).update(withdrawn_at=timezone.now())
    concerned = ahead.filter(Q(team=None, enrolment__in=enrolments) | Q(team__memberships__enrolment__in=enrolments))
    _give_back([one for one in concerned.distinct() if one.team_id is None or not one.people], actor)


@receiver(conflict_declared, dispatch_uid="consultations.conflict")
def keep_apart(*, mentor: Enrolment, actor: Person, **_signal: Any) -> None:
    """Bookings of those whom the mentor must have nothing to do with end; the times can be booked by others."""
    ahead = Booking.objects.in_force().to_come().filter(slot__mentor=mentor).with_all()
    barred = [one for one in ahead if mentors_barred_from(one.owner).filter(pk=mentor.pk).exists()]
    _give_back(barred, actor)


def _give_back(bookings: Iterable[Booking], actor: Person | None) -> None:
    for one in bookings:
        give_back(one, actor=actor)
