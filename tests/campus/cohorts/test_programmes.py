"""Programmes and new cohorts: who may make them, what a copy takes over, and that nobody comes along."""

from datetime import date, timedelta

import pytest
from django.test import Client

from campus.cases.models import CohortCase, Step
from campus.cohorts.models import AuditEntry, Cohort, Enrolment, Programme, Role
from campus.people.models import Person
from tests.campus.cast import make_person, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PROGRAMMES = "/programmes/"
NEW = "/programmes/new/"
TITLES = "/programmes/case-study/"
NEW_COHORT = "/programmes/case-study/new-cohort/"
COPY = "/cohorts/spring/desk/copy/"


@pytest.fixture
def operator(db: None) -> Person:
    return make_person("Operator", is_staff=True)


def entered(**changes: object) -> dict[str, object]:
    return {
        "title_ja": "秋の開催期",
        "title_en": "Autumn",
        "slug": "2027-autumn",
        "starts_on": "2027-09-01",
        "ends_on": "2027-10-31",
        "time_zone": "Asia/Tokyo",
        **changes,
    }


def test_an_operator_makes_a_programme_and_a_cohort_with_its_organisers(operator: Person, mentor: Person) -> None:
    client = signed_in(operator)
    client.post(NEW, {"title_ja": "協働", "title_en": "", "slug": "companies"})
    client.post("/programmes/companies/new-cohort/", entered(organisers="MEGUMI@example.org\n"))
    made = Cohort.objects.get(slug="2027-autumn")
    assert (made.programme.slug, made.starts_on) == ("companies", date(2027, 9, 1))
    assert [(one.person, one.role) for one in made.enrolments.all()] == [(mentor, Role.ORGANISER)]
    assert AuditEntry.objects.filter(action__in=["programme.created", "cohort.created"], actor=operator).count() == 2
    assert client.get("/cohorts/2027-autumn/").status_code == 404  # Operators join no cohort by it.


def test_an_organiser_makes_a_cohort_of_the_own_programme_and_organises_it(organiser: Person) -> None:
    answer = signed_in(organiser).post(NEW_COHORT, entered(organisers="somebody@example.org"))
    made = Cohort.objects.get(slug="2027-autumn")
    assert answer["Location"] == "/cohorts/2027-autumn/desk/settings/"
    assert [one.person for one in made.enrolments.all()] == [organiser]


@pytest.mark.parametrize("page", [PROGRAMMES, NEW, TITLES, NEW_COHORT, COPY])
def test_everybody_else_finds_no_such_pages(
    page: str, facilitator: Person, mentor: Person, learner: Person, outsider: Person, client: Client
) -> None:
    for person in (facilitator, mentor, learner, outsider):
        assert signed_in(person).get(page).status_code == 404
        assert signed_in(person).post(page, entered()).status_code in (404, 405)
    assert client.get(page)["Location"].startswith("/accounts/login/")
    assert not Cohort.objects.filter(slug="2027-autumn").exists()


def test_an_organiser_makes_no_programme_and_no_cohort_of_another(organiser: Person) -> None:
    Programme.objects.create(slug="other", title_ja="別")
    client = signed_in(organiser)
    assert client.post(NEW, {"title_ja": "x", "slug": "x"}).status_code == 404
    assert client.post(TITLES, {"title_ja": "x"}).status_code == 404
    assert client.post("/programmes/other/new-cohort/", entered()).status_code == 404
    assert "別" not in client.get(PROGRAMMES).text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": "2027-08-01"}, "ends_on"),
        ({"slug": "spring"}, "slug"),
        ({"slug": "new"}, "slug"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"organisers": ""}, "organisers"),
        ({"organisers": "nobody@example.org"}, "organisers"),
    ],
)
def test_what_can_not_be_is_refused_in_words_beside_the_field(
    changes: dict[str, str], field: str, operator: Person, cohort: Cohort, mentor: Person
) -> None:
    answer = signed_in(operator).post(NEW_COHORT, entered(**{"organisers": mentor.email, **changes}))
    assert list(answer.context["form"].errors) == [field]
    assert Cohort.objects.count() == 1


