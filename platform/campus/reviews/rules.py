"""Who may do what with reviews. Reviewers and authors never learn of each other; those who run the cohort see both."""

import rules

from campus.cohorts.models import Cohort, Enrolment
from campus.cohorts.rules import is_learner, is_mentor, is_organiser
from campus.people.models import Person
from campus.reviews.decisions import Stage
from campus.reviews.models import Assignment, Review, Work
from campus.reviews.queries import is_author
from campus.teams.models import Membership


@rules.predicate
def holds_assignment(person: Person, assignment: Assignment) -> bool:
    """Her own, while she learns in the cohort, unless it ended before she had opened it."""
    if assignment.share.enrolment.person_id != person.pk:
        return False
    return assignment.stage != Stage.ENDED or assignment.begun_at is not None


@rules.predicate
def learns_there(person: Person, assignment: Assignment) -> bool:
    return bool(is_learner(person, assignment.share.round.cohort))


@rules.predicate
def received_review(person: Person, review: Review) -> bool:
    """Authors of the work, once it was given."""
    work = review.assignment.work
    given = review.assignment.stage == Stage.GIVEN
    return given and bool(is_learner(person, work.round.cohort)) and is_author(person, work)


@rules.predicate
def made_work(person: Person, work: Work) -> bool:
    return bool(is_learner(person, work.round.cohort)) and is_author(person, work)


@rules.predicate
def organises(person: Person, work: Work) -> bool:
    return bool(is_organiser(person, work.round.cohort))


@rules.predicate
def mentors_without_conflict(person: Person, work: Work) -> bool:
    return bool(is_mentor(person, work.round.cohort)) and not has_conflict(person, work)


@rules.predicate
def is_free_of_conflict(person: Person, work: Work) -> bool:
    return not has_conflict(person, work)


@rules.predicate
def oversees(person: Person, cohort: Cohort) -> bool:
    return bool(is_organiser(person, cohort))


@rules.predicate
def decides_appeals(person: Person, cohort: Cohort) -> bool:
    return bool(is_organiser(person, cohort) or is_mentor(person, cohort))


def has_conflict(person: Person, work: Work) -> bool:
    """Whether somebody stands too near to judge: made the work, reviewed it, or has the same employer as an author."""
    if is_author(person, work):
        return True
    if work.assignments.filter(share__enrolment__person=person, stage=Stage.GIVEN).exists():
        return True
    organisation = getattr(getattr(person, "profile", None), "organisation", "")
    if not organisation:
        return False
    authors = Enrolment.objects.filter(person__profile__organisation=organisation)
    if work.team_id:
        return Membership.objects.current().filter(team=work.team_id, enrolment__in=authors).exists()
    return authors.filter(pk=work.enrolment_id or 0).exists()


rules.add_perm("reviews.write", holds_assignment & learns_there)
rules.add_perm("reviews.receive", received_review)
rules.add_perm("reviews.appeal", made_work)
rules.add_perm("reviews.look_into", organises | mentors_without_conflict)
rules.add_perm("reviews.decide", (organises | mentors_without_conflict) & is_free_of_conflict)
rules.add_perm("reviews.oversee", oversees)
rules.add_perm("reviews.list_appeals", decides_appeals)
