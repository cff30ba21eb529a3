"""Choice of cases: what a learner works on, until when it can be chosen, and that places are given once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cases.choosing import (
    cases_of,
    choose_cases,
    choose_for_undecided,
    end_choice,
    options_of,
    set_choice_rule,
    undecided,
)
from campus.cases.models import CaseVersion, ChoiceRule, CohortCase, Track
from campus.cohorts.models import AuditEntry, Cohort, Enrolment, EnrolmentState
from campus.people.models import Person
from tests.campus.cast import enrol, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
Cases = dict[str, CohortCase]


def another(version: CaseVersion, cohort: Cohort, slug: str, track: str, **fields: object) -> CohortCase:
    """A further case of the cohort; for a choice only slug and track matter."""
    values = {field.name: getattr(version, field.name) for field in CaseVersion._meta.fields if field.name != "id"}
    copy = CaseVersion.objects.create(**{**values, "slug": slug, "folder": slug, "track": track})
    return CohortCase.objects.create(cohort=cohort, case_version=copy, slug=slug, position=5, **fields)


@pytest.fixture
def cases(cohort: Cohort, case_version: CaseVersion) -> Cases:
    """Two cases to choose from, one of them for two people, and one for everybody."""
    return {
        "a": another(case_version, cohort, "a", Track.AI),
        "b": another(case_version, cohort, "b", Track.AI, capacity=2),
        "all": another(case_version, cohort, "all", Track.DATA),
    }


@pytest.fixture
def rule(cohort: Cohort, cases: Cases, organiser: Person) -> ChoiceRule:
    return set_choice_rule(
        cohort=cohort, cases_each=1, tracks=[Track.AI], until=timezone.now() + timedelta(days=3), actor=organiser
    )


def test_without_a_rule_every_case_is_for_everybody(cases: Cases, enrolment: Enrolment) -> None:
    assert cases_of([enrolment]) == {enrolment.pk: {case.pk for case in cases.values()}}


def test_a_learner_works_on_what_was_chosen_and_on_what_is_for_everybody(
    rule: ChoiceRule, cases: Cases, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    choose_cases(rule=rule, enrolment=enrolment, cases=[cases["a"]], actor=enrolment.person)
    choose_cases(rule=rule, enrolment=enrolment, cases=[cases["b"]], actor=enrolment.person)
    assert cases_of([enrolment, mate_enrolment]) == {
        enrolment.pk: {cases["b"].pk, cases["all"].pk},
        mate_enrolment.pk: {cases["all"].pk},
    }
    assert [entry.details["cases"] for entry in AuditEntry.objects.filter(action="choice.made")] == [["b"], ["a"]]
    assert list(undecided(rule)) == [mate_enrolment]


def test_places_are_limited_and_freed_by_those_who_leave(
    rule: ChoiceRule, cases: Cases, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    third = enrol(make_person("Third"), rule.cohort)
    for one in (enrolment, mate_enrolment):
        choose_cases(rule=rule, enrolment=one, cases=[cases["b"]], actor=one.person)
    with pytest.raises(ValidationError, match="no places left"):
        choose_cases(rule=rule, enrolment=third, cases=[cases["b"]], actor=third.person)
    # Choosing the same again is no new place.
    choose_cases(rule=rule, enrolment=enrolment, cases=[cases["b"]], actor=enrolment.person)
    mate_enrolment.state = EnrolmentState.WITHDRAWN
    mate_enrolment.save()
    choose_cases(rule=rule, enrolment=third, cases=[cases["b"]], actor=third.person)
    assert {option.case.slug: option.taken for option in options_of(rule)} == {"a": 0, "b": 2}


def refused(rule: ChoiceRule, enrolment: Enrolment, chosen: list[CohortCase]) -> bool:
    try:
        choose_cases(rule=rule, enrolment=enrolment, cases=chosen, actor=enrolment.person)
    except ValidationError:
        return True
    return False


def test_the_number_is_kept_and_only_offered_cases_can_be_chosen(
    rule: ChoiceRule, cases: Cases, enrolment: Enrolment, other_cohort: Cohort, case_version: CaseVersion
) -> None:
    elsewhere = another(case_version, other_cohort, "elsewhere", Track.AI)
    for chosen in ([], [cases["a"], cases["b"]], [cases["all"]], [elsewhere]):
        assert refused(rule, enrolment, chosen)
    assert not enrolment.case_choices.exists()


def test_after_the_date_only_staff_can_still_change_it(rule: ChoiceRule, cases: Cases, enrolment: Enrolment) -> None:
    rule.until = timezone.now() - timedelta(minutes=1)
    rule.save()
    assert refused(rule, enrolment, [cases["a"]])
    choose_cases(rule=rule, enrolment=enrolment, cases=[cases["a"]], actor=None, by_staff=True)
    assert enrolment.case_choices.get().cohort_case == cases["a"]


def test_those_who_did_not_choose_are_spread_over_the_places(
    rule: ChoiceRule, cases: Cases, enrolment: Enrolment
) -> None:
    choose_cases(rule=rule, enrolment=enrolment, cases=[cases["b"]], actor=enrolment.person)
    for number in range(4):
        enrol(make_person(f"L{number}"), rule.cohort)
    assert choose_for_undecided(rule=rule, actor=None) == 4
    assert {option.case.slug: option.taken for option in options_of(rule)} == {"a": 3, "b": 2}
    assert AuditEntry.objects.filter(action="choice.assigned").count() == 4


def test_a_rule_needs_as_many_cases_as_it_asks_for(cohort: Cohort, cases: Cases) -> None:
    with pytest.raises(ValidationError, match="2 cases"):
        set_choice_rule(cohort=cohort, cases_each=3, tracks=[Track.AI], until=timezone.now(), actor=None)


def test_ending_the_choice_gives_every_case_to_everybody(rule: ChoiceRule, cases: Cases, enrolment: Enrolment) -> None:
    choose_cases(rule=rule, enrolment=enrolment, cases=[cases["a"]], actor=None)
    end_choice(cohort=rule.cohort, actor=None)
    assert cases_of([enrolment]) == {enrolment.pk: {case.pk for case in cases.values()}}


def test_asking_for_many_takes_as_many_queries_as_asking_for_one(
    rule: ChoiceRule, enrolment: Enrolment, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    many = [enrol(make_person(f"L{number}"), rule.cohort) for number in range(10)]
    with django_assert_num_queries(3):
        assert len(cases_of(many)) == 10
