"""What the home page shows, read in a number of queries that depends on neither cohorts nor their size.

What staff see of a cohort costs more: each part of it is a fragment that the page loads (``parts.py``).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import IntEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from campus.cases.choosing import OpenChoice, OwnChoices, own_choices
from campus.cases.deadlines import Deadlines, closing_at, deadlines_of
from campus.cases.hand_ins import Among, HandIn, hand_ins_of, is_recorded
from campus.cases.models import Step
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role
from campus.cohorts.rules import STAFF_ROLES, remember_roles
from campus.home.parts import Part, parts_for
from campus.home.ways import CaseOfLearner, GradedStep, NextStep, StepOfWay, cases_in, latest_scored, next_step_of
from campus.intake.models import Decision
from campus.meetings.consultations.queries import next_consultations
from campus.meetings.models import Booking, Meeting
from campus.meetings.queries import next_of_cohorts
from campus.people.models import Person
from campus.people.second_factor import must_add_second_factor
from campus.progress.completion import Standing as Completion
from campus.progress.completion import own_standings
from campus.progress.states import Cell, cell_of
from campus.questionnaires.models import Questionnaire
from campus.questionnaires.queries import owed_by
from campus.reviews.queries import ReviewsToGive, reviews_to_give
from campus.submissions.charts import figures_of
from campus.submissions.models import Standing
from campus.submissions.scores import histories
from campus.teams.models import Membership, Team, TeamKind


class Phase(IntEnum):
    """Where a cohort is; in the order of the page."""

    RUNNING = 0
    TO_COME = 1
    OVER = 2


@dataclass(frozen=True)
class ReviewsOfStep:
    """Reviews to give, and the step as it closes for the reviewer."""

    step: Step
    to_give: ReviewsToGive


@dataclass
class CohortOfPerson:
    """A cohort as its member sees it at home."""

    cohort: Cohort
    roles: list[Role]
    learner: Enrolment | None = None
    team: Team | None = None
    groups: list[Team] = field(default_factory=list)
    next_step: NextStep | None = None
    reviews: list[ReviewsOfStep] = field(default_factory=list)
    cases: list[CaseOfLearner] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    choice: OpenChoice | None = None
    forms: list[Questionnaire] = field(default_factory=list)
    completion: Completion | None = None
    meeting: Meeting | None = None
    consultation: Booking | None = None
    scored: GradedStep | None = None

    @property
    def today(self) -> date:
        """The day in the cohort's time zone."""
        return timezone.now().astimezone(ZoneInfo(self.cohort.time_zone)).date()

    @property
    def phase(self) -> Phase:
        if self.today < self.cohort.starts_on:
            return Phase.TO_COME
        return Phase.OVER if self.today > self.cohort.ends_on else Phase.RUNNING

    @property
    def is_over(self) -> bool:
        return self.phase == Phase.OVER

    @property
    def is_staff(self) -> bool:
        return bool(set(self.roles) & set(STAFF_ROLES))

    @property
    def score_figures(self) -> dict[str, Any]:
        """The scores of the step in which one came last, as a chart shows them."""
        return figures_of(self.scored.history) if self.scored and self.scored.history else {}

    @property
    def parts(self) -> list[Part]:
        """What the person sees of it as staff."""
        return parts_for(self.cohort, self.roles)

    @property
    def urgency(self) -> tuple[int, float, int, str]:
        """The page's order: running cohorts by what closes first, then those to come, then the latest that is over."""
        first = self.cohort.starts_on.toordinal()
        order = first if self.phase == Phase.TO_COME else -first
        return self.phase, self._next_close(), order, self.cohort.slug

    def _next_close(self) -> float:
        """Of what the learner owes; whoever only looks after others goes by the cohort's open steps."""
        if self.phase != Phase.RUNNING:
            return 0.0
        owed = [self.next_step.step] if self.next_step and self.next_step.is_owed else []
        looked_after = [step for step in self.steps if step.is_open()] if self.is_staff else []
        return min((step.closes_at.timestamp() for step in [*owed, *looked_after]), default=float("inf"))


@dataclass(frozen=True)
class Home:
    """The cohorts that the person takes part in, the most urgent first; and enrolments that open no cohort now:
    those on their way in, and the others."""

    cohorts: list[CohortOfPerson]
    arriving: list[Enrolment]
    waiting: list[Enrolment]


