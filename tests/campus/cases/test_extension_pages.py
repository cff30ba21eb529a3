"""Extensions on the desk: for those ticked or filtered, with the effect first; and who may not."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cases.models import Extension, Step
from campus.cohorts.models import Cohort, Enrolment, StudyClass
from campus.notices.models import Notice
from campus.people.models import Person
from campus.teams.models import Team
from tests.campus.cast import enrol, make_person, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
EXTEND = "/cohorts/spring/desk/people/extend/"
LIST = "/cohorts/spring/desk/extensions/"


def asked(step: Step, *enrolments: Enrolment, days: int = 9, **more: str) -> dict[str, object]:
    """What the form sends."""
    closes_at = timezone.localtime(timezone.now() + timedelta(days=days))
    return {
        "selected": [one.pk for one in enrolments],
        "step": step.pk,
        "closes_at": f"{closes_at:%Y-%m-%dT%H:%M}",
        "reason": "Business trip",
        **more,
    }


@pytest.fixture
def elsewhere(cohort: Cohort) -> Enrolment:
    """A learner of another class."""
    return enrol(make_person("Other"), cohort, study_class=StudyClass.objects.create(cohort=cohort, name="B"))


def test_the_effect_is_shown_first_and_the_learner_is_told(
    open_step: Step, enrolment: Enrolment, organiser: Person
) -> None:
    client = signed_in(organiser)
    page = client.post(EXTEND, asked(open_step, enrolment, look="1"))
    assert [one.enrolment for one in page.context["plan"].extensions] == [enrolment]
    assert not Extension.objects.exists()
    assert client.post(EXTEND, asked(open_step, enrolment, save="1"))["Location"] == LIST
    made = Extension.objects.get()
    assert (made.enrolment, made.reason, made.granted_by) == (enrolment, "Business trip", organiser)
    assert Notice.objects.get(person=enrolment.person).kind == "cases.extension_granted"
    assert [one.pk for one in client.get(LIST).context["listing"].page] == [made.pk]
    client.post(f"{LIST}withdraw/", {"selected": made.pk})
    assert not Extension.objects.exists()


def test_everybody_whom_the_filter_leaves_gets_it(
    open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment, elsewhere: Enrolment, organiser: Person
) -> None:
    body = asked(open_step, save="1", everybody="1", filter=f"study_class={enrolment.study_class_id}")
    signed_in(organiser).post(EXTEND, body)
    assert {one.enrolment for one in Extension.objects.all()} == {enrolment, mate_enrolment}


def test_a_facilitator_extends_for_the_own_classes_only(
    open_step: Step, enrolment: Enrolment, elsewhere: Enrolment, facilitator: Person, organiser: Person
) -> None:
    client = signed_in(facilitator)
    client.post(EXTEND, asked(open_step, enrolment, elsewhere, save="1"))
    assert [one.enrolment for one in Extension.objects.all()] == [enrolment]
    signed_in(organiser).post(EXTEND, asked(open_step, elsewhere, save="1"))
    foreign = Extension.objects.get(enrolment=elsewhere)
    assert foreign.pk not in [one.pk for one in client.get(LIST).context["listing"].page]
    client.post(f"{LIST}withdraw/", {"selected": foreign.pk})
    assert Extension.objects.filter(pk=foreign.pk).exists()


def test_nobody_else_extends_anything(
    open_step: Step, enrolment: Enrolment, team: Team, mentor: Person, outsider: Person, client: Client
) -> None:
    for person in (mentor, enrolment.person, outsider):
        assert signed_in(person).post(EXTEND, asked(open_step, enrolment, save="1")).status_code == 404
        assert signed_in(person).get(LIST).status_code == 404
        assert signed_in(person).post(f"{LIST}withdraw/").status_code == 404
    assert client.post(EXTEND, asked(open_step, enrolment, save="1")).status_code == 302
    assert not Extension.objects.exists()


def test_a_step_of_another_cohort_and_a_past_moment_are_refused(
    open_step: Step, enrolment: Enrolment, organiser: Person, other_cohort: Cohort
) -> None:
    client = signed_in(organiser)
    assert client.post(EXTEND, asked(open_step, enrolment, days=-2, save="1")).context["form"].errors
    open_step.cohort_case.cohort = other_cohort
    open_step.cohort_case.save()
    assert client.post(EXTEND, asked(open_step, enrolment, save="1")).context["form"].errors
    assert not Extension.objects.exists()


def test_the_list_asks_as_little_for_forty_extensions_as_for_one(
    open_step: Step, enrolment: Enrolment, organiser: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(organiser)
    client.post(EXTEND, asked(open_step, enrolment, save="1"))
    others = [enrol(make_person(f"Other {number}"), open_step.cohort) for number in range(40)]
    Extension.objects.bulk_create(
        Extension(step=open_step, enrolment=one, closes_at=open_step.closes_at, reason="Illness", granted_by=organiser)
        for one in others
    )
    with django_assert_max_num_queries(14):
        assert client.get(LIST).context["listing"].total == 41
    with django_assert_max_num_queries(12):
        assert client.get(f"{LIST}?export=csv").content.count(b"\r\n") == 42
