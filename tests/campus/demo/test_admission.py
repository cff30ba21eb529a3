"""The demo's call for applications: its pages have something of each kind, and nobody was told anything."""

from collections import Counter

import pytest

from campus.cases.models import CohortCase
from campus.cohorts.audit import in_words
from campus.cohorts.models import AuditEntry
from campus.demo.admission import SLUG, call_for_applications
from campus.intake.applications.overview import overview_of
from campus.intake.applications.queries import admission_of, with_score
from campus.intake.models import Application, Decision
from campus.people.models import Person
from tests.campus.cast import make_person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def applicants() -> list[Person]:
    return [make_person(f"applicant{number:02d}") for number in range(12)]


def test_applicants_are_in_several_states_and_know_of_none(
    cohort_case: CohortCase, organiser: Person, applicants: list[Person]
) -> None:
    cohort = call_for_applications(version=cohort_case.case_version, organiser=organiser, applicants=applicants)
    overview = overview_of(admission_of(cohort))
    assert (overview.applied, overview.withdrawn, overview.selected, overview.waitlisted) == (11, 1, 3, 1)
    assert set(Application.objects.values_list("announced", flat=True)) == {Decision.UNDECIDED}
    scores = Counter(with_score(Application.objects.all(), cohort).values_list("score", flat=True))
    assert None not in scores
    assert len(scores) > 1

    client = signed_in(organiser)
    for page in ("applicants/", "applicants/waitlist/", "applicants/announcement/", "admission/"):
        assert client.get(f"/cohorts/{SLUG}/desk/{page}").status_code == 200
    entries = AuditEntry.objects.filter(cohort=cohort)
    assert {line.actor for line in in_words(entries)} >= {organiser.name, applicants[0].name}
