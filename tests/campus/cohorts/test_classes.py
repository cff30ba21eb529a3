"""Classes on the desk: made, dealt with a preview, changed, removed; and who may not."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campus.cohorts.classes import make_classes, move_to_class, plan_dealing, remove_class
from campus.cohorts.dealing import Way
from campus.cohorts.models import AuditEntry, Cohort, Enrolment, EnrolmentState, Role, StudyClass
from campus.people.models import Person, Profile
from tests.campus.cast import enrol, make_person, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
CLASSES = "/cohorts/spring/desk/classes/"
DEAL = f"{CLASSES}deal/"


@pytest.fixture
def desk(organiser: Person) -> Client:
    return signed_in(organiser)


@pytest.fixture
def learners(cohort: Cohort) -> list[Enrolment]:
    """Six from manufacturing, three from finance, one who has withdrawn."""
    made = []
    for number in range(9):
        person = make_person(f"L{number}")
        Profile.objects.create(person=person, industry="E" if number < 6 else "J")
        made.append(enrol(person, cohort))
    enrol(make_person("Gone"), cohort, state=EnrolmentState.WITHDRAWN)
    return made


def test_classes_are_made_with_names_that_are_free(desk: Client, cohort: Cohort) -> None:
    StudyClass.objects.create(cohort=cohort, name="02")
    desk.post(CLASSES, {"count": "3", "prefix_of_names": ""})
    assert [one.name for one in cohort.classes.all()] == ["01", "02", "03", "04"]
    assert AuditEntry.objects.filter(action="class.made").count() == 3
    with pytest.raises(ValidationError):
        make_classes(cohort=cohort, names=["05", "01"], actor=None)
    assert cohort.classes.count() == 4


def test_the_outcome_is_shown_before_anybody_is_dealt(desk: Client, cohort: Cohort, learners: list[Enrolment]) -> None:
    make_classes(cohort=cohort, names=["A", "B", "C"], actor=None)
    page = desk.get(DEAL, {"way": "balanced", "keys": ["industry"]})
    outcome = page.context["outcome"]
    assert [(one.name, now, then) for one, now, then in outcome.sizes] == [("A", 0, 3), ("B", 0, 3), ("C", 0, 3)]
    (table,) = outcome.tables
    assert [(counts, total) for _, counts, total in table.lines] == [([2, 2, 2], 6), ([1, 1, 1], 3)]
    assert not Enrolment.objects.exclude(study_class=None).exists()
    body = {"way": "balanced", "keys": ["industry"], "seen": page.context["seen"]}
    assert desk.post(DEAL, body)["Location"] == CLASSES
    assert sorted(one.learners.count() for one in cohort.classes.all()) == [3, 3, 3]
    assert AuditEntry.objects.filter(action="enrolment.class_changed").count() == 9
    assert AuditEntry.objects.get(action="class.dealt").details["count"] == 9


def test_what_changed_since_the_preview_is_looked_at_again(
    desk: Client, cohort: Cohort, learners: list[Enrolment]
) -> None:
    make_classes(cohort=cohort, names=["A"], actor=None)
    seen = desk.get(DEAL, {"way": "balanced"}).context["seen"]
    enrol(make_person("Late"), cohort)
    page = desk.post(DEAL, {"way": "balanced", "seen": seen})
    assert page.context["outcome"].total == 10
    assert not Enrolment.objects.exclude(study_class=None).exists()


def test_dealing_asks_the_database_little(
    cohort: Cohort, learners: list[Enrolment], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_classes(cohort=cohort, names=["A", "B"], actor=None)
    with django_assert_max_num_queries(4):
        plan_dealing(cohort=cohort, way=Way.BALANCED, keys=["industry", "prefecture"], anew=False)


def test_a_class_gets_a_name_and_facilitators_of_the_cohort_only(
    desk: Client, study_class: StudyClass, facilitator: Person, outsider: Person, other_cohort: Cohort
) -> None:
    other = enrol(make_person("Fuyu"), study_class.cohort, Role.FACILITATOR)
    stranger = enrol(outsider, other_cohort, Role.FACILITATOR)
    page = f"{CLASSES}{study_class.pk}/"
    desk.post(page, {"name": "Alpha", "facilitators": [str(other.pk)], "cohort": str(other_cohort.pk)})
    study_class.refresh_from_db()
    assert (study_class.name, list(study_class.facilitators.all())) == ("Alpha", [other])
    assert study_class.cohort.slug == "spring"
    assert desk.post(page, {"name": "Alpha", "facilitators": [str(stranger.pk)]}).context["form"].errors
    # Who no longer looks after the class no longer finds its learners.
    assert signed_in(facilitator).get("/cohorts/spring/desk/people/").context["listing"].total == 0


def test_the_list_is_narrowed_by_class_or_facilitator_and_downloaded(
    desk: Client, cohort: Cohort, study_class: StudyClass, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    second = make_person("Sato")
    study_class.facilitators.add(enrol(second, cohort, Role.FACILITATOR))
    StudyClass.objects.create(cohort=cohort, name="B")

    def rows(query: str) -> list[str]:
        return desk.get(f"{CLASSES}?{query}&export=csv").content.decode("utf-8-sig").splitlines()[1:]

    assert rows("words=") == ["A,Fumi、Sato,2", "B,,0"]
    assert rows("words=sato") == ["A,Fumi、Sato,2"]
    assert rows("words=b") == ["B,,0"]


def test_only_an_empty_class_can_be_removed(desk: Client, enrolment: Enrolment, study_class: StudyClass) -> None:
    with pytest.raises(ValidationError):
        remove_class(study_class=study_class, actor=None)
    assert desk.post(f"{CLASSES}{study_class.pk}/remove/")["Location"] == f"{CLASSES}{study_class.pk}/"
    move_to_class(enrolments=[enrolment], study_class=None, actor=None)
    desk.post(f"{CLASSES}{study_class.pk}/remove/")
    assert not StudyClass.objects.filter(pk=study_class.pk).exists()
    assert AuditEntry.objects.get(action="class.removed").details == {"name": "A"}


def test_nobody_is_put_into_a_class_of_another_cohort(enrolment: Enrolment, other_cohort: Cohort) -> None:
    foreign = StudyClass.objects.create(cohort=other_cohort, name="X")
    with pytest.raises(ValidationError):
        move_to_class(enrolments=[enrolment], study_class=foreign, actor=None)


@pytest.mark.parametrize("page", [CLASSES, DEAL, "{class}", "{class}remove/"])
def test_only_the_organiser_finds_the_pages_of_classes(
    page: str,
    study_class: StudyClass,
    facilitator: Person,
    mentor: Person,
    learner: Person,
    outsider: Person,
    client: Client,
) -> None:
    page = page.replace("{class}", f"{CLASSES}{study_class.pk}/")
    for person in (facilitator, mentor, learner, outsider):
        assert signed_in(person).post(page, {"way": "balanced", "count": "1", "name": "x"}).status_code in (404, 405)
    assert client.post(page, {"count": "1"}).status_code in (302, 405)
    assert [one.name for one in study_class.cohort.classes.all()] == ["A"]
