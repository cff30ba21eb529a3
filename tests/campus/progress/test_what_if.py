"""Who would complete if…: another rule or another deadline, on what is known now."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from campus.cases.models import CohortCase, Extension, Step
from campus.cohorts.models import Cohort, Enrolment, Role
from campus.progress.completing import record_completions
from campus.progress.completion import Outlook
from campus.progress.models import CompletionRule, Demand, key_of
from campus.progress.queries import Progress, progress_of
from campus.progress.states import StepState
from campus.progress.what_if import Effect, effect_of, with_moved
from tests.campus.progress.work import DAY, HOUR, learner_of, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def four(cohort: Cohort, cohort_case: CohortCase, open_step: Step, closed_step: Step, now) -> dict[str, Enrolment]:
    """Of one step that closed yesterday: one in time, one four hours late, one with an extension, one without work."""
    cohort_case.steps.exclude(pk=closed_step.pk).delete()
    names = ("早川", "遅井", "延原", "無田")
    found = {name: learner_of(cohort, name, enrolled_at=now - 9 * DAY, seen_at=now) for name in names}
    submit(closed_step, found["早川"], at=closed_step.closes_at - HOUR)
    submit(closed_step, found["遅井"], at=closed_step.closes_at + 4 * HOUR)
    Extension.objects.create(step=closed_step, enrolment=found["延原"], closes_at=now + 10 * DAY, reason="出張")
    return found


def progress(cohort: Cohort) -> Progress:
    return progress_of(cohort, Enrolment.objects.filter(cohort=cohort, role=Role.LEARNER))


def changes(effect: Effect) -> dict[str, tuple[str, str]]:
    return {str(one): (one.before.outlook.value, one.after.outlook.value) for one in effect.changed}


def test_another_rule_is_tried_out_with_numbers_and_names(cohort: Cohort, four, closed_step: Step) -> None:
    now_rule = CompletionRule(cohort=cohort)
    looser = CompletionRule(cohort=cohort, demands={key_of(closed_step): Demand.LATE_TOO.value})
    effect = effect_of(progress(cohort), before=now_rule, after=looser)
    assert changes(effect) == {"遅井": ("out_of_reach", "completed"), "無田": ("out_of_reach", "possible")}
    assert effect.counts == [
        (Outlook.COMPLETED, 1, 2, 1),
        (Outlook.POSSIBLE, 1, 2, 1),
        (Outlook.OUT_OF_REACH, 2, 0, -2),
    ]


def test_a_moved_deadline_lets_late_work_count_and_opens_what_was_missed(cohort: Cohort, four, closed_step) -> None:
    found = progress(cohort)
    moved = with_moved(found, {closed_step.pk}, timedelta(days=3))
    rule = CompletionRule(cohort=cohort)
    effect = effect_of(found, before=rule, after=rule, deadlines=moved)
    assert changes(effect) == {"遅井": ("out_of_reach", "completed"), "無田": ("out_of_reach", "possible")}
    untouched = {line.name: line.cells[0].due_at for line in found.lines}
    assert untouched["早川"] == closed_step.closes_at


def test_an_earlier_deadline_makes_work_late_but_leaves_extensions(cohort: Cohort, four, closed_step: Step) -> None:
    found = progress(cohort)
    moved = with_moved(found, {closed_step.pk}, timedelta(hours=-3))
    states = {line.name: line.cells[0].state for line in moved.lines}
    assert states["早川"] == StepState.LATE
    assert states["延原"] == StepState.EXTENDED


def test_a_stricter_rule_says_whose_recorded_completion_it_would_not_bear_out(cohort: Cohort, four) -> None:
    record_completions(cohort)
    effect = effect_of(
        progress(cohort),
        before=CompletionRule(cohort=cohort),
        after=CompletionRule(cohort=cohort, helpful_posts=5),
    )
    assert effect.questioned == 1
    assert changes(effect) == {}


def test_nothing_is_changed_and_nothing_asked_of_the_database_but_facts(
    cohort: Cohort, four, django_assert_max_num_queries
) -> None:
    found, rule = progress(cohort), CompletionRule(cohort=cohort)
    with django_assert_max_num_queries(4):
        effect_of(found, before=rule, after=CompletionRule(cohort=cohort, helpful_posts=1))
    assert not CompletionRule.objects.exists()
