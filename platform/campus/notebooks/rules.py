"""Who may open whose notebook, and copy what was handed in into the own one."""

import rules
from django.conf import settings

from campus.cohorts.models import Enrolment, Role
from campus.cohorts.rules import is_facilitator, is_mentor, is_organiser
from campus.notebooks.delivery import delivery_of
from campus.notebooks.queries import visitable
from campus.people.models import Person
from campus.submissions.models import Submission
from campus.submissions.readable import is_notebook


def visitable_enrolment(visitor: Person, owner: Person) -> Enrolment | None:
    """By which of the owner's enrolments the visitor may open the owner's notebook; that in the latest cohort."""
    learning = Enrolment.objects.of(owner).filter(role=Role.LEARNER).select_related("cohort")
    for enrolment in learning.order_by("-cohort__starts_on", "cohort__slug"):
        if visitable(visitor, enrolment.cohort).filter(pk=enrolment.pk).exists():
            return enrolment
    return None


@rules.predicate
def are_on() -> bool:
    return bool(settings.ENVIRONMENT.notebooks == "on")


@rules.predicate
def reads(person: Person, submission: Submission) -> bool:
    return is_notebook(submission) and person.has_perm("submissions.read_notebook", submission)


@rules.predicate
def works_on_case(person: Person, submission: Submission) -> bool:
    """Whose notebook has a folder for it, with the data that the copy needs."""
    return delivery_of(person, submission.step.cohort_case) is not None


rules.add_perm("notebooks.copy", are_on & reads & works_on_case)
rules.add_perm("notebooks.see_list", are_on & (is_organiser | is_mentor | is_facilitator))
