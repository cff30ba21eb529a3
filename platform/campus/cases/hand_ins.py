"""What counts as handing in a step. Each app that takes hand-ins registers how to find them; progress asks here.

    @hand_in_source(StepKind.MODEL, StepKind.DECISION)
    def submissions(steps: Collection[Step], among: Among) -> Iterable[HandIn]: ...

A kind of step without a source is not recorded on this site: nobody can be late with it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import FloatField, Func, Q

from campus.cases.models import Step, StepKind


class Epoch(Func):
    """A moment as seconds since 1970: thousands are read ten times as fast as timestamps, which Django parses."""

    template = "EXTRACT(EPOCH FROM %(expressions)s)::float8"
    output_field = FloatField()


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
    """What was handed in for the steps, each source asked once."""
    by_source: dict[Source, list[Step]] = defaultdict(list)
    for step in filter(is_recorded, steps):
        by_source[_sources[StepKind(step.kind)]].append(step)
    for source, its_steps in by_source.items():
        yield from source(its_steps, among)