def home_of(person: Person) -> Home:
    enrolments = Enrolment.objects.filter(person=person).select_related(
        "cohort__programme", "study_class", "application"
    )
    in_force, others = _told_apart(person, enrolments.order_by("-cohort__starts_on", "pk"))
    remember_roles(person, in_force)
    found = _by_cohort(in_force)
    _add_teams(found)
    _add_cases(found)
    _add_forms(person, found)
    _add_dates(person, found, in_force)
    arriving = [one for one in others if _is_arriving(one)]
    waiting = [one for one in others if one not in arriving]
    return Home(sorted(found, key=lambda one: one.urgency), arriving, waiting)


def _is_arriving(enrolment: Enrolment) -> bool:
    """Whether the person has a place to take up, or an application that may still bring one."""
    if enrolment.state == EnrolmentState.SELECTED:
        return True
    application = getattr(enrolment, "application", None)
    hopeful = application is not None and application.announced != Decision.DECLINED
    return enrolment.state == EnrolmentState.APPLIED and hopeful


def _told_apart(person: Person, enrolments: Iterable[Enrolment]) -> tuple[list[Enrolment], list[Enrolment]]:
    """Those whose cohort the person may open now, and the others: applied, selected, paused, withdrawn."""
    enrolments = list(enrolments)
    taking_part = [one for one in enrolments if EnrolmentState(one.state).takes_part]
    others = [one for one in enrolments if not EnrolmentState(one.state).takes_part]
    if any(one.role == Role.ORGANISER for one in taking_part) and must_add_second_factor(person):
        taking_part = [one for one in taking_part if one.role != Role.ORGANISER]
    return taking_part, others


def _by_cohort(enrolments: Iterable[Enrolment]) -> list[CohortOfPerson]:
    found: dict[int, CohortOfPerson] = {}
    for enrolment in enrolments:
        one = found.setdefault(enrolment.cohort_id, CohortOfPerson(cohort=enrolment.cohort, roles=[]))
        one.roles.append(Role(enrolment.role))
        if enrolment.role == Role.LEARNER:
            one.learner = enrolment
    for one in found.values():
        one.roles.sort(key=list(Role).index)
    return list(found.values())


def _add_teams(cohorts: list[CohortOfPerson]) -> None:
    """Study group and project team, with when they meet."""
    learners = {one.learner.pk: one for one in cohorts if one.learner}
    if not learners:
        return
    current = Membership.objects.current().filter(enrolment__in=learners).select_related("team__space")
    for membership in current.order_by("kind", "pk"):
        one = learners[membership.enrolment_id]
        one.groups.append(membership.team)
        if membership.kind == TeamKind.PROJECT:
            one.team = membership.team


def _add_cases(cohorts: list[CohortOfPerson]) -> None:
    steps = Step.objects.with_case().filter(cohort_case__cohort__in=[one.cohort for one in cohorts])
    by_cohort: dict[int, list[Step]] = defaultdict(list)
    for step in steps.order_by("cohort_case__position", "cohort_case__slug", "position"):
        by_cohort[step.cohort_case.cohort_id].append(step)
    learners = [one.learner for one in cohorts if one.learner]
    for one in cohorts:
        one.steps = by_cohort[one.cohort.pk]
        one.cases = cases_in(one.steps, {})
    if learners:
        _add_learning(cohorts, learners)


def _add_learning(cohorts: list[CohortOfPerson], learners: list[Enrolment]) -> None:
    """What the learner has done, and what comes next."""
    steps = [step for one in cohorts if one.learner for step in one.steps]
    choices, to_give = own_choices(learners), reviews_to_give(learners)
    deadlines = deadlines_of(
        steps, learners, teams={one.learner.pk: one.team.pk for one in cohorts if one.learner and one.team}
    )
    handed_in = _own_hand_ins(cohorts, steps)
    graded = _graded(cohorts, steps, handed_in)
    for one in cohorts:
        if one.learner is None:
            continue
        seen = _as_seen(one, one.learner, works_on=choices.cases, deadlines=deadlines)
        own = {step.pk: replace(graded[step.pk], step=step) for step in seen if step.is_graded}
        one.cases, one.next_step = cases_in(seen, own), next_step_of(seen, handed_in)
        one.scored, one.choice = latest_scored(one.cases), choices.open.get(one.cohort.pk)
        one.reviews = _to_give(seen, to_give.get(one.learner.pk, []))
        _add_way(one, seen, handed_in)
    _add_completion(cohorts, choices, to_give)