def test_a_copy_shows_first_what_comes_along_with_its_new_dates(
    cohort: Cohort, cohort_case: CohortCase, organiser: Person
) -> None:
    starts_on = cohort.starts_on + timedelta(days=100)
    body = entered(starts_on=starts_on, ends_on=starts_on + timedelta(days=60), parts=["cases", "classes"])
    page = signed_in(organiser).post(COPY, body)
    assert page.context["days"] == 100
    lines = dict(page.context["preview"])
    assert len(lines["Cases with their steps"]) == 4
    assert not Cohort.objects.filter(slug="2027-autumn").exists()


def test_a_copy_has_the_cases_and_classes_but_nobody(
    cohort: Cohort, cohort_case: CohortCase, organiser: Person, learner: Person, mentor: Person
) -> None:
    starts_on = cohort.starts_on + timedelta(days=100)
    body = entered(starts_on=starts_on, ends_on=starts_on + timedelta(days=60), parts=["cases", "classes"], save="1")
    signed_in(organiser).post(COPY, body)
    made = Cohort.objects.get(slug="2027-autumn")
    assert [(one.person, one.role) for one in made.enrolments.all()] == [(organiser, Role.ORGANISER)]
    assert [(one.name, one.facilitators.count()) for one in made.classes.all()] == [("A", 0)]

    def steps(of: Cohort) -> list[tuple[str, str, str]]:
        found = Step.objects.filter(cohort_case__cohort=of).order_by("position")
        return [(step.key, step.kind, step.by) for step in found]

    assert steps(made) == steps(cohort)
    moved = zip(
        Step.objects.filter(cohort_case__cohort=cohort).order_by("position"),
        Step.objects.filter(cohort_case__cohort=made).order_by("position"),
        strict=True,
    )
    assert {(new.opens_at - old.opens_at, new.closes_at - old.closes_at) for old, new in moved} == {
        (timedelta(days=100), timedelta(days=100))
    }
    assert cohort.cases.count() == 1
    entry = AuditEntry.objects.get(action="cohort.cloned")
    assert (entry.actor, entry.details) == (organiser, {"source": "spring", "parts": ["cases", "classes"]})


def test_what_is_not_ticked_is_not_copied(cohort: Cohort, cohort_case: CohortCase, organiser: Person) -> None:
    signed_in(organiser).post(COPY, entered(save="1"))
    made = Cohort.objects.get(slug="2027-autumn")
    assert (made.cases.count(), made.classes.count()) == (0, 0)


def test_settings_are_changed_with_a_trace_and_only_the_fields_of_the_form(cohort: Cohort, organiser: Person) -> None:
    client, page = signed_in(organiser), "/cohorts/spring/desk/settings/"
    body = {
        "title_ja": "新しい名前",
        "title_en": "New name",
        "starts_on": cohort.starts_on,
        "ends_on": cohort.ends_on,
        "time_zone": "Europe/Berlin",
        "slug": "stolen",
        "programme": "999",
    }
    assert client.post(page, body)["Location"] == page
    cohort.refresh_from_db()
    assert (cohort.title_ja, cohort.time_zone, cohort.slug) == ("新しい名前", "Europe/Berlin", "spring")
    assert AuditEntry.objects.get(action="cohort.changed").details == {"fields": ["title_ja", "title_en", "time_zone"]}
    client.post(page, body)
    assert AuditEntry.objects.filter(action="cohort.changed").count() == 1


def test_only_the_organiser_opens_the_settings(
    facilitator: Person, mentor: Person, enrolment: Enrolment, outsider: Person, client: Client
) -> None:
    page = "/cohorts/spring/desk/settings/"
    for person in (facilitator, mentor, enrolment.person, outsider):
        assert signed_in(person).get(page).status_code == 404
    assert client.get(page).status_code == 302
