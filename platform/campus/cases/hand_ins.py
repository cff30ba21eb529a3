"""What counts as handing in a step. Each app that takes hand-ins registers how to find them; progress asks here.

    @hand_in_source(StepKind.MODEL, StepKind.DECISION)
    def submissions(steps: Collection[Step], among: Among) -> Iterable[HandIn]: ...

A kind of step without a source is not recorded on this site: nobody can be late with it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.models import FloatField, Func, Q

from campus.cases.models import Step, StepBy, StepKind
from campus.cohorts.models import Enrolment


class Epoch(Func):
    """A moment as seconds since 1970: thousands are read ten times as fast as timestamps, which Django parses."""

    template = "EXTRACT(EPOCH FROM %(expressions)s)::float8"
    output_field = FloatField()

    def get_db_converters(self, _connection: Any) -> list[Any]:
        """None: the driver gives a float already, and Django would make it one once more in every row."""
        return []


class HandIn(NamedTuple):
    """All that one enrolment, or one team, handed in for a step: exactly one of the two is set."""

    step_id: int
    enrolment_id: int | None
    team_id: int | None
    first_at: datetime
    last_at: datetime
    times: int

    @classmethod
    def of(cls, step: int, enrolment: int | None, team: int | None, first: float, last: float, times: int) -> "HandIn":
        """From a row whose moments are read by ``Epoch``."""
        return cls(step, enrolment, team, datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(last, UTC), times)


@dataclass(frozen=True)
class Among:
    """Whose hand-ins are asked for, as ids of enrolments and teams; EVERYBODY asks for all of the steps."""

    enrolments: Collection[int] | None = None
    teams: Collection[int] = ()

    @property
    def condition(self) -> Q:
        """Selects their rows of a model with ``enrolment`` and ``team``."""
        if self.enrolments is None:
            return Q()
        return Q(team=None, enrolment__in=self.enrolments) | Q(team__in=self.teams)


EVERYBODY = Among()
Source = Callable[[Collection[Step], Among], Iterable[HandIn]]
_sources: dict[StepKind, Source] = {}


def hand_in_source(*kinds: StepKind) -> Callable[[Source], Source]:
    """Register a function as the source for these kinds of steps; import its module in ``AppConfig.ready``.

    It asks the database a fixed number of times, however many steps and people there are.
    """

    def register(source: Source) -> Source:
        for kind in kinds:
            if kind in _sources:
                raise ValueError(f"Hand-ins of {kind} steps have a source already: {_sources[kind].__module__}")
            _sources[kind] = source
        return source

    return register


def is_recorded(step: Step) -> bool:
    """Whether this site knows who has handed in the step; of a survey without a form it can't."""
    return step.kind in _sources and not (step.kind == StepKind.SURVEY and step.questionnaire_id is None)


def hand_ins_of(steps: Iterable[Step], among: Among = EVERYBODY) -> Iterator[HandIn]:
    """What was handed in for the steps (read ``with_case``), each source asked once or, for heirs, twice.

    A learner who goes on from an earlier cohort may have one HandIn from there and, after it, one from here for a step.
    """
    steps = list(steps)
    yield from _carried_over(steps, among)
    yield from _of_steps(steps, among)


def _of_steps(steps: Iterable[Step], among: Among) -> Iterator[HandIn]:
    by_source: dict[Source, list[Step]] = defaultdict(list)
    for step in filter(is_recorded, steps):
        by_source[_sources[StepKind(step.kind)]].append(step)
    for source, its_steps in by_source.items():
        yield from source(its_steps, among)


def _carried_over(steps: list[Step], among: Among) -> Iterator[HandIn]:
    """What learners who go on from an earlier cohort handed in there, as hand-ins of the same steps here.

    The same are steps of one case version with one key in which each person hands in: what a team did stays the team's.
    """
    cohorts = {step.cohort_case.cohort_id for step in steps}
    continuing = Enrolment.objects.filter(cohort__in=cohorts, continues__isnull=False)
    if among.enrolments is not None:
        continuing = continuing.filter(pk__in=among.enrolments)
    heirs = {one.continues_id or 0: (one.pk, one.cohort_id) for one in continuing}
    if not heirs:
        return
    here = {(step.cohort_case.cohort_id, *_sameness(step)): step for step in steps if not step.is_team_step}
    earlier_cohorts = Enrolment.objects.filter(pk__in=heirs).values("cohort")
    earlier = Step.objects.with_case().filter(cohort_case__cohort__in=earlier_cohorts, by=StepBy.PERSON)
    earlier_steps = {step.pk: step for step in earlier}
    for hand_in in _of_steps(earlier_steps.values(), Among(enrolments=list(heirs))):
        heir, cohort = heirs.get(hand_in.enrolment_id or 0, (0, 0))
        same = here.get((cohort, *_sameness(earlier_steps[hand_in.step_id])))
        if heir and same:
            yield hand_in._replace(step_id=same.pk, enrolment_id=heir)


def _sameness(step: Step) -> tuple[int, str]:
    return step.cohort_case.case_version_id, step.key