def _to_give(steps: Iterable[Step], to_give: Iterable[ReviewsToGive]) -> list[ReviewsOfStep]:
    """In steps that the reviewer can still hand in, what closes first in front."""
    by_pk = {step.pk: step for step in steps if step.is_open()}
    found = [ReviewsOfStep(by_pk[one.step_id], one) for one in to_give if one.open and one.step_id in by_pk]
    return sorted(found, key=lambda one: one.step.closes_at)


def _as_seen(
    one: CohortOfPerson, learner: Enrolment, *, works_on: dict[int, set[int]], deadlines: Deadlines
) -> list[Step]:
    """A learner sees the cases that are hers, with her own deadlines; whoever also looks after others sees all."""
    shown = one.steps if one.is_staff else [s for s in one.steps if s.cohort_case_id in works_on[learner.pk]]
    return [closing_at(step, deadlines[step.pk, learner.pk]) for step in shown]


def _add_forms(person: Person, cohorts: list[CohortOfPerson]) -> None:
    """Forms to answer besides those that a step shows."""
    learning = [one for one in cohorts if one.learner]
    owed = owed_by(person, [one.cohort for one in learning]) if learning else {}
    in_steps = {step.questionnaire_id for one in learning for step in one.steps}
    for one in learning:
        one.forms = [form for form in owed[one.cohort.pk] if form.pk not in in_steps]


def _add_dates(person: Person, cohorts: list[CohortOfPerson], enrolments: list[Enrolment]) -> None:
    """The next study meeting, and of learners the next consultation."""
    learning = [one.learner for one in cohorts if one.learner]
    meetings = next_of_cohorts(person, enrolments) if enrolments else {}
    consultations = next_consultations(person, learning) if learning else {}
    for one in cohorts:
        one.meeting, one.consultation = meetings.get(one.cohort.pk), consultations.get(one.cohort.pk)


def _own_hand_ins(cohorts: list[CohortOfPerson], steps: list[Step]) -> dict[int, HandIn]:
    """What the learner, or the learner's team, has handed in, by step."""
    learners = [one.learner for one in cohorts if one.learner]
    own = Among({one.pk for one in learners}, {one.team.pk for one in cohorts if one.team}, learners)
    by_team = {step.pk for step in steps if step.is_team_step}
    found = hand_ins_of(steps, own)
    return {one.step_id: one for one in found if (one.team_id is not None) == (one.step_id in by_team)}


def _add_way(one: CohortOfPerson, seen: list[Step], handed_in: dict[int, HandIn]) -> None:
    """Where the learner stands with each step; ``seen`` closes at the learner's own deadlines."""
    by_case = {case.case.pk: case for case in one.cases}
    now = timezone.now()
    for step in seen:
        hand_in, cell = handed_in.get(step.pk), None
        if is_recorded(step):
            cell = cell_of(step=step, is_required=True, due_at=step.closes_at, hand_in=hand_in, now=now)
        by_case[step.cohort_case_id].way.append(StepOfWay(step, cell))


def _add_completion(
    cohorts: list[CohortOfPerson], choices: OwnChoices, reviews: dict[int, list[ReviewsToGive]]
) -> None:
    """What completion still asks of the learner, from the ways that were read."""
    learning = [(one, one.learner) for one in cohorts if one.learner]
    ways = [(learner, _own_way(one, choices.cases[learner.pk])) for one, learner in learning]
    given = {learner: {one.step_id: one.given for one in of_learner} for learner, of_learner in reviews.items()}
    found = own_standings(ways, given=given, to_choose=choices.undecided)
    for one, learner in learning:
        one.completion = found[learner.pk]


def _own_way(one: CohortOfPerson, cases: set[int]) -> list[tuple[Step, Cell]]:
    return [(step.step, step.cell) for case in one.cases if case.case.pk in cases for step in case.way if step.cell]


def _owned_by(cohorts: list[CohortOfPerson]) -> Q:
    """Rows of the learner or of the teams the learner is in."""
    learners = [one.learner for one in cohorts if one.learner]
    teams = [one.team for one in cohorts if one.team]
    return Q(team=None, enrolment__in=learners) | Q(team__in=teams)


def _graded(cohorts: list[CohortOfPerson], steps: list[Step], handed_in: dict[int, HandIn]) -> dict[int, GradedStep]:
    """Each graded step with the learner's, or the team's, place on the board and scores."""
    own, graded = _owned_by(cohorts), [step for step in steps if step.is_graded]
    standings = {one.step_id: one for one in Standing.objects.filter(own, step__in=graded)}
    scores = histories(own, graded)
    return {
        step.pk: GradedStep(step, handed_in.get(step.pk), standings.get(step.pk), scores.get(step.pk))
        for step in graded
    }
