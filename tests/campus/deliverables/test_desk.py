"""The list of hand-ins for those who look after learners."""

import pytest

from campus.cases.models import Step
from campus.cohorts.models import Enrolment, Role, StudyClass
from campus.deliverables.models import Deliverable
from campus.people.models import Person
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.deliverables.files import CSV, handed_in

pytestmark = pytest.mark.django_db
DESK = "/cohorts/spring/desk/deliverables/"


def test_staff_see_the_current_version_of_each(
    step: Step, enrolment: Enrolment, facilitator: Person, mentor: Person, organiser: Person
) -> None:
    first = handed_in(step, enrolment)
    second = handed_in(step, enrolment, a_csv=CSV)
    for person in (facilitator, mentor, organiser):
        page = signed_in(person).get(DESK).content.decode()
        assert f'href="{second.address}"' in page
        assert f'href="{first.address}"' not in page


def test_the_list_is_narrowed_and_comes_as_a_file(
    step: Step, team_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment, organiser: Person
) -> None:
    handed_in(step, enrolment)
    handed_in(team_step, mate_enrolment)
    Deliverable.objects.filter(step=team_step).update(is_late=True)
    browser = signed_in(organiser)

    def listed(query: str) -> list[str]:
        lines = browser.get(f"{DESK}?{query}&export=csv").content.decode("utf-8-sig").splitlines()[1:]
        return [line.split(",")[0] for line in lines]

    assert set(listed("")) == {"Hanako", "Team 1"}
    assert listed(f"step={step.pk}") == ["Hanako"]
    assert listed("when=late") == ["Team 1"]
    assert listed("when=in_time") == ["Hanako"]
    assert listed("name=team") == ["Team 1"]
    assert listed(f"study_class={enrolment.study_class_id}&step={step.pk}") == ["Hanako"]


def test_a_facilitator_sees_the_own_classes_only(deliverable: Deliverable) -> None:
    other = make_person("Fumio")
    facilitating = enrol(other, deliverable.step.cohort, Role.FACILITATOR)
    StudyClass.objects.create(cohort=deliverable.step.cohort, name="B").facilitators.add(facilitating)
    assert deliverable.address not in signed_in(other).get(DESK).content.decode()


def test_learners_and_outsiders_have_no_list(deliverable: Deliverable, learner: Person, outsider: Person) -> None:
    for person in (learner, outsider):
        assert signed_in(person).get(DESK).status_code == 404
