"""The desk's menu: what lies on it is shown to whom it is for."""

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from campus.cohorts import desk
from campus.cohorts.access import desk_page
from campus.cohorts.desk import Section, desk_of, lay_on_desk
from campus.cohorts.models import Cohort, Enrolment, StudyClass
from campus.cohorts.queries import learners_looked_after
from campus.people.models import Person
from tests.campus.cast import enrol, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def laid(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk with one page for those who look after learners and one for organisers."""
    monkeypatch.setattr(desk, "_pages", [])
    lay_on_desk(
        section=Section.COHORT, label="Run", url_name="cohorts:board_name", permission="cohorts.run_cohort", position=1
    )
    lay_on_desk(
        section=Section.PROGRESS, label="See", url_name="cohorts:cohort", permission="cohorts.look_after_learners"
    )


def labels(person: Person, cohort: Cohort) -> list[str]:
    return [str(entry.label) for _, entries in desk_of(person, cohort) for entry in entries]


@pytest.mark.usefixtures("laid")
def test_each_sees_the_pages_that_are_theirs(
    organiser: Person, facilitator: Person, mentor: Person, learner: Person, outsider: Person, cohort: Cohort
) -> None:
    assert labels(organiser, cohort) == ["See", "Run"]
    assert labels(facilitator, cohort) == ["See"]
    assert [labels(person, cohort) for person in (mentor, learner, outsider)] == [[], [], []]


def test_a_page_of_the_desk_does_not_exist_for_the_others(
    organiser: Person, facilitator: Person, outsider: Person, cohort: Cohort
) -> None:
    @desk_page("cohorts.run_cohort")
    def page(request: HttpRequest, *, cohort: Cohort) -> HttpResponse:
        return HttpResponse(cohort.slug)

    def open_as(person: Person) -> HttpResponse:
        request = RequestFactory().get("/")
        request.user = person
        return page(request, cohort="spring")

    assert open_as(organiser).content == b"spring"
    for person in (facilitator, outsider):
        with pytest.raises(Http404):
            open_as(person)


def test_a_facilitator_looks_after_the_own_classes_only(
    organiser: Person, facilitator: Person, mentor: Person, enrolment: Enrolment, cohort: Cohort
) -> None:
    other = enrol(make_person("Other"), cohort, study_class=StudyClass.objects.create(cohort=cohort, name="B"))
    assert set(learners_looked_after(organiser, cohort)) == {enrolment, other}
    assert set(learners_looked_after(facilitator, cohort)) == {enrolment}
    assert not learners_looked_after(mentor, cohort).exists()
