"""Organisers who have to add a second factor are told so instead of finding no cohort."""

from django.conf import settings
from django.urls import reverse

from campus.cohorts.access import entry_condition
from campus.cohorts.models import Cohort, Enrolment, Role
from campus.people.models import Person
from campus.people.second_factor import must_add_second_factor


@entry_condition
def add_second_factor_first(person: Person, cohort: Cohort) -> str | None:
    """The right is held back by ``Enrolment.objects.of``; this only leads the way."""
    if settings.ENVIRONMENT.second_factor != "organisers":
        return None
    organises = Enrolment.objects.taking_part().filter(person=person, cohort=cohort, role=Role.ORGANISER).exists()
    return reverse("mfa_index") if organises and must_add_second_factor(person) else None
