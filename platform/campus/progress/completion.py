"""Who has completed a cohort, and what the others lack: worked out from their steps, in a fixed number of queries.

Other apps use ``standings`` and ``completed``. What is recorded, and when, is in ``completing.py``.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.db import models
from django.db.models import Count, Q, QuerySet
from django.utils.translation import pgettext_lazy

from campus.cases.choosing import undecided
from campus.cases.models import ChoiceRule, Step
from campus.cohorts.models import MANY, Cohort, Enrolment, EnrolmentState
from campus.discussion.contributions import helped_in
from campus.progress.missing import Facts, Missing, MissingKind, missing_in
from campus.progress.models import Completion, CompletionRule, Demand
from campus.progress.queries import Progress, progress_of
from campus.progress.states import Cell, StepState
from campus.reviews.models import Assignment

# Thousands share it.
NONE_GIVEN: Mapping[int, int] = {}


class Outlook(models.TextChoices):
    """How it stands with a learner's completion; the words stand beside their sign and colour."""

    COMPLETED = "completed", pgettext_lazy("completion", "Completed")
    POSSIBLE = "possible", pgettext_lazy("completion", "Can still complete")
    OUT_OF_REACH = "out_of_reach", pgettext_lazy("completion", "Needs an extension")

    @property
    def sign(self) -> str:
        return _SIGNS[self][0]

    @property
    def tone(self) -> str:
        """The kind of its chip."""
        return _SIGNS[self][1]


_SIGNS = {Outlook.COMPLETED: ("✓", "success"), Outlook.POSSIBLE: ("○", "info"), Outlook.OUT_OF_REACH: ("✕", "error")}


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with a learner's completion.

    completed_at: when it was recorded; None for who completes it this very minute. missing: what today's rule and
    hand-ins lack; of who has completed, only where the rule became stricter or a hand-in went away.
    """

    enrolment_id: int
    is_complete: bool
    completed_at: datetime | None
    missing: list[Missing]
    is_in_question: bool = False

    @property
    def outlook(self) -> Outlook:
        if self.is_complete:
            return Outlook.COMPLETED
        return Outlook.OUT_OF_REACH if any(one.kind.is_out_of_reach for one in self.missing) else Outlook.POSSIBLE


def rule_of(cohort: Cohort) -> CompletionRule:
    """The rule that holds; an unsaved one, number 0, where nobody has saved any."""
    return CompletionRule.objects.filter(cohort=cohort).first() or CompletionRule(cohort=cohort)


def standings(cohort: Cohort, learners: QuerySet[Enrolment]) -> list[Standing]:
    """How these learners of the cohort stand, as their names are read."""
    return standings_in(progress_of(cohort, learners))


def standings_in(progress: Progress, rule: CompletionRule | None = None) -> list[Standing]:
    """The same for lines that were read already, in their order; by the cohort's rule unless another one is given."""
    rule = rule or rule_of(progress.cohort)
    facts = facts_of(progress.lines, {progress.cohort.pk: rule})
    return standings_by(rule, progress, facts)


def completed(cohort: Cohort) -> QuerySet[Enrolment]:
    """The enrolments that have completed the cohort, with ``completion`` read; recorded within a minute or so."""
    state = {"state": EnrolmentState.COMPLETED, "completion__revoked_at": None}
    return cohort.enrolments.filter(completion__isnull=False, **state).select_related("completion")


class Learner(Protocol):
    """An enrolment, or a line of the matrix that stands for one."""

    @property
    def pk(self) -> int: ...

    @property
    def cohort_id(self) -> int: ...

    @property
    def person_id(self) -> int: ...


@dataclass(frozen=True)
class AllFacts:
    """What is known of some learners besides their steps, by enrolment id."""

    recorded: Mapping[int, Completion]
    helped: Mapping[int, int]
    given: Mapping[int, Mapping[int, int]]
    to_choose: frozenset[int]

    def of(self, learner: Learner) -> Facts:
        recorded = self.recorded.get(learner.pk)
        return Facts(
            helpful_posts=self.helped.get(learner.person_id, 0),
            given=self.given.get(learner.pk, NONE_GIVEN),
            has_to_choose=learner.pk in self.to_choose,
            is_revoked=recorded is not None and recorded.revoked_at is not None,
        )


def facts_of(learners: Sequence[Learner], rules: Mapping[int, CompletionRule]) -> AllFacts:
    """Read what the rules (by cohort id) ask about: three queries, more only for a rule of choice or of posts."""
    ids = [learner.pk for learner in learners]
    theirs = Q(enrolment__in=ids) if len(ids) <= MANY else Q(enrolment__cohort__in=rules)
    return AllFacts(
        recorded={one.enrolment_id: one for one in Completion.objects.filter(theirs)},
        helped=_helped(learners, rules),
        given=_given(ids, rules),
        to_choose=frozenset(_to_choose(ids, rules)),
    )


def _helped(learners: Iterable[Learner], rules: Mapping[int, CompletionRule]) -> dict[int, int]:
    """Helpful posts by person, where a rule asks for any. One person's learners are of different cohorts."""
    found: dict[int, int] = {}
    for rule in rules.values():
        if rule.helpful_posts:
            found |= helped_in(rule.cohort, [one.person_id for one in learners if one.cohort_id == rule.cohort_id])
    return found


