"""Who offers, books, sees and runs consultations."""

import rules

from campus.cohorts.models import Enrolment, Role
from campus.cohorts.rules import is_learner, is_mentor, is_organiser
from campus.meetings.consultations.queries import owners_for
from campus.meetings.models import Booking, Slot
from campus.people.models import Person


@rules.predicate
def offers_it(person: Person, slot: Slot) -> bool:
    return slot.mentor.person_id == person.pk and bool(is_mentor(person, slot.cohort))


@rules.predicate
def runs_its_cohort(person: Person, slot: Slot) -> bool:
    return bool(is_organiser(person, slot.cohort))


@rules.predicate
def holds_it(person: Person, booking: Booking) -> bool:
    """Who booked it, or is in the team that it was booked for."""
    return Booking.objects.in_force().held_by(person).filter(pk=booking.pk).exists()


@rules.predicate
def has_booked_it(person: Person, slot: Slot) -> bool:
    return slot.booking is not None and bool(holds_it(person, slot.booking))


@rules.predicate
def may_book_it(person: Person, slot: Slot) -> bool:
    """A learner for whom, or for a team of hers, it is meant, while it is free."""
    if slot.withdrawn_at or slot.booking or slot.has_begun:
        return False
    mine = Enrolment.objects.of(person).filter(cohort=slot.cohort, role=Role.LEARNER).select_related("cohort")
    return any(owners_for(slot, one) for one in mine)


runs_it = offers_it | runs_its_cohort

rules.add_perm("meetings.offer_consultations", is_mentor)
rules.add_perm("meetings.oversee_consultations", is_organiser)
rules.add_perm("meetings.see_consultations", is_mentor | is_organiser)
rules.add_perm("meetings.book_consultations", is_learner)
rules.add_perm("meetings.run_slot", runs_it)
rules.add_perm("meetings.book_slot", may_book_it)
rules.add_perm("meetings.view_slot", runs_it | has_booked_it | may_book_it)
rules.add_perm("meetings.cancel_booking", holds_it)
