"""Offering, booking, cancelling: who gets a time, until when, and what the others are told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from campus.cohorts.enrolments import change_states
from campus.cohorts.models import AuditEntry, Cohort, Enrolment, EnrolmentState, Role
from campus.meetings.consultations import actions
from campus.meetings.consultations.queries import bookable_by, loads_in, owners_for
from campus.meetings.consultations.refusals import Refused
from campus.meetings.models import Audience, Booking, Slot
from campus.meetings.reminders import remind
from campus.mentoring.actions import declare_conflict
from campus.notices.models import Notice
from campus.people.models import Person
from campus.submissions.models import Owner
from campus.teams.actions import leave_team
from campus.teams.models import Membership, Team
from tests.campus.cast import enrol, make_person
from tests.campus.meetings.consultations.conftest import ROOM, in_hours, times

pytestmark = pytest.mark.django_db
QUESTION = "欠品した日の扱いで迷っています。"


def told(kind: str) -> set[Person]:
    return {one.person for one in Notice.objects.filter(kind=f"meetings.consultation_{kind}")}


# --- Offering ---


def test_weekly_times_keep_the_hour_of_the_mentors_clock(as_mentor: Enrolment) -> None:
    first = datetime(2027, 3, 22, 9, 0, tzinfo=UTC)  # The week before Europe sets its clocks forward.
    with timezone.override(ZoneInfo("Europe/Berlin")):
        made = actions.offer(mentor=as_mentor, times=times(starts_at=first, until=first.date() + timedelta(days=20)))
        assert [f"{timezone.localtime(one.starts_at):%d %H:%M}" for one in made] == ["22 10:00", "29 10:00", "05 10:00"]
    assert made[1].starts_at - made[0].starts_at == timedelta(days=7, hours=-1)
    assert AuditEntry.objects.get(action="consultation.offered").details == {"count": 3}


@pytest.mark.parametrize(("hours", "overlaps"), [(50.4, True), (49.6, True), (50.5, False), (49.5, False)])
def test_a_mentors_times_never_overlap(slot: Slot, as_mentor: Enrolment, hours: float, overlaps: bool) -> None:
    starts_at = slot.starts_at + timedelta(hours=hours - 50)
    if overlaps:
        with pytest.raises(Refused):
            actions.offer(mentor=as_mentor, times=times(starts_at=starts_at))
    else:
        actions.offer(mentor=as_mentor, times=times(starts_at=starts_at))


def test_free_times_are_withdrawn_and_booked_ones_stay(
    offered: Callable[..., Slot], alone: Owner, mentor: Person
) -> None:
    slots = [offered(hours=50), offered(hours=60), offered(hours=70)]
    actions.book(slot=slots[0], owner=alone, question=QUESTION)
    assert actions.withdraw(slots=slots, actor=mentor) == 2
    assert list(Slot.objects.standing()) == slots[:1]
    assert actions.withdraw(slots=slots, actor=mentor) == 0
    assert AuditEntry.objects.get(action="consultation.withdrawn").details == {"count": 2}


# --- Booking ---


def test_a_team_books_and_mentor_and_mates_are_told(
    slot: Slot, for_team: Owner, learner: Person, mate: Person, mentor: Person
) -> None:
    booking = actions.book(slot=slot, owner=for_team, question=QUESTION)
    assert (told("booked"), told("of_team")) == ({mentor}, {mate})
    assert set(booking.people) == {learner, mate}
    assert Notice.objects.get(kind="meetings.consultation_booked").url == slot.path
    assert QUESTION not in str(list(Notice.objects.values_list("context", flat=True)))


def test_what_is_booked_is_nobody_elses(slot: Slot, alone: Owner, mate_enrolment: Enrolment) -> None:
    first = actions.book(slot=slot, owner=alone, question=QUESTION)
    assert slot not in bookable_by(mate_enrolment)
    with pytest.raises(Refused):
        actions.book(slot=slot, owner=Owner(enrolment=mate_enrolment), question=QUESTION)
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(slot=slot, enrolment=mate_enrolment, question=QUESTION)
    assert Booking.objects.get() == first


def test_an_owner_is_not_at_two_places_and_takes_no_more_than_two(
    offered: Callable[..., Slot], other_mentor: Enrolment, alone: Owner, for_team: Owner
) -> None:
    slots = [offered(hours=50), offered(hours=60), offered(hours=70)]
    (beside,) = actions.offer(mentor=other_mentor, times=times(starts_at=slots[0].starts_at + timedelta(minutes=15)))
    actions.book(slot=slots[0], owner=alone, question=QUESTION)
    with pytest.raises(Refused) as refused:
        actions.book(slot=beside, owner=alone, question=QUESTION)
    assert "同じ時間" in refused.value.messages[0]
    actions.book(slot=slots[1], owner=alone, question=QUESTION)
    with pytest.raises(Refused) as refused:
        actions.book(slot=slots[2], owner=alone, question=QUESTION)
    assert "2件" in refused.value.messages[0]
    actions.book(slot=slots[2], owner=for_team, question=QUESTION)


def test_times_for_teams_or_single_learners_are_for_those(
    offered: Callable[..., Slot], enrolment: Enrolment, mate_enrolment: Enrolment, team: Team
) -> None:
    teams, single = offered(audience=Audience.TEAMS), offered(hours=60, audience=Audience.SINGLE)
    assert [owner.team for owner in owners_for(teams, enrolment)] == [team]
    assert [owner.team for owner in owners_for(single, enrolment)] == [None]
    leave_team(membership=Membership.objects.get(enrolment=enrolment), actor=None)
    assert list(bookable_by(enrolment)) == [single]
    assert list(bookable_by(mate_enrolment)) == [teams, single]


def test_a_time_is_booked_and_cancelled_with_notice_only(
    slot: Slot, alone: Owner, enrolment: Enrolment, learner: Person, organiser: Person, cohort: Cohort
) -> None:
    booking = actions.book(slot=slot, owner=alone, question=QUESTION)
    in_hours(slot, 23)
    with pytest.raises(Refused):
        actions.cancel(booking=booking, actor=learner)
    actions.set_notice(cohort=cohort, hours=20, actor=organiser)
    actions.cancel(booking=booking, actor=learner)
    assert list(bookable_by(enrolment)) == [slot]
    in_hours(slot, 19)
    assert list(bookable_by(enrolment)) == []
    with pytest.raises(Refused):
        actions.book(slot=slot, owner=alone, question=QUESTION)
    assert AuditEntry.objects.get(action="consultation.notice_set").details == {"hours": 20}


def test_a_cancelled_time_can_be_booked_by_others(
    slot: Slot, for_team: Owner, mate: Person, mentor: Person, learner: Person, outsider: Person, cohort: Cohort
) -> None:
    booking = actions.book(slot=slot, owner=for_team, question=QUESTION)
    actions.cancel(booking=booking, actor=mate)
    assert told("cancelled") == {mentor, learner}
    other = Owner(enrolment=enrol(outsider, cohort))
    assert actions.book(slot=slot, owner=other, question=QUESTION).slot == slot
    actions.cancel(booking=booking, actor=mate)  # A page that was open longer changes nothing.
    assert Booking.objects.in_force().get().enrolment.person == outsider


# --- What mentors and organisers do with booked times ---


def test_calling_off_tells_those_who_come_and_is_audited(
    slot: Slot, alone: Owner, learner: Person, mentor: Person, organiser: Person, enrolment: Enrolment
) -> None:
    actions.book(slot=slot, owner=alone, question=QUESTION)
    actions.call_off(slot=slot, actor=organiser)
    assert told("cancelled") == {learner, mentor}
    assert list(bookable_by(enrolment)) == []
    entry = AuditEntry.objects.get(action="consultation.called_off")
    assert (entry.actor, entry.details) == (organiser, {"was_booked": True})
    with pytest.raises(Refused):
        actions.call_off(slot=slot, actor=organiser)


def test_another_room_is_told_each_time(slot: Slot, alone: Owner, learner: Person, mentor: Person) -> None:
    actions.book(slot=slot, owner=alone, question=QUESTION)
    for url in (f"{ROOM}/2", f"{ROOM}/3", f"{ROOM}/3"):
        actions.change_room(slot=slot, url=url, actor=mentor)
    assert Notice.objects.filter(kind="meetings.consultation_moved", person=learner).count() == 2
    assert Slot.objects.get().url == f"{ROOM}/3"


def test_a_moved_consultation_is_told_and_reminds_anew_and_can_be_cancelled_until_it_begins(
    slot: Slot, for_team: Owner, learner: Person, mate: Person, mentor: Person
) -> None:
    booking = actions.book(slot=slot, owner=for_team, question=QUESTION)
    in_hours(slot, 23.5)
    assert remind() == 1
    later = timezone.now().replace(microsecond=0) + timedelta(hours=30)
    actions.move(slot=slot, starts_at=later, minutes=45, actor=mentor)
    moved = Slot.objects.get()
    assert (moved.starts_at, moved.minutes, moved.sequence) == (later, 45, 1)
    assert told("rescheduled") == {learner, mate}
    assert AuditEntry.objects.get(action="consultation.moved").details == {"was_booked": True}
    assert remind() == 0
    in_hours(slot, 23)
    assert remind() == 1
    assert Notice.objects.filter(kind="meetings.consultation_reminder", person=learner).count() == 2
    in_hours(slot, 1)
    actions.cancel(booking=booking, actor=mate)
    assert not Booking.objects.in_force().exists()


def test_a_consultation_moves_to_no_time_at_which_one_of_them_has_another(
    offered: Callable[..., Slot], other_mentor: Enrolment, alone: Owner, mentor: Person
) -> None:
    slot, free = offered(hours=50), offered(hours=60)
    (elsewhere,) = actions.offer(mentor=other_mentor, times=times(hours=70))
    for one in (slot, elsewhere):
        actions.book(slot=one, owner=alone, question=QUESTION)
    for other, words in ((free, "重なります"), (elsewhere, "別の相談")):
        with pytest.raises(Refused) as refused:
            actions.move(slot=slot, starts_at=other.starts_at + timedelta(minutes=10), minutes=30, actor=mentor)
        assert words in refused.value.messages[0]
    assert Slot.objects.get(pk=slot.pk).starts_at == slot.starts_at
    assert not told("rescheduled")


def test_what_has_begun_or_was_withdrawn_moves_no_more_and_a_free_time_tells_nobody(
    offered: Callable[..., Slot], mentor: Person
) -> None:
    slot, withdrawn = offered(hours=50), offered(hours=60)
    later = timezone.now() + timedelta(hours=80)
    actions.withdraw(slots=[withdrawn], actor=mentor)
    actions.move(slot=slot, starts_at=later, minutes=30, actor=mentor)
    assert Slot.objects.get(pk=slot.pk).starts_at == later
    begun = in_hours(slot, -0.1)
    for one in (begun, withdrawn):
        with pytest.raises(Refused):
            actions.move(slot=one, starts_at=later, minutes=30, actor=mentor)
    assert not Notice.objects.exists()


def test_everybody_sees_how_much_a_mentor_has_taken_on(
    offered: Callable[..., Slot], alone: Owner, as_mentor: Enrolment, other_mentor: Enrolment, cohort: Cohort
) -> None:
    over, booked, _free = offered(hours=50), offered(hours=60), offered(hours=70)
    for slot in (over, booked):
        actions.book(slot=slot, owner=alone, question=QUESTION)
    in_hours(over, -3)
    assert [(one.mentor, one.free, one.booked, one.held) for one in loads_in(cohort)] == [
        (as_mentor, 1, 1, 1),
        (other_mentor, 0, 0, 0),
    ]


# --- What ends consultations by itself ---


def test_a_conflict_of_interest_ends_bookings_and_hides_times(
    offered: Callable[..., Slot], alone: Owner, for_team: Owner, as_mentor: Enrolment, enrolment: Enrolment, team: Team
) -> None:
    own, teams = offered(hours=50), offered(hours=60)
    actions.book(slot=own, owner=alone, question=QUESTION)
    actions.book(slot=teams, owner=for_team, question=QUESTION)
    declare_conflict(mentor=as_mentor, team=team, enrolment=None, actor=as_mentor.person)
    assert [one.slot for one in Booking.objects.in_force()] == [own]
    assert [owner.team for owner in owners_for(teams, enrolment)] == [None]
    declare_conflict(mentor=as_mentor, team=None, enrolment=enrolment, actor=as_mentor.person)
    assert not Booking.objects.in_force().exists()
    assert list(bookable_by(enrolment)) == []


def test_nobody_consults_herself(slot: Slot, mentor: Person, cohort: Cohort) -> None:
    assert list(bookable_by(enrol(mentor, cohort, Role.LEARNER))) == []


def test_who_leaves_gives_the_time_back_and_a_team_keeps_it_while_somebody_is_there(
    offered: Callable[..., Slot], alone: Owner, for_team: Owner, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    own, teams = offered(hours=50), offered(hours=60)
    actions.book(slot=own, owner=alone, question=QUESTION)
    actions.book(slot=teams, owner=for_team, question=QUESTION)
    change_states(enrolments=[enrolment], state=EnrolmentState.WITHDRAWN, actor=None)
    assert [one.slot for one in Booking.objects.in_force()] == [teams]
    change_states(enrolments=[mate_enrolment], state=EnrolmentState.WITHDRAWN, actor=None)
    assert not Booking.objects.in_force().exists()


def test_times_of_a_mentor_who_leaves_are_withdrawn(
    slot: Slot, alone: Owner, as_mentor: Enrolment, learner: Person
) -> None:
    actions.book(slot=slot, owner=alone, question=QUESTION)
    change_states(enrolments=[as_mentor], state=EnrolmentState.WITHDRAWN, actor=None)
    assert told("cancelled") >= {learner}
    assert not Slot.objects.standing().exists()


# --- Reminders ---


def test_both_sides_are_reminded_a_day_and_an_hour_before(
    slot: Slot, for_team: Owner, learner: Person, mate: Person, mentor: Person
) -> None:
    actions.book(slot=slot, owner=for_team, question=QUESTION)
    assert remind() == 0
    for hours in (23.5, 0.8):
        in_hours(slot, hours)
        assert (remind(), remind()) == (1, 0)
    assert told("reminder") == {learner, mate, mentor}
    assert Notice.objects.filter(kind="meetings.consultation_reminder").count() == 6


def test_cancelled_consultations_remind_nobody(slot: Slot, alone: Owner, learner: Person) -> None:
    actions.cancel(booking=actions.book(slot=slot, owner=alone, question=QUESTION), actor=learner)
    in_hours(slot, 0.5)
    assert remind() == 0


def test_a_member_who_came_later_comes_too(slot: Slot, for_team: Owner, team: Team, cohort: Cohort) -> None:
    booking = actions.book(slot=slot, owner=for_team, question=QUESTION)
    newcomer = enrol(make_person("Saburo"), cohort)
    Membership.objects.create(team=team, enrolment=newcomer, kind=team.kind)
    assert newcomer.person in booking.people
    assert Booking.objects.held_by(newcomer.person).get() == booking