def _given(ids: Sequence[int], cohorts: Iterable[int]) -> dict[int, dict[int, int]]:
    """How many reviews each has given, by enrolment and step."""
    rows = Assignment.objects.given().filter(share__round__step__cohort_case__cohort__in=list(cohorts))
    if len(ids) <= MANY:
        rows = rows.filter(share__enrolment__in=ids)
    found: dict[int, dict[int, int]] = defaultdict(dict)
    counted = rows.order_by().values_list("share__enrolment", "share__round__step").annotate(Count("pk"))
    for enrolment, step, count in counted:
        found[enrolment][step] = count
    return dict(found)


def _to_choose(ids: Sequence[int], cohorts: Iterable[int]) -> Iterable[int]:
    for rule in ChoiceRule.objects.filter(cohort__in=cohorts):
        waiting = undecided(rule)
        yield from (waiting.filter(pk__in=ids) if len(ids) <= MANY else waiting).values_list("pk", flat=True)


def standings_by(rule: CompletionRule, progress: Progress, facts: AllFacts) -> list[Standing]:
    """The learners by this rule; no query, so that rules can be tried out."""
    asked = [(step, rule.demand(step)) for step in progress.steps]
    return [
        _standing(line, line.state, missing_in(rule, asked, line.cells, facts.of(line)), facts, any(asked))
        for line in progress.lines
    ]


def own_standings(
    ways: Sequence[tuple[Enrolment, Sequence[tuple[Step, Cell]]]],
    *,
    given: Mapping[int, Mapping[int, int]],
    to_choose: Collection[int],
) -> dict[int, Standing]:
    """A person's own by enrolment id, from what a page has read already: steps (``with_case``) and cells of each way,
    reviews given by enrolment and step, and the enrolments that have yet to choose their cases."""
    enrolments = [enrolment for enrolment, _way in ways]
    rules = _rules_of(enrolments)
    recorded = {one.enrolment_id: one for one in Completion.objects.filter(enrolment__in=enrolments)}
    facts = AllFacts(recorded, _helped(enrolments, rules), given, frozenset(to_choose))
    found = {}
    for enrolment, way in ways:
        rule = rules[enrolment.cohort_id]
        asked = [(step, rule.demand(step)) for step, _cell in way]
        missing = missing_in(rule, asked, [cell for _step, cell in way], facts.of(enrolment))
        found[enrolment.pk] = _standing(enrolment, EnrolmentState(enrolment.state), missing, facts, any(asked))
    return found


def _rules_of(enrolments: Iterable[Enrolment]) -> dict[int, CompletionRule]:
    cohorts = {one.cohort_id: one.cohort for one in enrolments}
    latest = CompletionRule.objects.filter(cohort__in=cohorts).order_by("cohort_id", "-number").distinct("cohort_id")
    saved = {one.cohort_id: one for one in latest.select_related("cohort")}
    return {pk: saved.get(pk) or CompletionRule(cohort=cohort) for pk, cohort in cohorts.items()}


def _standing(
    learner: Learner, state: EnrolmentState, missing: list[Missing], facts: AllFacts, has_steps: bool
) -> Standing:
    """Who takes part and lacks nothing is complete; without any step there is nothing to complete yet."""
    recorded = facts.recorded.get(learner.pk)
    stands = state == EnrolmentState.COMPLETED
    by_rule = stands and recorded is not None and recorded.rule is not None and recorded.kept_at is None
    return Standing(
        enrolment_id=learner.pk,
        is_complete=stands or (state == EnrolmentState.ACTIVE and has_steps and not missing),
        completed_at=recorded.completed_at if recorded and stands else None,
        missing=missing,
        is_in_question=by_rule and any(one.kind != MissingKind.REVOKED for one in missing),
    )


@dataclass(frozen=True)
class NeededStep:
    """A step that the learner needs, and what is missing there."""

    step: Step
    demand: Demand
    cell: Cell
    missing: Missing | None


@dataclass(frozen=True)
class Way:
    """A learner's way to completion: each step that it takes, and what else is missing."""

    rule: CompletionRule
    standing: Standing
    needed: list[NeededStep] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(one.missing is None for one in self.needed)

    @property
    def beside_steps(self) -> list[Missing]:
        """What is missing and is no step."""
        return [one for one in self.standing.missing if one.step is None]


def way_of(enrolment: Enrolment) -> Way:
    """One learner's way, read anew."""
    rule = rule_of(enrolment.cohort)
    progress = progress_of(enrolment.cohort, Enrolment.objects.filter(pk=enrolment.pk))
    (standing,) = standings_in(progress, rule)
    steps = [
        (step, rule.demand(step), cell) for step, cell in zip(progress.steps, progress.lines[0].cells, strict=True)
    ]
    missing = {one.step.pk: one for one in standing.missing if one.step}
    needed = [
        NeededStep(step, demand, cell, missing.get(step.pk))
        for step, demand, cell in steps
        if demand != Demand.NOT_NEEDED and cell.state != StepState.NOT_REQUIRED
    ]
    return Way(rule, standing, needed)
