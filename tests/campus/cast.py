"""The fixed cast of the site's tests: a cohort with one person of each role, a case, and its steps.

Registered as a plugin in tests/conftest.py. `learner` and `mate` are in one project team (`team`),
`outsider` learns in another cohort and may not see this one.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone, translation

from campus.cases.actions import adopt_case, record_installed
from campus.cases.installation import Installation, Prepared, prepare
from campus.cases.models import CaseVersion, CohortCase, Step
from campus.cohorts.models import Cohort, Enrolment, Programme, Role, StudyClass
from campus.people.models import Person
from campus.teams.actions import form_team
from campus.teams.models import Team, TeamKind

# A small pack with steps of several kinds; its data are built once per test run.
PACK = Path(__file__).parent / "packs" / "daily-sales"
PASSWORD = "correct-horse-battery"


def make_person(name: str, **fields: object) -> Person:
    """A person with a verified address who can sign in with PASSWORD."""
    person = Person.objects.create_user(f"{name.lower()}@example.org", PASSWORD, name=name, **fields)
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    return person


def make_cohort(slug: str) -> Cohort:
    programme, _ = Programme.objects.get_or_create(
        slug="case-study", defaults={"title_ja": "ケーススタディ教育プログラム", "title_en": "Case study programme"}
    )
    today = timezone.localdate()
    return Cohort.objects.create(
        programme=programme,
        slug=slug,
        title_ja=f"開催期 {slug}",
        title_en=f"Cohort {slug}",
        starts_on=today - timedelta(days=20),
        ends_on=today + timedelta(days=40),
    )


def enrol(person: Person, cohort: Cohort, role: Role = Role.LEARNER, **fields: object) -> Enrolment:
    return Enrolment.objects.create(person=person, cohort=cohort, role=role, **fields)


def signed_in(person: Person) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def english() -> Iterator[None]:
    """Texts are asked for in English, outside of pages."""
    with translation.override("en"):
        yield


@pytest.fixture
def cohort(db: None) -> Cohort:
    return make_cohort("spring")


@pytest.fixture
def other_cohort(db: None) -> Cohort:
    return make_cohort("autumn")


@pytest.fixture
def facilitator(cohort: Cohort) -> Person:
    person = make_person("Fumi")
    enrol(person, cohort, Role.FACILITATOR)
    return person


@pytest.fixture
def study_class(cohort: Cohort, facilitator: Person) -> StudyClass:
    study_class = StudyClass.objects.create(cohort=cohort, name="A")
    study_class.facilitators.add(facilitator.enrolments.get())
    return study_class


@pytest.fixture
def learner(cohort: Cohort, study_class: StudyClass) -> Person:
    person = make_person("Hanako", alias="ハナ")
    enrol(person, cohort, study_class=study_class)
    return person


@pytest.fixture
def mate(cohort: Cohort, study_class: StudyClass) -> Person:
    person = make_person("Taro")
    enrol(person, cohort, study_class=study_class)
    return person


@pytest.fixture
def outsider(other_cohort: Cohort) -> Person:
    person = make_person("Yoso")
    enrol(person, other_cohort)
    return person


@pytest.fixture
def mentor(cohort: Cohort) -> Person:
    person = make_person("Megumi")
    enrol(person, cohort, Role.MENTOR)
    return person


@pytest.fixture
def organiser(cohort: Cohort) -> Person:
    person = make_person("Osamu")
    enrol(person, cohort, Role.ORGANISER)
    return person


@pytest.fixture
def enrolment(learner: Person) -> Enrolment:
    """The learner's."""
    return learner.enrolments.select_related("cohort", "person").get()


@pytest.fixture
def mate_enrolment(mate: Person) -> Enrolment:
    return mate.enrolments.select_related("cohort", "person").get()


@pytest.fixture
def outsider_enrolment(outsider: Person) -> Enrolment:
    return outsider.enrolments.select_related("cohort", "person").get()


@pytest.fixture
def team(cohort: Cohort, enrolment: Enrolment, mate_enrolment: Enrolment) -> Team:
    """A project team of learner and mate."""
    return form_team(
        cohort=cohort, kind=TeamKind.PROJECT, name="Team 1", members=[enrolment, mate_enrolment], actor=None
    )


@pytest.fixture(scope="session")
def proven() -> tuple[Installation, Prepared]:
    """The pack read, built, proved and measured, by what `install_case` does before it writes rows.

    Shared, as files and figures of an installed pack never change: a thousand tests need no thousand proofs.
    """
    installation = Installation.of(source=PACK, seed_file=None)
    return installation, prepare(installation)


@pytest.fixture
def case_version(db: None, proven: tuple[Installation, Prepared]) -> CaseVersion:
    installation, prepared = proven
    recorded = record_installed(installation, prepared, owner=None, actor=None)
    return CaseVersion.objects.get(pk=recorded.pk)  # Read afresh: what a test changes in it is its own.


@pytest.fixture
def cohort_case(cohort: Cohort, case_version: CaseVersion) -> CohortCase:
    """The case in the cohort, begun ten days ago."""
    starts_at = timezone.now() - timedelta(days=10)
    return adopt_case(cohort=cohort, case_version=case_version, starts_at=starts_at, actor=None)


def reschedule(step: Step, *, opens: timedelta, closes: timedelta) -> Step:
    """Move the step's dates relative to now."""
    now = timezone.now()
    step.opens_at, step.closes_at = now + opens, now + closes
    step.save()
    return step


@pytest.fixture
def open_step(cohort_case: CohortCase) -> Step:
    """The graded step, open since two days and for three more."""
    step = Step.objects.with_case().filter(cohort_case=cohort_case, kind="model").earliest("position")
    return reschedule(step, opens=timedelta(days=-2), closes=timedelta(days=3))


@pytest.fixture
def closed_step(open_step: Step) -> Step:
    """A second graded step of the same case, closed yesterday."""
    step = Step.objects.create(
        cohort_case=open_step.cohort_case,
        key="earlier",
        title_ja="以前のステップ",
        title_en="An earlier step",
        position=0,
        kind=open_step.kind,
        by=open_step.by,
        opens_at=timezone.now() - timedelta(days=5),
        closes_at=timezone.now() - timedelta(days=1),
    )
    return Step.objects.with_case().get(pk=step.pk)
