"""Who hands in a step, whatever kind it is."""

from django.utils import timezone

from campus.cases.choosing import cases_of
from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.submissions.models import Owner, owner_in
from campus.submissions.refusals import NotChosen, NoTeam, NotOpenYet


def works_on(enrolment: Enrolment, step: Step) -> bool:
    """Whether the step's case is for the learner: for everybody, or chosen by her."""
    return step.cohort_case_id in cases_of([enrolment])[enrolment.pk]


def owner_who_may_hand_in(*, step: Step, enrolment: Enrolment) -> Owner:
    """Whose hand-in the learner's will be; raises a Refused that says why there can't be one now."""
    if timezone.now() < step.opens_at:
        raise NotOpenYet(step.opens_at)
    if not works_on(enrolment, step):
        raise NotChosen
    owner = owner_in(step=step, enrolment=enrolment)
    if owner is None:
        raise NoTeam
    return owner
