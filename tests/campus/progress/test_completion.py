"""Who has completed a cohort, what the others lack in which words, and how a completion is recorded and kept."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cases.models import ChoiceRule, CohortCase, Extension, Step, Track
from campus.cohorts.actions import AuditEntry
from campus.cohorts.enrolments import change_states
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role
from campus.notices.models import Notice
from campus.people.models import Person
from campus.progress.completing import keep_completions, record_completions, save_rule, take_back_completions
from campus.progress.completion import Outlook, Standing, completed, rule_of, standings
from campus.progress.missing import MissingKind
from campus.progress.models import Completion, CompletionRule, Demand, key_of
from campus.progress.tasks import record
from campus.submissions.models import Submission
from grader.contract import State
from tests.campus.cast import enrol, make_person, reschedule
from tests.campus.progress.work import DAY, HOUR, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def two_steps(cohort_case: CohortCase, open_step: Step, closed_step: Step) -> tuple[Step, Step]:
    """All that the cohort asks: a step that closed yesterday, and one that is open for three days."""
    cohort_case.steps.exclude(pk__in=[open_step.pk, closed_step.pk]).delete()
    return closed_step, open_step


@pytest.fixture
def finish(two_steps: tuple[Step, Step], now) -> Callable[[Enrolment], list[Submission]]:
    """Let a learner hand in both steps in time."""
    closed, current = two_steps

    def hand_in(enrolment: Enrolment) -> list[Submission]:
        return [submit(closed, enrolment, at=now - 2 * DAY), submit(current, enrolment, at=now - HOUR)]

    return hand_in


def standing_of(enrolment: Enrolment) -> Standing:
    (found,) = standings(enrolment.cohort, Enrolment.objects.filter(pk=enrolment.pk))
    return found


def missing_of(enrolment: Enrolment) -> dict[str, MissingKind]:
    return {one.step.key if one.step else "": one.kind for one in standing_of(enrolment).missing}


def ask(cohort: Cohort, helpful_posts: int = 0, **demands: Demand) -> CompletionRule:
    """Save a rule that asks this of the steps with these keys."""
    steps = {step.key: step for step in Step.objects.with_case().filter(cohort_case__cohort=cohort)}
    chosen = {key_of(steps[key.replace("_", "-")]): demand.value for key, demand in demands.items()}
    number = rule_of(cohort).number
    return save_rule(cohort=cohort, demands=chosen, helpful_posts=helpful_posts, based_on=number, actor=None)


# --- What is missing ---


def test_who_handed_in_everything_in_time_is_complete(finish, enrolment: Enrolment) -> None:
    assert not standing_of(enrolment).is_complete
    finish(enrolment)
    found = standing_of(enrolment)
    assert (found.is_complete, found.missing, found.outlook) == (True, [], Outlook.COMPLETED)


def test_what_is_open_can_still_be_done_and_what_was_missed_can_not(two_steps, enrolment: Enrolment, now) -> None:
    assert missing_of(enrolment) == {"earlier": MissingKind.MISSED, "forecast": MissingKind.TO_DO}
    assert standing_of(enrolment).outlook == Outlook.OUT_OF_REACH
    submit(two_steps[0], enrolment, at=now - 2 * DAY)
    assert missing_of(enrolment) == {"forecast": MissingKind.TO_DO}
    assert standing_of(enrolment).outlook == Outlook.POSSIBLE


def test_late_work_completes_nothing_unless_the_rule_lets_it_count(
    finish, two_steps, enrolment: Enrolment, now
) -> None:
    submit(two_steps[0], enrolment, at=now - HOUR)
    submit(two_steps[1], enrolment, at=now - HOUR)
    assert missing_of(enrolment) == {"earlier": MissingKind.LATE}
    ask(enrolment.cohort, earlier=Demand.LATE_TOO)
    assert standing_of(enrolment).is_complete


def test_where_late_counts_one_can_still_hand_in_after_the_deadline(two_steps, enrolment: Enrolment) -> None:
    ask(enrolment.cohort, earlier=Demand.LATE_TOO)
    assert missing_of(enrolment)["earlier"] == MissingKind.LATE_TO_DO
    assert standing_of(enrolment).outlook == Outlook.POSSIBLE


def test_an_extension_is_honoured(two_steps, enrolment: Enrolment, mate_enrolment: Enrolment, now) -> None:
    Extension.objects.create(step=two_steps[0], enrolment=enrolment, closes_at=now + DAY, reason="病気")
    for one in (enrolment, mate_enrolment):
        submit(two_steps[1], one, at=now - HOUR)
    assert missing_of(enrolment) == {"earlier": MissingKind.TO_DO}
    for one in (enrolment, mate_enrolment):
        submit(two_steps[0], one, at=now - HOUR)
    assert standing_of(enrolment).is_complete
    assert missing_of(mate_enrolment) == {"earlier": MissingKind.LATE}


def test_a_step_that_is_not_needed_is_not_missed(two_steps, enrolment: Enrolment, now) -> None:
    ask(enrolment.cohort, earlier=Demand.NOT_NEEDED)
    submit(two_steps[1], enrolment, at=now - HOUR)
    assert standing_of(enrolment).is_complete


def test_scores_do_not_matter_but_what_was_refused_is_no_hand_in(finish, two_steps, enrolment: Enrolment, now) -> None:
    submit(two_steps[0], enrolment, at=now - 2 * DAY, state=State.FAILED)  # Our own fault, not hers.
    submit(two_steps[1], enrolment, at=now - HOUR, state=State.REJECTED)
    assert missing_of(enrolment) == {"forecast": MissingKind.TO_DO}


def test_helpful_posts_are_asked_for_only_where_the_rule_says_so(finish, enrolment: Enrolment) -> None:
    finish(enrolment)
    ask(enrolment.cohort, helpful_posts=2)
    (missing,) = standing_of(enrolment).missing
    assert (missing.kind, missing.has, missing.needs) == (MissingKind.HELP, 0, 2)


def test_who_has_not_chosen_a_case_has_nothing_completed(finish, enrolment: Enrolment, now) -> None:
    finish(enrolment)
    ChoiceRule.objects.create(cohort=enrolment.cohort, cases_each=1, tracks=list(Track), until=now + DAY)
    assert missing_of(enrolment) == {"": MissingKind.CHOICE}
    assert not standing_of(enrolment).is_complete


def test_without_any_step_nobody_is_complete(cohort: Cohort, enrolment: Enrolment) -> None:
    found = standing_of(enrolment)
    assert (found.is_complete, found.missing) == (False, [])


def test_who_pauses_or_has_withdrawn_does_not_complete(finish, enrolment: Enrolment) -> None:
    finish(enrolment)
    for state in (EnrolmentState.PAUSED, EnrolmentState.WITHDRAWN):
        Enrolment.objects.filter(pk=enrolment.pk).update(state=state)
        assert not standing_of(enrolment).is_complete
    record_completions(enrolment.cohort)
    assert not Completion.objects.exists()


def test_every_thing_that_is_missing_is_said_in_a_sentence(
    english: None, finish, two_steps, enrolment: Enrolment, now
) -> None:
    ask(enrolment.cohort, helpful_posts=1)
    closed, current = two_steps
    reschedule(current, opens=DAY, closes=2 * DAY)
    help_words, missed, to_come = (one.words for one in standing_of(enrolment).missing)
    assert help_words == "Write one more post that helps somebody (0 of 1 so far)."
    assert missed.startswith("The deadline of “An earlier step” was ")
    assert missed.endswith("and nothing was handed in. Ask for an extension.")
    assert "opens on" in to_come
    submit(closed, enrolment, at=now)
    assert "Ask whether it can still count." in standing_of(enrolment).missing[1].words
    ask(enrolment.cohort, earlier=Demand.NOT_NEEDED)
    reschedule(current, opens=-DAY, closes=DAY)
    (to_do,) = standing_of(enrolment).missing
    assert to_do.words.startswith(f"Hand in “{current.title}” by ")


def test_the_number_of_queries_does_not_grow_with_the_learners(
    finish, cohort: Cohort, enrolment: Enrolment, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ask(cohort, helpful_posts=1)
    for number in range(12):
        finish(enrol(make_person(f"L{number}"), cohort))
    with django_assert_max_num_queries(14):
        found = standings(cohort, Enrolment.objects.filter(cohort=cohort, role=Role.LEARNER))
    assert len(found) == 13


# --- What is recorded ---


def test_a_completion_is_recorded_once_and_the_learner_is_told(finish, enrolment: Enrolment, now) -> None:
    finish(enrolment)
    record()
    recorded = Completion.objects.get()
    enrolment.refresh_from_db()
    assert (recorded.enrolment, recorded.rule, enrolment.state) == (enrolment, 0, EnrolmentState.COMPLETED)
    assert recorded.completed_at >= now
    assert Notice.objects.filter(person=enrolment.person, kind="cohorts.state_changed").count() == 1
    record()
    assert Completion.objects.get().completed_at == recorded.completed_at
    assert list(completed(enrolment.cohort)) == [enrolment]
    assert standing_of(enrolment).completed_at == recorded.completed_at


def test_mentors_and_others_are_never_completed(finish, cohort: Cohort, mentor: Person, organiser: Person) -> None:
    finish(mentor.enrolments.get())
    record_completions(cohort)
    assert not completed(cohort).exists()


def test_a_stricter_rule_takes_nothing_away_but_the_organiser_is_asked(
    finish, enrolment: Enrolment, organiser: Person
) -> None:
    finish(enrolment)
    record_completions(enrolment.cohort)
    ask(enrolment.cohort, helpful_posts=3)
    record_completions(enrolment.cohort)
    found = standing_of(enrolment)
    assert (found.is_complete, found.is_in_question) == (True, True)
    assert list(completed(enrolment.cohort)) == [enrolment]
    assert keep_completions(cohort=enrolment.cohort, enrolments=[enrolment.pk], actor=organiser) == 1
    assert not standing_of(enrolment).is_in_question
    assert AuditEntry.objects.get(action="completion.kept").subject == f"enrolment:{enrolment.pk}"


def test_a_hand_in_that_went_away_puts_the_completion_in_question(
    finish, enrolment: Enrolment, organiser: Person, now
) -> None:
    _first, second = finish(enrolment)
    record_completions(enrolment.cohort)
    second.grading.state = State.CANCELLED
    second.grading.save()
    assert standing_of(enrolment).is_in_question
    assert take_back_completions(cohort=enrolment.cohort, enrolments=[enrolment.pk], actor=organiser) == 1
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.ACTIVE
    assert not completed(enrolment.cohort).exists()
    record_completions(enrolment.cohort)
    assert not completed(enrolment.cohort).exists()
    submit(second.step, enrolment, at=now)
    record_completions(enrolment.cohort)
    assert list(completed(enrolment.cohort)) == [enrolment]


def test_only_what_is_in_question_is_taken_back(finish, enrolment: Enrolment, organiser: Person) -> None:
    finish(enrolment)
    record_completions(enrolment.cohort)
    assert take_back_completions(cohort=enrolment.cohort, enrolments=[enrolment.pk], actor=organiser) == 0
    assert completed(enrolment.cohort).exists()


def test_the_organisers_hand_comes_before_the_rule(
    finish, enrolment: Enrolment, mate_enrolment: Enrolment, organiser: Person
) -> None:
    finish(enrolment)
    record_completions(enrolment.cohort)
    change_states(enrolments=[enrolment], state=EnrolmentState.ACTIVE, actor=organiser)
    change_states(enrolments=[mate_enrolment], state=EnrolmentState.COMPLETED, actor=organiser)
    assert not completed(enrolment.cohort).exists()
    record_completions(enrolment.cohort)
    record_completions(enrolment.cohort)
    assert list(completed(enrolment.cohort)) == [mate_enrolment]
    assert missing_of(enrolment) == {"": MissingKind.REVOKED}
    assert Completion.objects.get(enrolment=mate_enrolment).rule is None
    assert not standing_of(mate_enrolment).is_in_question
    change_states(enrolments=[enrolment], state=EnrolmentState.COMPLETED, actor=organiser)
    record_completions(enrolment.cohort)
    assert set(completed(enrolment.cohort)) == {enrolment, mate_enrolment}


def test_a_looser_rule_completes_by_itself(two_steps, enrolment: Enrolment, now) -> None:
    submit(two_steps[1], enrolment, at=now - HOUR)
    assert record_completions(enrolment.cohort) == 0
    ask(enrolment.cohort, earlier=Demand.NOT_NEEDED)
    assert record_completions(enrolment.cohort) == 1
    assert Completion.objects.get().rule == 1


def test_cohorts_long_over_are_left_alone(finish, enrolment: Enrolment) -> None:
    finish(enrolment)
    today = timezone.localdate()
    Cohort.objects.update(starts_on=today - timedelta(days=400), ends_on=today - timedelta(days=300))
    record()
    assert not Completion.objects.exists()


# --- The rule as data ---


def test_rules_are_versions_and_the_latest_holds(cohort: Cohort, two_steps, organiser: Person) -> None:
    first = ask(cohort, earlier=Demand.NOT_NEEDED)
    second = ask(cohort, earlier=Demand.LATE_TOO)
    assert [first.number, second.number, rule_of(cohort).number] == [1, 2, 2]
    first.refresh_from_db()
    assert set(first.demands.values()) == {"not_needed"}
    details = AuditEntry.objects.filter(action="completion.rule_saved").first().details
    assert (details["number"], details["steps"]) == (2, ["daily-sales/earlier"])


def test_saving_the_same_again_makes_no_version(cohort: Cohort, two_steps) -> None:
    ask(cohort, earlier=Demand.LATE_TOO)
    assert ask(cohort, earlier=Demand.LATE_TOO).number == 1


def test_who_read_an_older_rule_does_not_overwrite_a_newer_one(cohort: Cohort, two_steps) -> None:
    ask(cohort, earlier=Demand.LATE_TOO)
    with pytest.raises(ValidationError):
        save_rule(cohort=cohort, demands={}, helpful_posts=0, based_on=0, actor=None)
