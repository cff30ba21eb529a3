"""What counts as handing in a step. Each app that takes hand-ins registers how to find them; progress asks here.

    @hand_in_source(StepKind.MODEL, StepKind.DECISION)
    def submissions(steps: Collection[Step], among: Among) -> Iterable[HandIn]: ...

A kind of step without a source is not recorded on this site: nobody can be late with it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
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
    """All that one enrolment, or one team, handed in for a step: exactly one of the two is set.

    first, last: seconds since 1970 as ``Epoch`` reads them, since most of thousands are only compared.
    """

    step_id: int
    enrolment_id: int | None
    team_id: int | None
    first: float
    last: float
    times: int

    @property
    def first_at(self) -> datetime:
        return datetime.fromtimestamp(self.first, UTC)

    @property
    def last_at(self) -> datetime:
        return datetime.fromtimestamp(self.last, UTC)


@dataclass(frozen=True)
class Among:
    """Whose hand-ins are asked for, as ids of enrolments and teams; EVERYBODY asks for all of the steps.

    learners: the enrolments themselves, where they were read already.
    """

    enrolments: Collection[int] | None = None
    teams: Collection[int] = ()
    learners: Collection[Enrolment] | None = None

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
    """What was handed in for the steps (read ``with_case``), each source asked once or, for everybody, twice.

    A learner who goes on from an earlier cohort may have one HandIn from there and, after it, one from here for a step.
    """
    steps = list(steps)
    heirs = _heirs(steps, among)
    earlier = _earlier_steps(heirs)
    if among.enrolments is None or not heirs:
        yield from _carried_over(_of_steps(earlier.values(), Among(list(heirs))), steps, earlier, heirs)
        yield from _of_steps(steps, among)
        return
    own = {step.pk: step for step in steps}
    found = list(_of_steps((earlier | own).values(), Among({*among.enrolments, *heirs}, among.teams)))
    yield from _carried_over(found, steps, earlier, heirs)
    asked = {None, *among.enrolments}
    yield from (one for one in found if one.step_id in own and one.enrolment_id in asked)


def _of_steps(steps: Iterable[Step], among: Among) -> Iterator[HandIn]:
    by_source: dict[Source, list[Step]] = defaultdict(list)
    for step in filter(is_recorded, steps):
        by_source[_sources[StepKind(step.kind)]].append(step)
    for source, its_steps in by_source.items():
        yield from source(its_steps, among)


def _heirs(steps: Iterable[Step], among: Among) -> dict[int, tuple[int, int]]:
    """Who goes on from an earlier enrolment, as ids of enrolment and cohort, by the earlier one."""
    cohorts = {step.cohort_case.cohort_id for step in steps}
    continuing = among.learners
    if continuing is None:
        rows = Enrolment.objects.filter(cohort__in=cohorts, continues__isnull=False)
        continuing = rows if among.enrolments is None else rows.filter(pk__in=among.enrolments)
    return {one.continues_id: (one.pk, one.cohort_id) for one in continuing if one.continues_id}


def _earlier_steps(heirs: Mapping[int, tuple[int, int]]) -> dict[int, Step]:
    """The steps in which each person hands in, of the cohorts from which the heirs go on; what a team did stays its."""
    if not heirs:
        return {}
    cohorts = Enrolment.objects.filter(pk__in=heirs).values("cohort")
    earlier = Step.objects.with_case().filter(cohort_case__cohort__in=cohorts, by=StepBy.PERSON)
    return {step.pk: step for step in earlier}


def _carried_over(
    found: Iterable[HandIn],
    steps: Iterable[Step],
    earlier: Mapping[int, Step],
    heirs: Mapping[int, tuple[int, int]],
) -> Iterator[HandIn]:
    """What was handed in for earlier steps, as hand-ins of the same steps here.

    The same are steps of one case version with one key in which each person hands in.
    """
    here = {(step.cohort_case.cohort_id, *_sameness(step)): step for step in steps if not step.is_team_step}
    for one in found:
        heir, cohort = heirs.get(one.enrolment_id or 0, (0, 0))
        same = here.get((cohort, *_sameness(earlier[one.step_id]))) if one.step_id in earlier else None
        if heir and same:
            yield one._replace(step_id=same.pk, enrolment_id=heir)


def _sameness(step: Step) -> tuple[int, str]:
    return step.cohort_case.case_version_id, step.key
