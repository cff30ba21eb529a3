"""The demo's cohort is worth looking at: everybody comes along in some way, and the pages show it."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from campus.cases.models import CohortCase, Step
from campus.cohorts.models import Cohort, Enrolment, Role
from campus.demo.life import live_in, note_work_as_visits
from campus.demo.twins import copy_work
from campus.demo.ways import Way, way_of
from campus.people.models import Person
from campus.progress.concerns import concerns_in
from campus.progress.queries import progress_of
from campus.submissions.models import Grading, Standing, Submission
from grader.contract import State
from tests.campus.cast import enrol, reschedule
from tests.campus.submissions.files import graded

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def learners(cohort: Cohort) -> list[Enrolment]:
    people = Person.objects.bulk_create(
        Person(email=f"learner{number:04d}@demo.example", name=f"受講生{number}", password="!") for number in range(60)
    )
    return [enrol(person, cohort) for person in people]


@pytest.fixture
def model_step(cohort_case: CohortCase) -> Step:
    """The graded step, open for a week, in a case that began three weeks ago."""
    cohort_case.steps.update(opens_at=timezone.now() - 21 * DAY)
    step = Step.objects.with_case().filter(cohort_case=cohort_case, kind="model").earliest("position")
    return reschedule(step, opens=-7 * DAY, closes=7 * DAY)


def test_every_way_of_coming_along_is_on_the_pages(
    cohort: Cohort, model_step: Step, learners: list[Enrolment], facilitator: Person
) -> None:
    live_in(cohort, facilitator=facilitator, now=timezone.now())
    progress = progress_of(cohort, Enrolment.objects.filter(cohort=cohort, role=Role.LEARNER))
    assert {way_of(learner.person.email) for learner in learners} == set(Way)
    assert {line.state for line in progress.lines} == {"active", "paused", "withdrawn"}
    survey = Counter(line.cells[0].state for line in progress.lines)
    assert {"handed_in", "late", "missed", "extended"} == set(survey)
    rules = {reason.rule.key for concern in concerns_in(progress) for reason in concern.reasons}
    assert {"late", "stuck", "never", "unreachable", "silent"} <= rules
    assert sum(concern.is_quiet for concern in concerns_in(progress)) == 1
    assert len(concerns_in(progress)) < len(learners) / 2


def test_twins_have_the_rows_of_whom_they_copy_and_copying_again_adds_nothing(
    cohort: Cohort, model_step: Step, learners: list[Enrolment]
) -> None:
    steady = [learner for learner in learners if way_of(learner.person.email) == Way.STEADY]
    model, twins = steady[0], steady[1:4]
    graded(model_step, model, value=7.0)
    graded(model_step, model, value=12.0)
    for _ in range(2):
        copy_work(step=model_step, models=[model], twins=twins)
    for twin in twins:
        submissions = Submission.objects.filter(enrolment=twin)
        assert {one.grading.state for one in submissions.select_related("grading")} == {State.SCORED}
        assert submissions.count() == 2
        ours, theirs = Standing.objects.get(enrolment=twin), Standing.objects.get(enrolment=model)
        assert (ours.public_values, ours.scored_count) == (theirs.public_values, theirs.scored_count)
        assert ours.public_submission in submissions
    assert Grading.objects.count() == 8


def test_whoever_handed_in_was_here_then(cohort: Cohort, model_step: Step, learners: list[Enrolment]) -> None:
    submission = graded(model_step, learners[0])
    note_work_as_visits(cohort)
    assert Person.objects.get(pk=learners[0].person_id).seen_at == submission.created_at
    assert Person.objects.get(pk=learners[1].person_id).seen_at is None
