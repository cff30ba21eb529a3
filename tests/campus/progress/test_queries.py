"""Where a learner stands with each step: by deadline, extension, team and choice of case."""

from datetime import datetime

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cases.actions import adopt_case
from campus.cases.models import CaseChoice, CaseVersion, ChoiceRule, CohortCase, Extension, Step, Track
from campus.cohorts.models import Cohort, Enrolment
from campus.progress.queries import Line, progress_of
from campus.progress.states import StepState
from campus.teams.models import Team
from tests.campus.cast import enrol, make_person, reschedule
from tests.campus.progress.work import DAY, HOUR, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def line_of(enrolment: Enrolment) -> Line:
    (line,) = progress_of(enrolment.cohort, Enrolment.objects.filter(pk=enrolment.pk)).lines
    return line


def state_in(step: Step, enrolment: Enrolment) -> StepState:
    found = progress_of(enrolment.cohort, Enrolment.objects.filter(pk=enrolment.pk))
    return found.lines[0].cells[[one.pk for one in found.steps].index(step.pk)].state


def test_a_step_goes_from_not_open_over_open_to_missed(open_step: Step, enrolment: Enrolment) -> None:
    for opens, closes, state in [(DAY, 2 * DAY, "not_open"), (-DAY, DAY, "open"), (-2 * DAY, -HOUR, "missed")]:
        reschedule(open_step, opens=opens, closes=closes)
        assert state_in(open_step, enrolment) == state


def test_the_first_hand_in_tells_whether_it_was_in_time(closed_step: Step, enrolment: Enrolment, now) -> None:
    submit(closed_step, enrolment, at=now)
    assert state_in(closed_step, enrolment) == StepState.LATE
    submit(closed_step, enrolment, at=now - 2 * DAY)
    assert state_in(closed_step, enrolment) == StepState.HANDED_IN


def test_an_extension_moves_the_learners_own_deadline_only(
    closed_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment, now
) -> None:
    Extension.objects.create(step=closed_step, enrolment=enrolment, closes_at=now + DAY, reason="病気")
    assert state_in(closed_step, enrolment) == StepState.EXTENDED
    assert state_in(closed_step, mate_enrolment) == StepState.MISSED
    submit(closed_step, enrolment, at=now)
    submit(closed_step, mate_enrolment, at=now)
    assert state_in(closed_step, enrolment) == StepState.HANDED_IN
    assert state_in(closed_step, mate_enrolment) == StepState.LATE


def test_what_a_member_hands_in_for_the_team_counts_for_all_of_it_and_for_nobody_else(
    cohort_case: CohortCase, enrolment: Enrolment, mate_enrolment: Enrolment, team: Team, cohort: Cohort, now
) -> None:
    step = reschedule(cohort_case.steps.get(key="team-forecast"), opens=-2 * DAY, closes=DAY)
    alone = enrol(make_person("Solo"), cohort)
    submit(step, mate_enrolment, at=now - HOUR, team=team)
    submit(step, alone, at=now - HOUR)  # By a person, in a step by team: not this step's hand-in.
    states = [state_in(step, one) for one in (enrolment, mate_enrolment, alone)]
    assert states == [StepState.HANDED_IN, StepState.HANDED_IN, StepState.OPEN]


def test_steps_of_a_case_that_one_has_not_chosen_are_not_required(
    cohort: Cohort, cohort_case: CohortCase, open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment, now
) -> None:
    other = _another_case(cohort, cohort_case.case_version)
    ChoiceRule.objects.create(cohort=cohort, cases_each=1, tracks=list(Track), until=now + DAY)
    CaseChoice.objects.create(enrolment=enrolment, cohort_case=cohort_case)
    CaseChoice.objects.create(enrolment=mate_enrolment, cohort_case=other)
    assert state_in(open_step, enrolment) == StepState.OPEN
    assert state_in(open_step, mate_enrolment) == StepState.NOT_REQUIRED
    assert line_of(enrolment).required == sum(step.is_graded for step in cohort_case.steps.all())


def _another_case(cohort: Cohort, version: CaseVersion) -> CohortCase:
    copy = CaseVersion.objects.get(pk=version.pk)
    copy.pk, copy.slug, copy.folder = None, "other-case", "other-case"
    copy.save()
    return adopt_case(cohort=cohort, case_version=copy, starts_at=timezone.now(), actor=None)


def test_a_kind_of_step_that_nobody_records_is_named_and_not_counted(open_step: Step, enrolment: Enrolment) -> None:
    survey = reschedule(open_step, opens=-DAY, closes=DAY)
    survey.pk, survey.key, survey.kind = None, "survey", "survey"  # without a form
    survey.save()
    found = progress_of(enrolment.cohort, Enrolment.objects.filter(pk=enrolment.pk))
    assert "survey" not in {step.kind for step in found.steps}
    assert "survey" in {step.kind for step in found.unrecorded}


def test_the_last_visit_is_the_sighting_or_the_sign_in(enrolment: Enrolment, open_step: Step, now) -> None:
    person = enrolment.person
    assert line_of(enrolment).seen_at is None
    person.last_login = now - 2 * DAY
    person.save()
    assert line_of(enrolment).seen_at == now - 2 * DAY
    person.seen_at = now - DAY
    person.save()
    assert line_of(enrolment).seen_at == now - DAY


def test_the_number_of_queries_does_not_grow_with_the_learners(
    cohort: Cohort,
    open_step: Step,
    closed_step: Step,
    enrolment: Enrolment,
    now,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(20):
        learner = enrol(make_person(f"L{number}"), cohort)
        submit(open_step, learner, at=now - number * HOUR)
    with django_assert_max_num_queries(10):
        found = progress_of(cohort, Enrolment.objects.filter(cohort=cohort, role="learner"))
    assert sum(line.handed_in for line in found.lines) == 20
