"""The demo's groups: most are placed, some look for a group, a team has used its space."""

import pytest

from campus.cohorts.models import Cohort, Enrolment, StudyClass
from campus.demo.groups import ALONE, form_groups
from campus.demo.people import LEARNER
from campus.grouping.gathering import unplaced
from campus.grouping.models import Evaluation, FileVersion, Formation, Interest
from campus.people.models import Person
from campus.teams.actions import form_team
from campus.teams.models import Team, TeamKind
from tests.campus.cast import enrol

pytestmark = pytest.mark.django_db


@pytest.fixture
def learners(cohort: Cohort, study_class: StudyClass) -> list[Enrolment]:
    addresses = [LEARNER.email, *(f"learner{number:02d}@demo.example" for number in range(29))]
    people = Person.objects.bulk_create(
        Person(email=one, name=one.partition("@")[0], password="!") for one in addresses
    )
    return [enrol(person, cohort, study_class=study_class) for person in people]


def test_the_demo_shows_every_page_of_groups_with_something_on_it(cohort: Cohort, learners: list[Enrolment]) -> None:
    team = form_team(cohort=cohort, kind=TeamKind.PROJECT, name="チーム01", members=learners[:4], actor=None)
    form_groups(cohort)
    form_groups(cohort)  # A second start changes nothing.
    groups = Team.objects.filter(cohort=cohort, kind=TeamKind.STUDY_GROUP)
    assert groups.smaller_than(3).count() == 1
    assert ALONE <= unplaced(cohort, TeamKind.STUDY_GROUP).count() < 10
    assert Interest.objects.count() == 2
    assert Formation.objects.get().is_ready
    assert FileVersion.objects.filter(file__team=team).count() == 2
    assert (team.log.count(), team.milestones.count()) == (3, 3)
    assert Evaluation.objects.get(team=team).judgements.count() == 3 * 3 * 4
