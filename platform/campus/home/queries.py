"""What the home page shows, read in a number of queries that depends on neither cohorts nor their size."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campus.cases.choosing import OpenChoice, cases_of, open_choices
from campus.cases.deadlines import Deadlines, closing_at, deadlines_of
from campus.cases.hand_ins import Among, HandIn, hand_ins_of, is_recorded
from campus.cases.models import CohortCase, Step
from campus.cohorts.models import TAKES_PART, Cohort, Enrolment, Role
from campus.cohorts.rules import STAFF_ROLES
from campus.people.models import Person
from campus.progress.completion import Standing as Completion
from campus.progress.completion import own_standings
from campus.progress.states import Cell, cell_of
from campus.questionnaires.models import Questionnaire
from campus.questionnaires.queries import owed_by
from campus.submissions.models import Grading, Standing, Submission
from campus.teams.models import Membership, Team, TeamKind
from grader.contract import State

LATELY = timedelta(days=1)


@dataclass
class NextStep:
    """The step to take now, and why this one."""

    step: Step
    why: str | Promise


@dataclass
class GradedStep:
    """A graded step of the learner: the latest hand-in and the best provisional score."""

    step: Step
    latest: Submission | None = None
    standing: Standing | None = None


@dataclass(frozen=True)
class StepOfWay:
    """A step of a case as it stands for the learner; without a cell where the site doesn't record hand-ins."""

    step: Step
    cell: Cell | None


@dataclass
class CaseOfLearner:
    """A case with what the learner did in it so far."""

    case: CohortCase
    graded: list[GradedStep]
    way: list[StepOfWay] = field(default_factory=list)


@dataclass
class Overview:
    """A cohort in figures, for those who look after it."""

    learners: int = 0
    teams: int = 0
    scored: int = 0
    submissions_lately: int = 0
    waiting: int = 0
    failed: int = 0


@dataclass
class CohortOfPerson:
    """A cohort as its member sees it at home."""

    cohort: Cohort
    roles: list[Role]
    learner: Enrolment | None = None
    team: Team | None = None
    next_step: NextStep | None = None
    cases: list[CaseOfLearner] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    overview: Overview | None = None
    choice: OpenChoice | None = None
    forms: list[Questionnaire] = field(default_factory=list)
    completion: Completion | None = None


def cohorts_of(person: Person) -> list[CohortOfPerson]:
    """The person's cohorts, the latest first."""
    enrolments = list(Enrolment.objects.of(person).select_related("cohort__programme", "study_class"))
    found = _by_cohort(enrolments)
    _add_teams(found)
    _add_cases(found)
    _add_overviews(found)
    _add_forms(person, found)
    return sorted(found, key=lambda one: (one.cohort.starts_on, one.cohort.slug), reverse=True)


def waiting_enrolments(person: Person) -> list[Enrolment]:
    """Enrolments whose cohort the person can't open now: applied, selected, paused, withdrawn."""
    others = Enrolment.objects.filter(person=person).exclude(state__in=TAKES_PART)
    return list(others.select_related("cohort", "application").order_by("-cohort__starts_on"))


def _by_cohort(enrolments: Iterable[Enrolment]) -> list[CohortOfPerson]:
    found: dict[int, CohortOfPerson] = {}
    for enrolment in enrolments:
        one = found.setdefault(enrolment.cohort_id, CohortOfPerson(cohort=enrolment.cohort, roles=[]))
        one.roles.append(Role(enrolment.role))
        if enrolment.role == Role.LEARNER:
            one.learner = enrolment
    return list(found.values())


def _add_teams(cohorts: list[CohortOfPerson]) -> None:
    learners = {one.learner.pk: one for one in cohorts if one.learner}
    current = Membership.objects.current().filter(enrolment__in=learners, kind=TeamKind.PROJECT)
    for membership in current.select_related("team"):
        learners[membership.enrolment_id].team = membership.team


