"""How near each of the cast stands to a learner, by the roles held in the learner's cohort now."""

import pytest
from django.contrib.auth.models import AnonymousUser

from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role, StudyClass
from campus.cohorts.viewers import viewer_of, widest_viewer
from campus.people.models import Person
from campus.people.profile_fields import Viewer
from tests.campus.cast import enrol, make_person

pytestmark = pytest.mark.django_db


def fresh(person: Person) -> Person:
    """Roles are remembered by the object."""
    return Person.objects.get(pk=person.pk)


def test_each_stands_as_near_as_the_role_says(
    enrolment: Enrolment, learner: Person, mate: Person, facilitator: Person, mentor: Person, organiser: Person
) -> None:
    people = [learner, mate, facilitator, mentor, organiser]
    assert [viewer_of(one, enrolment) for one in people] == [
        Viewer.SELF,
        Viewer.FELLOW,
        Viewer.STAFF,
        Viewer.STAFF,
        Viewer.ORGANISER,
    ]


def test_outsiders_and_anonymous_people_are_strangers(enrolment: Enrolment, outsider: Person) -> None:
    assert viewer_of(outsider, enrolment) == viewer_of(AnonymousUser(), enrolment) == Viewer.STRANGER


def test_the_platform_operator_is_a_stranger(enrolment: Enrolment) -> None:
    assert viewer_of(make_person("Root", is_staff=True), enrolment) == Viewer.STRANGER


def test_an_organiser_of_another_cohort_is_a_stranger(enrolment: Enrolment, other_cohort: Cohort) -> None:
    elsewhere = make_person("Elsewhere")
    enrol(elsewhere, other_cohort, Role.ORGANISER)
    assert viewer_of(elsewhere, enrolment) == Viewer.STRANGER


def test_a_facilitator_of_another_class_sees_what_fellows_see(enrolment: Enrolment, cohort: Cohort) -> None:
    other = make_person("Facilitator2")
    StudyClass.objects.create(cohort=cohort, name="B").facilitators.add(enrol(other, cohort, Role.FACILITATOR))
    assert viewer_of(other, enrolment) == Viewer.FELLOW


@pytest.mark.parametrize("state", [EnrolmentState.APPLIED, EnrolmentState.WITHDRAWN])
def test_who_does_not_take_part_has_no_fellows(enrolment: Enrolment, mate: Person, state: str) -> None:
    enrolment.state = state
    assert viewer_of(mate, enrolment) == Viewer.STRANGER


def test_an_application_is_for_organisers_only(
    enrolment: Enrolment, facilitator: Person, mentor: Person, organiser: Person
) -> None:
    enrolment.state = EnrolmentState.APPLIED
    assert [viewer_of(one, enrolment) for one in (facilitator, mentor, organiser)] == [
        Viewer.STRANGER,
        Viewer.STRANGER,
        Viewer.ORGANISER,
    ]


def test_who_has_left_sees_nobody_any_more(enrolment: Enrolment, mate: Person, cohort: Cohort) -> None:
    Enrolment.objects.filter(person=mate).update(state=EnrolmentState.WITHDRAWN)
    assert viewer_of(fresh(mate), enrolment) == Viewer.STRANGER
    assert widest_viewer(fresh(mate), cohort) == Viewer.STRANGER
