"""The demo's cohort that chooses its case: half have chosen, the others see what there is."""

import pytest
from django.test import Client
from django.utils import timezone

from campus.cases.choosing import cases_of, undecided
from campus.cases.models import CaseVersion, ChoiceRule
from campus.demo.choice import CHOICE, offer_choice
from campus.people.models import Person
from tests.campus.cast import make_person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_version(case_version: CaseVersion) -> CaseVersion:
    """A second case with the same files."""
    values = {field.attname: getattr(case_version, field.attname) for field in CaseVersion._meta.concrete_fields}
    return CaseVersion.objects.create(**{**values, "id": None, "slug": "other-sales", "folder": "other"})


def test_half_of_the_learners_have_chosen_one_of_two_cases(
    case_version: CaseVersion, other_version: CaseVersion, organiser: Person
) -> None:
    learners = [make_person(f"chooser{number}") for number in range(6)]

    cohort = offer_choice(
        [case_version, other_version], learners=learners, organiser=organiser, starts_at=timezone.now()
    )

    chosen = [len(cases) for cases in cases_of(cohort.enrolments.filter(person__in=learners)).values()]
    assert sorted(chosen) == [0, 0, 0, 1, 1, 1]
    assert undecided(ChoiceRule.objects.get(cohort=cohort)).count() == 3
    page: Client = signed_in(learners[0])
    assert page.get(f"/cohorts/{CHOICE}/choose-cases/").status_code == 200
