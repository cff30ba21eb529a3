"""What a learner handed in before a pause counts in the later cohort, where the steps are the same."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cases.actions import adopt_case
from campus.cases.hand_ins import Among, hand_ins_of
from campus.cases.models import CaseVersion, CohortCase, Step
from campus.cohorts.models import Cohort, Enrolment
from tests.campus.cast import enrol
from tests.campus.submissions.files import handed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def later_case(other_cohort: Cohort, case_version: CaseVersion) -> CohortCase:
    return adopt_case(cohort=other_cohort, case_version=case_version, starts_at=timezone.now(), actor=None)


@pytest.fixture
def heir(enrolment: Enrolment, other_cohort: Cohort) -> Enrolment:
    """The learner again, in the other cohort."""
    return enrol(enrolment.person, other_cohort, continues=enrolment)


def steps_of(case: CohortCase) -> list[Step]:
    return list(Step.objects.with_case().filter(cohort_case=case).order_by("position"))


def test_a_step_handed_in_alone_counts_in_the_later_cohort(
    open_step: Step, enrolment: Enrolment, heir: Enrolment, later_case: CohortCase
) -> None:
    submission = handed_in(open_step, enrolment)
    (found,) = hand_ins_of(steps_of(later_case))
    assert (Step.objects.get(pk=found.step_id).key, found.enrolment_id) == ("forecast", heir.pk)
    assert found.first_at == submission.created_at
    assert [one.enrolment_id for one in hand_ins_of(steps_of(open_step.cohort_case))] == [enrolment.pk]
    assert list(hand_ins_of(steps_of(later_case), Among(enrolments=[heir.pk]))) == [found]
    assert list(hand_ins_of(steps_of(later_case), Among(enrolments=[enrolment.pk]))) == []


def test_the_own_later_work_comes_after_what_was_carried_over(
    open_step: Step, enrolment: Enrolment, heir: Enrolment, later_case: CohortCase
) -> None:
    handed_in(open_step, enrolment)
    step = next(step for step in steps_of(later_case) if step.key == "forecast")
    Step.objects.filter(pk=step.pk).update(opens_at=timezone.now() - timedelta(days=1))
    anew = handed_in(Step.objects.with_case().get(pk=step.pk), heir)
    assert [one.first_at for one in hand_ins_of([step])][-1] == anew.created_at


def test_nothing_is_carried_over_to_another_version_or_to_others(
    open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment, heir: Enrolment, later_case: CohortCase
) -> None:
    handed_in(open_step, mate_enrolment)
    assert list(hand_ins_of(steps_of(later_case))) == []
    handed_in(open_step, enrolment)
    CaseVersion.objects.filter(pk=later_case.case_version_id).update(slug="daily-sales")
    other = CaseVersion.objects.get(pk=later_case.case_version_id)
    other.pk, other.version, other.folder = None, "99", "other"
    other.save()
    CohortCase.objects.filter(pk=later_case.pk).update(case_version=other)
    assert list(hand_ins_of(steps_of(later_case))) == []


def test_without_heirs_it_costs_one_query_more(
    open_step: Step, later_case: CohortCase, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    steps = steps_of(later_case)
    with django_assert_max_num_queries(4):
        list(hand_ins_of(steps))
