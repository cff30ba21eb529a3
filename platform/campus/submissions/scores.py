"""How an owner's scores came one after the other, by the measure that ranks."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from campus.cases.models import Step
from campus.submissions.measures import Measure, measures_of
from campus.submissions.models import Score, Submission
from grader.contract import State

SHOWN_AT_MOST = 200


@dataclass(frozen=True)
class History:
    """The scored submissions of a step: when handed in and the provisional score, oldest first."""

    step: Step
    measure: Measure
    scored: list[tuple[datetime, float]]

    @property
    def values(self) -> list[float]:
        return [value for _at, value in self.scored]

    @property
    def latest_at(self) -> datetime:
        return self.scored[-1][0]

    @property
    def latest(self) -> str:
        return self.measure.show(self.values[-1])

    @property
    def best(self) -> float:
        return (min if self.measure.lower_is_better else max)(self.values)

    @property
    def is_best(self) -> bool:
        """Whether the latest score is the best so far."""
        return self.values[-1] == self.best

    @property
    def gain(self) -> float | None:
        """How much better than the one before the latest score is; negative where it is worse, None for the first."""
        if len(self.scored) < 2:
            return None
        change = round(self.values[-1] - self.values[-2], self.measure.digits)
        return 0.0 - change if self.measure.lower_is_better else change

    @property
    def change(self) -> str:
        """The same without its sign, with digits and unit."""
        return self.measure.show(abs(self.gain or 0.0))


def histories(own: Q, steps: Sequence[Step]) -> dict[int, History]:
    """By step id, for those of the steps that have a score: the latest SHOWN_AT_MOST in all, in one query.

    ``own`` selects the owners' submissions; a score counts by the metric and truth that the step's case has now.
    """
    by_pk = {step.pk: step for step in steps}
    if not by_pk:
        return {}
    found: dict[int, list[tuple[datetime, float]]] = defaultdict(list)
    rows = Submission.objects.filter(own & _counting(steps)).order_by("-created_at", "-pk")
    fields = ("step_id", "created_at", "grading__prediction__scores__sort_primary")
    for step, at, primary in reversed(rows.values_list(*fields)[:SHOWN_AT_MOST]):
        found[step].append((at, primary))
    return {step: _history(by_pk[step], scored) for step, scored in found.items()}


def _counting(steps: Sequence[Step]) -> Q:
    score = "grading__prediction__scores__"
    counting = Q()
    for step in steps:
        version = step.case_version
        now = {f"{score}metric_version": version.metric_version, f"{score}truth_version": version.truth_digest}
        counting |= Q(step=step, **now)
    return Q(grading__state=State.SCORED, **{f"{score}split": Score.Split.PUBLIC}) & counting


def _history(step: Step, scored: list[tuple[datetime, float]]) -> History:
    """Sort keys as the scores that they stand for."""
    measure = measures_of(step.case_version)[0]
    sign = 1 if measure.lower_is_better else -1
    return History(step, measure, [(at, 0.0 + sign * primary) for at, primary in scored])
