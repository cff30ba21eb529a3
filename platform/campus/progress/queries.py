"""Who is where: every learner and every step, worked out in a number of queries that grows with neither."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from campus.cases.choosing import cases_of
from campus.cases.deadlines import later_deadlines
from campus.cases.hand_ins import EVERYBODY, Among, Epoch, HandIn, hand_ins_of, is_recorded
from campus.cases.models import Step
from campus.cohorts.models import MANY, TAKES_PART, Cohort, Enrolment, EnrolmentState
from campus.cohorts.queries import learners_looked_after
from campus.people.models import Person
from campus.progress.states import Cell, StepState, cell_of
from campus.teams.models import Membership, TeamKind

# Paused or withdrawn is also who never began: took the application back, or was taken out before.
HAVE_BEGUN = Q(state__in=TAKES_PART) | Q(state__in=[EnrolmentState.PAUSED, EnrolmentState.WITHDRAWN], never_began=False)
_FIELDS = (
    "pk",
    "cohort_id",
    "person_id",
    "person__name",
    "person__profile__name_kana",
    "person__email",
    "study_class_id",
    "study_class__name",
)
# Whoever signed in before visits were recorded was here then.
_MOMENTS = {"enrolled": Epoch("enrolled_at"), "seen": Epoch(Greatest("person__seen_at", "person__last_login"))}


@dataclass(slots=True)
class Line:
    """A learner with all steps, in the order of ``Progress.steps``."""

    pk: int
    cohort_id: int
    person_id: int
    name: str
    reading: str
    address: str
    class_id: int | None
    class_name: str
    state: EnrolmentState
    enrolled_at: datetime
    seen_at: datetime | None
    team_id: int | None = None
    cells: list[Cell] = field(default_factory=list)

    def __str__(self) -> str:
        return self.name

    @property
    def handed_in(self) -> int:
        return sum(cell.state.is_handed_in for cell in self.cells)

    @property
    def required(self) -> int:
        return sum(cell.state != StepState.NOT_REQUIRED for cell in self.cells)

    @property
    def last_hand_in(self) -> datetime | None:
        latest = max((cell.hand_in.last for cell in self.cells if cell.hand_in), default=None)
        return datetime.fromtimestamp(latest, UTC) if latest else None


@dataclass(frozen=True)
class Progress:
    """The learners' lines as their names are read, and the steps of which this site knows who handed them in."""

    cohort: Cohort
    now: datetime
    steps: list[Step]
    unrecorded: list[Step]
    lines: list[Line]

    @property
    def today(self) -> date:
        """The day in the cohort's time zone."""
        return self.now.astimezone(ZoneInfo(self.cohort.time_zone)).date()


def progress_seen_by(person: Person, cohort: Cohort) -> Progress:
    """Where those stand who have begun and whom the person looks after."""
    return progress_of(cohort, learners_looked_after(person, cohort).filter(HAVE_BEGUN))


def progress_of(cohort: Cohort, learners: QuerySet[Enrolment], *, now: datetime | None = None) -> Progress:
    """Work out where these learners of the cohort stand."""
    now = now or timezone.now()
    steps = steps_in(cohort)
    recorded = [step for step in steps if is_recorded(step)]
    lines = _lines(learners)
    _fill(lines, recorded, now=now)
    return Progress(cohort, now, recorded, [step for step in steps if not is_recorded(step)], lines)


def steps_in(cohort: Cohort) -> list[Step]:
    """All steps of the cohort's cases, in their order."""
    steps = Step.objects.with_case().defer("cohort_case__case_version__manifest").filter(cohort_case__cohort=cohort)
    return list(steps.order_by("cohort_case__position", "cohort_case__slug", "position"))


def _lines(learners: QuerySet[Enrolment]) -> list[Line]:
    rows = learners.order_by().annotate(**_MOMENTS).values_list(*_FIELDS, "state", *_MOMENTS)
    lines = [
        Line(
            pk=pk,
            cohort_id=cohort,
            person_id=person,
            name=name,
            reading=kana or name,
            address=address,
            class_id=class_id,
            class_name=class_name or "",
            state=EnrolmentState(state),
            enrolled_at=datetime.fromtimestamp(enrolled, UTC),
            seen_at=datetime.fromtimestamp(seen, UTC) if seen else None,
        )
        for pk, cohort, person, name, kana, address, class_id, class_name, state, enrolled, seen in rows
    ]
    return sorted(lines, key=lambda line: (line.reading, line.pk))


def _fill(lines: list[Line], steps: list[Step], *, now: datetime) -> None:
    _add_teams(lines, steps)
    teams = {line.pk: line.team_id for line in lines if line.team_id}
    later, cases = later_deadlines(steps, lines, teams=teams), cases_of(lines)
    found = _by_owner(steps, _among(lines))
    extended: dict[int, dict[int, datetime]] = {step.pk: {} for step in steps}
    for (step_id, enrolment), moment in later.items():
        extended[step_id][enrolment] = moment
    for step in steps:
        case, by_team = step.cohort_case_id, step.is_team_step
        hand_ins, due = found[step.pk], extended[step.pk]
        # Whoever has neither handed in nor got more time stands like all the others: thousands share one cell.
        alike = {needed: cell_of(step, needed, step.closes_at, None, now) for needed in (True, False)}
        for line in lines:
            hand_in, due_at = hand_ins.get(line.team_id if by_team else line.pk), due.get(line.pk)
            needed = case in cases[line.pk]
            own = hand_in or due_at
            line.cells.append(cell_of(step, needed, due_at or step.closes_at, hand_in, now) if own else alike[needed])


def _by_owner(steps: list[Step], among: Among) -> dict[int, dict[int | None, HandIn]]:
    """By step and then by owner, the team's id or the enrolment's: numbers are quickest to look up."""
    found: dict[int, dict[int | None, HandIn]] = {step.pk: {} for step in steps}
    by_team = {step.pk: step.is_team_step for step in steps}
    for one in hand_ins_of(steps, among):
        if by_team[one.step_id] == (one.team_id is not None):
            found[one.step_id][one.team_id or one.enrolment_id] = one
    return found


def _among(lines: list[Line]) -> Among:
    if len(lines) > MANY:
        return EVERYBODY
    return Among({line.pk for line in lines}, {line.team_id for line in lines if line.team_id})


def _add_teams(lines: list[Line], steps: Iterable[Step]) -> None:
    """The project team of each learner, where a step is by team."""
    if not any(step.is_team_step for step in steps):
        return
    by_pk = {line.pk: line for line in lines}
    current = Membership.objects.current().filter(kind=TeamKind.PROJECT)
    theirs = Q(enrolment__in=by_pk) if len(lines) <= MANY else Q(team__cohort=lines[0].cohort_id)
    for enrolment, team in current.filter(theirs).values_list("enrolment_id", "team_id"):
        if enrolment in by_pk:
            by_pk[enrolment].team_id = team
