"""Peer reviews in completion and follow-up: how many are enough, and whose review was not begun."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from campus.cases.models import CohortCase, Step
from campus.cohorts.models import Cohort, Enrolment
from campus.progress.completing import record_completions
from campus.progress.completion import standings
from campus.progress.concerns import concerns_in
from campus.progress.missing import Missing, MissingKind
from campus.progress.models import CompletionRule
from campus.progress.queries import progress_of
from campus.progress.what_if import effect_of
from campus.reviews.decisions import Stage
from campus.reviews.models import Assignment, ReviewRound, Share, Work
from tests.campus.cast import enrol, make_person
from tests.campus.deliverables.files import handed_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def review_step(cohort_case: CohortCase) -> Step:
    """All that completion asks: three reviews, within three days from now."""
    dates = {"opens_at": timezone.now() - 9 * DAY, "closes_at": timezone.now() + 3 * DAY}
    both = {"cohort_case": cohort_case, **dates}
    problem = Step.objects.create(key="problem", title_ja="課題", position=80, kind="text", **both)
    step = Step.objects.create(
        key="reviewing", title_ja="相互評価", title_en="Reviewing", position=90, kind="review", **both
    )
    ReviewRound.objects.create(step=step, judged=problem, reviews_each=3)
    return Step.objects.with_case().get(pk=step.pk)


@pytest.fixture
def rule(cohort: Cohort, review_step: Step) -> CompletionRule:
    """Nothing but the reviews is needed."""
    others = Step.objects.with_case().filter(cohort_case=review_step.cohort_case).exclude(pk=review_step.pk)
    demands = {f"{one.cohort_case.slug}/{one.key}": "not_needed" for one in others}
    return CompletionRule.objects.create(cohort=cohort, number=1, demands=demands)


def assigned(step: Step, reviewer: Enrolment, number: int, **fields: object) -> Assignment:
    """The work of somebody new in the hands of the reviewer."""
    found = ReviewRound.objects.select_related("judged").get(step=step)
    author = enrol(make_person(f"Author{number}"), reviewer.cohort)
    deliverable = handed_in(found.judged, author)
    share, _made = Share.objects.get_or_create(round=found, enrolment=reviewer)
    work, _made = Work.objects.get_or_create(round=found, enrolment=author, defaults={"deliverable": deliverable})
    return Assignment.objects.create(share=share, work=work, deliverable=deliverable, **fields)


def missing_of(enrolment: Enrolment) -> list[Missing]:
    (found,) = standings(enrolment.cohort, Enrolment.objects.filter(pk=enrolment.pk))
    return found.missing


def test_two_of_three_reviews_complete_nothing_unless_two_are_enough(
    english: None, rule: CompletionRule, review_step: Step, enrolment: Enrolment, now
) -> None:
    for number in range(2):
        assigned(review_step, enrolment, number, stage=Stage.GIVEN, given_at=now)
    (missing,) = missing_of(enrolment)
    assert (missing.kind, missing.has) == (MissingKind.TO_DO, 2)
    assert missing.words.startswith("Give the rest of your reviews in “Reviewing” by ")
    assert missing.words.endswith("(2 given so far).")
    learners = Enrolment.objects.filter(pk=enrolment.pk)
    two = CompletionRule(cohort=rule.cohort, demands=rule.demands, reviews_needed=2)
    effect = effect_of(progress_of(rule.cohort, learners), before=rule, after=two)
    assert [str(one.after.outlook) for one in effect.changed] == ["completed"]
    assert record_completions(rule.cohort) == 0
    CompletionRule.objects.create(cohort=rule.cohort, number=2, demands=rule.demands, reviews_needed=2)
    assert missing_of(enrolment) == []
    assert record_completions(rule.cohort) == 1


def test_three_reviews_are_enough_without_a_word_of_the_rule(
    rule, review_step: Step, enrolment: Enrolment, now
) -> None:
    for number in range(3):
        assigned(review_step, enrolment, number, stage=Stage.GIVEN, given_at=now)
    assert missing_of(enrolment) == []


def test_a_review_that_was_not_begun_for_days_is_a_reason_for_follow_up(
    english: None, review_step: Step, enrolment: Enrolment, cohort: Cohort, now
) -> None:
    def reasons() -> dict[str, str]:
        found = concerns_in(progress_of(cohort, Enrolment.objects.filter(pk=enrolment.pk)))
        return {reason.rule.key: reason.sentence for concern in found for reason in concern.reasons}

    waiting = assigned(review_step, enrolment, 1, assigned_at=now - DAY)
    assert "reviews" not in reasons()
    Assignment.objects.filter(pk=waiting.pk).update(assigned_at=now - 3 * DAY)
    assert reasons()["reviews"] == "A review assigned 3 days ago has not been begun. The author is waiting for it."
    Assignment.objects.filter(pk=waiting.pk).update(begun_at=now, stage=Stage.BEGUN)
    assert "reviews" not in reasons()