def _add_cases(cohorts: list[CohortOfPerson]) -> None:
    steps = Step.objects.with_case().filter(cohort_case__cohort__in=[one.cohort for one in cohorts])
    by_cohort: dict[int, list[Step]] = defaultdict(list)
    for step in steps.order_by("cohort_case__position", "cohort_case__slug", "position"):
        by_cohort[step.cohort_case.cohort_id].append(step)
    latest, standings = _own_submissions(cohorts), _own_standings(cohorts)
    learners = [one.learner for one in cohorts if one.learner]
    works_on, deadlines, choices = cases_of(learners), deadlines_of(steps, learners), open_choices(learners)
    handed_in = _own_hand_ins(cohorts, by_cohort)
    for one in cohorts:
        one.steps = by_cohort[one.cohort.pk]
        seen = _as_seen(by_cohort[one.cohort.pk], one, works_on=works_on, deadlines=deadlines)
        graded = {
            step.pk: GradedStep(step, latest.get((one.cohort.pk, step.pk)), standings.get((one.cohort.pk, step.pk)))
            for step in seen
            if step.is_graded
        }
        one.cases = _cases(seen, graded)
        if one.learner:
            one.next_step = next_step_of(seen, graded, handed_in)
            _add_way(one, seen, handed_in)
            one.choice = choices.get(one.cohort.pk)
    _add_completion(cohorts, works_on)


def _as_seen(
    steps: list[Step], one: CohortOfPerson, *, works_on: dict[int, set[int]], deadlines: Deadlines
) -> list[Step]:
    """A learner sees the cases that are hers, with her own deadlines; whoever also looks after others sees all."""
    if one.learner is None:
        return steps
    learner = one.learner.pk
    shown = steps if set(one.roles) & set(STAFF_ROLES) else [s for s in steps if s.cohort_case_id in works_on[learner]]
    return [closing_at(step, deadlines[step.pk, learner]) for step in shown]


def _add_forms(person: Person, cohorts: list[CohortOfPerson]) -> None:
    """Forms to answer besides those that a step shows."""
    learning = [one for one in cohorts if one.learner]
    owed = owed_by(person, [one.cohort for one in learning]) if learning else {}
    in_steps = {step.questionnaire_id for one in learning for step in one.steps}
    for one in learning:
        one.forms = [form for form in owed[one.cohort.pk] if form.pk not in in_steps]


def _cases(steps: list[Step], graded: dict[int, GradedStep]) -> list[CaseOfLearner]:
    cases: dict[int, CaseOfLearner] = {}
    for step in steps:
        case = cases.setdefault(step.cohort_case_id, CaseOfLearner(step.cohort_case, []))
        if step.pk in graded:
            case.graded.append(graded[step.pk])
    return list(cases.values())


def next_step_of(steps: list[Step], graded: dict[int, GradedStep], answered: Collection[int] = ()) -> NextStep | None:
    """The open step that closes first among those still owed, else one to improve, else the next to open.

    answered: ids of the surveys that the learner has submitted.
    """
    open_steps = sorted((step for step in steps if step.is_open()), key=lambda step: step.closes_at)
    owed = [step for step in open_steps if step.pk not in answered and _is_owed(step, graded)]
    if owed:
        why = _("You have not handed in yet.") if owed[0].is_graded else _("Of the open steps, this one closes first.")
        return NextStep(owed[0], why)
    if improvable := [step for step in open_steps if step.is_graded]:
        return NextStep(improvable[0], _("Handed in. You can still improve your result until the deadline."))
    to_come = [step for step in steps if not step.is_closed() and not step.is_open()]
    if to_come:
        return NextStep(min(to_come, key=lambda step: step.opens_at), _("No step is open now; this one opens next."))
    return NextStep(open_steps[0], _("You have handed in everything that is open.")) if open_steps else None


def _is_owed(step: Step, graded: dict[int, GradedStep]) -> bool:
    return step.pk not in graded or graded[step.pk].latest is None


def _own_hand_ins(cohorts: list[CohortOfPerson], steps: dict[int, list[Step]]) -> dict[int, HandIn]:
    """What the learner, or the learner's team, has handed in, by step."""
    learners = {one.learner.pk for one in cohorts if one.learner}
    if not learners:
        return {}
    own = Among(learners, {one.team.pk for one in cohorts if one.team})
    found = hand_ins_of([step for of_cohort in steps.values() for step in of_cohort], own)
    by_team = {step.pk for of_cohort in steps.values() for step in of_cohort if step.is_team_step}
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


