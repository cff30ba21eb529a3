"""Who may see and hand in what."""

import rules

from campus.cases.models import Step
from campus.cohorts.models import Enrolment, Role
from campus.cohorts.queries import learner_enrolment
from campus.cohorts.rules import is_learner, is_member, roles_of
from campus.people.models import Person
from campus.submissions.models import HandedIn, Submission
from campus.submissions.readable import is_open_for
from campus.teams.models import Membership


@rules.predicate
def is_shared_now(person: Person, work: HandedIn) -> bool:
    """Whoever has a say in it now: who left the team may still look at what she handed in, but not choose."""
    if work.team_id is None:
        return work.enrolment.person_id == person.pk
    return Membership.objects.current().filter(enrolment__person=person, team=work.team_id).exists()


@rules.predicate
def is_own(person: Person, work: HandedIn) -> bool:
    """The one who handed it in, or a present member of the team it was handed in for."""
    return work.enrolment.person_id == person.pk or bool(is_shared_now(person, work))


@rules.predicate
def is_looked_after(person: Person, work: HandedIn) -> bool:
    """Organisers and mentors look after the cohort, facilitators after their own classes."""
    roles = roles_of(person, work.step.cohort)
    if roles & {Role.ORGANISER, Role.MENTOR}:
        return True
    if Role.FACILITATOR not in roles or work.enrolment.study_class_id is None:
        return False
    return (
        Enrolment.objects.of(person)
        .filter(role=Role.FACILITATOR, facilitated_classes=work.enrolment.study_class_id)
        .exists()
    )


@rules.predicate
def is_in_cohort(person: Person, work: HandedIn) -> bool:
    return bool(is_member(person, work.step.cohort))


@rules.predicate
def is_opened(person: Person, submission: Submission) -> bool:
    """A notebook that its owner stands by on the final board, once nobody concerned can hand in any more."""
    return is_open_for(submission, learner_enrolment(person, submission.step.cohort))


@rules.predicate
def sees_step(person: Person, step: Step) -> bool:
    return bool(is_member(person, step.cohort))


@rules.predicate
def learns_in_cohort(person: Person, step: Step) -> bool:
    return bool(is_learner(person, step.cohort))


rules.add_perm("submissions.view_submission", is_in_cohort & (is_own | is_looked_after))
rules.add_perm("submissions.read_notebook", is_in_cohort & (is_own | is_looked_after | is_opened))
rules.add_perm("submissions.pick_submission", is_in_cohort & is_shared_now)
rules.add_perm("submissions.hand_in", learns_in_cohort)
rules.add_perm("submissions.view_board", sees_step)
