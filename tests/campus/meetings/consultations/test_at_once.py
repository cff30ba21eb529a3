"""Two browsers at the same moment: a time is booked once, and a mentor's times don't overlap."""

from collections.abc import Callable

import pytest

from campus.cohorts.models import Enrolment
from campus.meetings.consultations.actions import book, offer
from campus.meetings.consultations.refusals import Refused
from campus.meetings.models import Booking, Slot
from campus.submissions.models import Owner
from tests.campus.discussion.test_at_once import at_once
from tests.campus.meetings.consultations.conftest import times

pytestmark = pytest.mark.django_db(transaction=True)


def or_refused(work: Callable[[], object], refused: list[Refused]) -> Callable[[], object]:
    def run() -> None:
        try:
            work()
        except Refused as one:
            refused.append(one)

    return run


def test_of_two_who_book_or_offer_at_once_one_is_refused(
    as_mentor: Enrolment, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    refused: list[Refused] = []
    plan = times()
    at_once([or_refused(lambda: offer(mentor=as_mentor, times=plan), refused)] * 2)
    slot = Slot.objects.get()
    owners = [Owner(enrolment=one) for one in (enrolment, mate_enrolment)]
    works = [lambda owner=owner: book(slot=slot, owner=owner, question="同時") for owner in owners]
    at_once([or_refused(work, refused) for work in works])
    assert len(refused) == 2
    assert Booking.objects.get().slot == slot