def _add_completion(cohorts: list[CohortOfPerson], works_on: dict[int, set[int]]) -> None:
    """What completion still asks of the learner, from the ways that were read."""
    learning = [(one, one.learner) for one in cohorts if one.learner]
    ways = [(learner, _own_way(one, works_on[learner.pk])) for one, learner in learning]
    found = own_standings(ways) if ways else {}
    for one, learner in learning:
        one.completion = found[learner.pk]


def _own_way(one: CohortOfPerson, cases: set[int]) -> list[tuple[Step, Cell]]:
    return [(step.step, step.cell) for case in one.cases if case.case.pk in cases for step in case.way if step.cell]


def _owned_by(cohorts: list[CohortOfPerson]) -> Q:
    """Rows of the learner or of the teams the learner is in."""
    learners = [one.learner for one in cohorts if one.learner]
    teams = [one.team for one in cohorts if one.team]
    return Q(team=None, enrolment__in=learners) | Q(team__in=teams)


def _own_submissions(cohorts: list[CohortOfPerson]) -> dict[tuple[int, int], Submission]:
    """The latest submission by cohort and step."""
    own = Submission.objects.filter(_owned_by(cohorts)).select_related("grading", "enrolment")
    latest = own.order_by("step_id", "-created_at").distinct("step_id")
    return {(one.enrolment.cohort_id, one.step_id): one for one in latest}


def _own_standings(cohorts: list[CohortOfPerson]) -> dict[tuple[int, int], Standing]:
    """The standing by cohort and step."""
    own = Standing.objects.filter(_owned_by(cohorts)).select_related("step__cohort_case")
    return {(one.step.cohort_case.cohort_id, one.step_id): one for one in own}


def _add_overviews(cohorts: list[CohortOfPerson]) -> None:
    """Figures for the cohorts that the person looks after, a fixed number of queries for all of them."""
    looked_after = {one.cohort.pk: Overview() for one in cohorts if set(one.roles) & set(STAFF_ROLES)}
    if not looked_after:
        return
    for one in cohorts:
        one.overview = looked_after.get(one.cohort.pk)
    _count_people(looked_after)
    _count_submissions(looked_after)


def _count_people(overviews: dict[int, Overview]) -> None:
    learners = Enrolment.objects.taking_part().filter(cohort__in=overviews, role=Role.LEARNER)
    for cohort, count in learners.values_list("cohort").annotate(Count("pk")):
        overviews[cohort].learners = count
    teams = Team.objects.filter(cohort__in=overviews, kind=TeamKind.PROJECT)
    for cohort, count in teams.values_list("cohort").annotate(Count("pk")):
        overviews[cohort].teams = count


def _count_submissions(overviews: dict[int, Overview]) -> None:
    """What came in lately, and what is waiting since whenever; never a walk through all submissions."""
    cohort_of = "step__cohort_case__cohort"
    lately = Submission.objects.filter(created_at__gte=timezone.now() - LATELY, **{f"{cohort_of}__in": overviews})
    failed = Count("pk", filter=Q(grading__state=State.FAILED))
    for cohort, count, failures in lately.values_list(cohort_of).annotate(count=Count("pk"), failed=failed):
        overviews[cohort].submissions_lately, overviews[cohort].failed = count, failures
    owed = Grading.objects.unfinished().filter(**{f"submission__{cohort_of}__in": overviews})
    for cohort, count in owed.values_list(f"submission__{cohort_of}").annotate(Count("pk")):
        overviews[cohort].waiting = count
    _count_owners(overviews)


def _count_owners(overviews: dict[int, Overview]) -> None:
    """How many people or teams stand on a board; from the standings, which are few."""
    owners = Standing.objects.filter(step__cohort_case__cohort__in=overviews).values_list("step__cohort_case__cohort")
    for cohort, people, teams in owners.annotate(Count("enrolment", distinct=True), Count("team", distinct=True)):
        overviews[cohort].scored = people + teams
