"""Who hands in a step, whatever kind it is."""

from django.utils import timezone

from campus.cases.choosing import cases_of
from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.submissions.models import Owner, owner_in
from campus.submissions.refusals import NotChosen, NoTeam, NotOpenYet


def owner_who_may_hand_in(*, step: Step, enrolment: Enrolment) -> Owner:
    """Whose hand-in the learner's will be; raises a Refused that says why there can't be one now."""
    if timezone.now() < step.opens_at:
        raise NotOpenYet(step.opens_at)
    if step.cohort_case_id not in cases_of([enrolment])[enrolment.pk]:
        raise NotChosen
    owner = owner_in(step=step, enrolment=enrolment)
    if owner is None:
        raise NoTeam
    return owner
