"""Who sees, runs and decides about study meetings."""

import rules

from campus.cohorts.models import Cohort, Enrolment
from campus.cohorts.rules import is_facilitator, is_learner, is_member, is_organiser
from campus.meetings.models import Meeting, Policy, State
from campus.people.models import Person


@rules.predicate
def may_propose(person: Person, cohort: Cohort) -> bool:
    """Learners, where the cohort allows it."""
    return bool(is_learner(person, cohort)) and Policy.objects.filter(cohort=cohort, learners_may_propose=True).exists()


@rules.predicate
def runs_its_cohort(person: Person, meeting: Meeting) -> bool:
    return bool(is_organiser(person, meeting.cohort))


@rules.predicate
def looks_after_its_class(person: Person, meeting: Meeting) -> bool:
    """A facilitator of the class that it is for; meetings of the whole cohort are the organisers'."""
    mine = Enrolment.objects.of(person).filter(cohort=meeting.cohort_id)
    return meeting.study_class_id is not None and mine.filter(facilitated_classes=meeting.study_class_id).exists()


@rules.predicate
def hosts_it(person: Person, meeting: Meeting) -> bool:
    return meeting.host_id == person.pk and bool(is_member(person, meeting.cohort))


@rules.predicate
def is_invited(person: Person, meeting: Meeting) -> bool:
    """Members of the cohort, or learners of the class that it is for."""
    if not is_member(person, meeting.cohort):
        return False
    if meeting.study_class_id is None:
        return True
    return Enrolment.objects.of(person).filter(study_class=meeting.study_class_id).exists()


@rules.predicate
def is_announced(_person: Person, meeting: Meeting) -> bool:
    return meeting.state != State.PROPOSED


@rules.predicate
def takes_place(_person: Person, meeting: Meeting) -> bool:
    return meeting.state == State.OPEN


decides = runs_its_cohort | looks_after_its_class
runs_it = decides | hosts_it

rules.add_perm("meetings.create", is_organiser | is_facilitator)
rules.add_perm("meetings.propose", may_propose)
rules.add_perm("meetings.set_policy", is_organiser)
rules.add_perm("meetings.view_meeting", runs_it | (is_invited & is_announced))
rules.add_perm("meetings.run_meeting", runs_it)
rules.add_perm("meetings.decide_meeting", decides)
rules.add_perm("meetings.sign_up", takes_place & (is_invited | runs_it))
