"""Who may judge, read what was released, and oversee. A conflict of interest closes a work to its mentor."""

import rules
from django.db.models import Q

from campus.cohorts.models import Cohort, Enrolment, Role
from campus.cohorts.rules import is_mentor, is_organiser, roles_of
from campus.deliverables.models import Deliverable
from campus.deliverables.readers import bar
from campus.mentoring.models import Comment, Conflict
from campus.people.models import Person
from campus.submissions.rules import is_in_cohort, is_own
from campus.teams.models import Membership


def conflicts_of(person: Person, cohort: Cohort) -> Q:
    """Selects the works that the person must not judge, in models with ``enrolment`` and ``team``.

    Declared conflicts with a team or a learner, a learner's also through the team she is in now; and the own work.
    """
    own = Enrolment.objects.filter(person=person, cohort=cohort)
    declared = Conflict.objects.filter(mentor__in=own)
    learners = Q(pk__in=declared.exclude(enrolment=None).values("enrolment")) | Q(pk__in=own)
    closed = Enrolment.objects.filter(learners, cohort=cohort)
    teams = Membership.objects.current().filter(enrolment__in=closed).values("team")
    named = declared.exclude(team=None).values("team")
    return Q(enrolment__in=closed) | Q(team__in=teams) | Q(team__in=named)


@rules.predicate
def has_conflict(person: Person, deliverable: Deliverable) -> bool:
    closed = conflicts_of(person, deliverable.step.cohort)
    return Deliverable.objects.filter(closed, pk=deliverable.pk).exists()


@bar
def reads_as_mentor_with_conflict(person: Person, deliverable: Deliverable) -> bool:
    """Whoever looks at works as a mentor does not look at those; organisers run the cohort and see all."""
    roles = roles_of(person, deliverable.step.cohort)
    return Role.MENTOR in roles and Role.ORGANISER not in roles and bool(has_conflict(person, deliverable))


@rules.predicate
def mentors_here(person: Person, deliverable: Deliverable) -> bool:
    return bool(is_mentor(person, deliverable.step.cohort))


@rules.predicate
def may_answer(person: Person, comment: Comment) -> bool:
    """The owner of the work where it was released, and the mentor who wrote the review."""
    review = comment.review
    if review.mentor.person_id == person.pk:
        return bool(is_mentor(person, review.deliverable.step.cohort))
    return review.is_released and bool((is_in_cohort & is_own)(person, review.deliverable))


rules.add_perm("mentoring.mentor", is_mentor)
rules.add_perm("mentoring.see_queue", is_mentor | is_organiser)
rules.add_perm("mentoring.oversee", is_organiser)
rules.add_perm("mentoring.judge", mentors_here & ~has_conflict)
rules.add_perm("mentoring.read_feedback", is_in_cohort & is_own)
rules.add_perm("mentoring.answer", may_answer)
