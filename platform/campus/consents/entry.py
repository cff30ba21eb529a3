"""Who is led to the welcome page before any other page of a cohort."""

from django.urls import reverse

from campus.cohorts.access import entry_condition
from campus.cohorts.models import Cohort, Role
from campus.cohorts.rules import roles_of
from campus.consents.queries import welcomed
from campus.people.models import Person


@entry_condition
def answer_first(person: Person, cohort: Cohort) -> str | None:
    """Those who were chosen and have not begun, and learners who owe an answer; never those who run the cohort."""
    if roles_of(person, cohort) - {Role.LEARNER} or welcomed(person, cohort) is None:
        return None
    return reverse("consents:welcome", args=[cohort.slug])
