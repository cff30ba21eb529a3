"""What a person finds in the notebook: the own cases, each in a folder that keeps its name, with first notebooks."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from campus.cases.actions import adopt_case
from campus.cases.choosing import choose_cases, set_choice_rule
from campus.cases.models import CaseVersion, CohortCase, Track
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role
from campus.notebooks.delivery import deliveries_of, delivery_of
from campus.people.models import Person
from tests.campus.cast import enrol

pytestmark = pytest.mark.django_db


@pytest.fixture
def later_case(other_cohort: Cohort, case_version: CaseVersion) -> CohortCase:
    """The same case in another cohort, which began later."""
    Cohort.objects.filter(pk=other_cohort.pk).update(starts_on=timezone.localdate())
    return adopt_case(cohort=other_cohort, case_version=case_version, starts_at=timezone.now(), actor=None)


@pytest.fixture
def starters(settings: Settings, tmp_path: Path, cohort_case: CohortCase) -> Path:
    settings.STARTER_SOURCES = tmp_path
    folder = tmp_path / cohort_case.case_version.slug
    for language in ("ja", "en"):
        (folder / language).mkdir(parents=True)
        for name in ("02-going-further.ipynb", "01-first-submission.ipynb", "notes.txt"):
            (folder / language / name).write_text("{}")
    return folder


def folders(person: Person) -> dict[str, str]:
    return {one.cohort_case.cohort.slug: one.folder for one in deliveries_of(person)}


def test_folders_keep_their_names_when_cohorts_come_and_go(
    learner: Person, cohort_case: CohortCase, later_case: CohortCase, other_cohort: Cohort
) -> None:
    assert folders(learner) == {"spring": "daily-sales"}
    enrol(learner, other_cohort)
    assert folders(learner) == {"autumn": "daily-sales-autumn", "spring": "daily-sales"}
    Enrolment.objects.filter(person=learner, cohort__slug="spring").update(state=EnrolmentState.WITHDRAWN)
    assert folders(learner) == {"autumn": "daily-sales-autumn"}


def test_the_latest_cohort_comes_first(
    learner: Person, cohort_case: CohortCase, later_case: CohortCase, other_cohort: Cohort
) -> None:
    enrol(learner, other_cohort)
    assert [one.cohort_case.cohort.slug for one in deliveries_of(learner)] == ["autumn", "spring"]


def test_two_roles_in_a_cohort_give_one_folder(mentor: Person, cohort: Cohort, cohort_case: CohortCase) -> None:
    enrol(mentor, cohort, Role.ALUMNI)
    assert folders(mentor) == {"spring": "daily-sales"}


def test_a_learner_gets_what_was_chosen_and_staff_gets_all(
    learner: Person, organiser: Person, enrolment: Enrolment, cohort: Cohort, cohort_case: CohortCase
) -> None:
    until = timezone.now() + timedelta(days=1)
    rule = set_choice_rule(cohort=cohort, cases_each=1, tracks=list(Track), until=until, actor=None)
    assert deliveries_of(learner) == []
    assert len(deliveries_of(organiser)) == 1
    choose_cases(rule=rule, enrolment=enrolment, cases=[cohort_case], actor=learner)
    assert delivery_of(learner, cohort_case) is not None


def test_nobody_gets_the_case_of_a_cohort_that_is_not_theirs(outsider: Person, cohort_case: CohortCase) -> None:
    assert deliveries_of(outsider) == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_first_notebooks_come_in_the_persons_language(
    learner: Person, cohort_case: CohortCase, starters: Path, language: str
) -> None:
    learner.language = language
    (found,) = deliveries_of(learner)
    assert found.starters == starters / language
    assert found.first_notebook == "daily-sales/01-first-submission.ipynb"


def test_where_a_language_is_missing_the_other_one_comes(
    learner: Person, cohort_case: CohortCase, starters: Path
) -> None:
    (starters / "en").rename(starters / "xx")
    learner.language = "en"
    assert deliveries_of(learner)[0].starters == starters / "ja"


def test_a_case_without_notebooks_has_its_data(learner: Person, cohort_case: CohortCase) -> None:
    (found,) = deliveries_of(learner)
    assert (found.starters, found.first_notebook) == (None, "")
    assert sorted(path.suffix for path in found.data.iterdir())[0] == ".csv"
