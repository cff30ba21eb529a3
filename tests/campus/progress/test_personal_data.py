"""Follow-ups in the copy of one's data, and that they go with the person."""

from datetime import date

import pytest

from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.people.personal_data import holdings
from campus.progress.models import FollowUp
from campus.submissions.models import Stumble

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _followed_up(enrolment: Enrolment, mate_enrolment: Enrolment, open_step: Step) -> None:
    for one in (enrolment, mate_enrolment):
        FollowUp.objects.create(
            enrolment=one, kind="call", note="体調がすぐれない", reasons=["silent:"], done_on=date(2026, 5, 20)
        )
        Stumble.objects.create(step=open_step, enrolment=one)


def test_the_copy_tells_when_and_why_but_not_what_was_noted(enrolment: Enrolment) -> None:
    assert list(holdings["follow_ups"].rows(enrolment.person)) == [
        {"cohort": "spring", "kind": "call", "done_on": date(2026, 5, 20), "reasons": ["silent:"]}
    ]


def test_whoever_leaves_takes_the_follow_ups_along_and_nobody_elses(
    enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    holdings["follow_ups"].erase(enrolment.person)
    assert list(FollowUp.objects.values_list("enrolment", flat=True)) == [mate_enrolment.pk]
    assert list(Stumble.objects.values_list("enrolment", flat=True)) == [mate_enrolment.pk]
