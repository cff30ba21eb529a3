"""The audit log's pages: filters, files, who reads which, and that nobody changes anything."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cohorts.actions import record_audit
from campus.cohorts.models import AuditEntry, Cohort, Enrolment
from campus.people.models import Person
from tests.campus.cast import make_person, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LOG, ALL = "/cohorts/spring/desk/audit/", "/operator/audit/"


@pytest.fixture
def log(cohort: Cohort, other_cohort: Cohort, organiser: Person, enrolment: Enrolment) -> None:
    for action, subject, actor in [
        ("enrolment.noted", f"enrolment:{enrolment.pk}", organiser),
        ("class.made", "study_class:1", organiser),
        ("enrolment.board_name_chosen", f"enrolment:{enrolment.pk}", enrolment.person),
    ]:
        record_audit(action=action, subject=subject, actor=actor, cohort=cohort)
    record_audit(action="class.made", subject="study_class:2", actor=None, cohort=other_cohort)
    AuditEntry.objects.filter(action="enrolment.noted").update(at=timezone.now() - timedelta(days=5))


def actions(client: Client, page: str = LOG, **query: str) -> list[str]:
    return [entry.action for entry in client.get(page, query).context["listing"].page]


@pytest.mark.usefixtures("log")
def test_the_log_is_narrowed_by_person_action_subject_and_days(organiser: Person) -> None:
    client = signed_in(organiser)
    today = f"{timezone.localdate():%Y-%m-%d}"
    assert actions(client) == ["enrolment.board_name_chosen", "class.made", "enrolment.noted"]
    assert actions(client, actor="Hanako") == ["enrolment.board_name_chosen"]
    assert actions(client, action="class") == ["class.made"]
    assert actions(client, subject="hanako") == ["enrolment.board_name_chosen", "enrolment.noted"]
    assert actions(client, subject="study_class:1") == ["class.made"]
    assert actions(client, since=today) == ["enrolment.board_name_chosen", "class.made"]
    assert actions(client, until=f"{timezone.localdate() - timedelta(days=1):%Y-%m-%d}") == ["enrolment.noted"]


@pytest.mark.usefixtures("log")
def test_the_file_has_the_sentences(organiser: Person) -> None:
    organiser.language = "en"
    organiser.save()
    text = signed_in(organiser).get(LOG, {"export": "csv"}).content.decode("utf-8-sig")
    assert "Osamu,wrote a note about Hanako,enrolment.noted," in text


@pytest.mark.usefixtures("log")
def test_operators_read_the_log_of_the_installation(organiser: Person) -> None:
    operator = signed_in(make_person("Operator", is_staff=True))
    assert len(actions(operator, ALL)) == 4
    assert operator.get(LOG).status_code == 404
    assert signed_in(organiser).get(ALL).status_code == 404


def test_nobody_else_reads_it_and_nobody_writes_to_it(
    organiser: Person, facilitator: Person, mentor: Person, learner: Person, outsider: Person, client: Client
) -> None:
    for person in (facilitator, mentor, learner, outsider):
        assert signed_in(person).get(LOG).status_code == 404
        assert signed_in(person).get(ALL).status_code == 404
    assert client.get(LOG).status_code == 302
    assert client.get(ALL).status_code == 302
    for method in ("post", "put", "delete"):
        assert getattr(signed_in(organiser), method)(LOG).status_code == 405


def test_a_page_of_the_log_asks_the_database_little(
    cohort: Cohort, organiser: Person, enrolment: Enrolment, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(60):
        record_audit(action="enrolment.noted", subject=f"enrolment:{enrolment.pk}", actor=organiser, cohort=cohort)
    client = signed_in(organiser)
    client.get(LOG)
    with django_assert_max_num_queries(12):
        client.get(LOG)
