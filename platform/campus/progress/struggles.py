"""Who tries again and again at an open step without getting further."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q

from campus.cases.hand_ins import Epoch, HandIn
from campus.cases.models import Step
from campus.progress.models import Thresholds
from campus.progress.queries import Progress
from campus.submissions.models import Standing, Stumble, Submission

# A step and who hands it in: the team's id where the step is by team, else the enrolment's.
Place = tuple[int, int]


@dataclass(frozen=True)
class Attempt:
    """What a learner has tried at a step so far."""

    enrolment_id: int
    step: Step
    place: Place
    hand_in: HandIn | None
    stumble: Stumble | None
    better_at: datetime | None

    @property
    def refused(self) -> int:
        return self.stumble.count if self.stumble else 0

    @property
    def all_tries(self) -> int:
        return self.refused + (self.hand_in.times if self.hand_in else 0)

    @property
    def since(self) -> datetime:
        """When the score last got better, or the first try where there is no score."""
        if self.better_at:
            return self.better_at
        return min([one.first_at for one in (self.hand_in, self.stumble) if one])


@dataclass(frozen=True)
class Struggle:
    """Tries in a row at a step without getting further."""

    attempt: Attempt
    tries: int


def struggles_in(progress: Progress, thresholds: Thresholds) -> dict[int, Struggle]:
    """By enrolment, where tries are as many and go on for as long as the thresholds say; three queries."""
    long_ago = progress.now - timedelta(days=thresholds.stuck_days)
    suspects = [
        attempt
        for attempt in _attempts(progress)
        if attempt.all_tries >= thresholds.stuck_tries and attempt.since <= long_ago
    ]
    worse = _worse(suspects)
    found = {}
    for attempt in suspects:
        tries = attempt.refused + worse[attempt.place]
        if tries >= thresholds.stuck_tries:
            found[attempt.enrolment_id] = Struggle(attempt, tries)
    return found


def _attempts(progress: Progress) -> Iterator[Attempt]:
    """Every learner's at every graded step that is still open to her."""
    steps = [(i, step) for i, step in enumerate(progress.steps) if step.is_graded and step.opens_at <= progress.now]
    stumbles = {(one.step_id, one.enrolment_id): one for one in Stumble.objects.filter(step__in=[s for _, s in steps])}
    better_at = _last_better([step for _, step in steps])
    for line in progress.lines:
        for i, step in steps:
            cell, stumble = line.cells[i], stumbles.get((step.pk, line.pk))
            if progress.now < cell.due_at and (cell.hand_in or stumble):
                place = (step.pk, (line.team_id if step.is_team_step else line.pk) or 0)
                yield Attempt(line.pk, step, place, cell.hand_in, stumble, better_at.get(place))


def _last_better(steps: list[Step]) -> dict[Place, datetime]:
    """When the best score so far was handed in."""
    rows = Standing.objects.filter(step__in=steps).annotate(at=Epoch("public_at"))
    places = rows.values_list("step_id", "team_id", "enrolment_id", "at")
    return {(step, team or enrolment): datetime.fromtimestamp(at, UTC) for step, team, enrolment, at in places}


def _worse(attempts: list[Attempt]) -> Counter[Place]:
    """How many submissions came after the best one; asked only for the few who may be stuck."""
    better_at = {attempt.place: attempt.better_at.timestamp() if attempt.better_at else 0 for attempt in attempts}
    owners = {owner for _, owner in better_at}
    among = Q(team=None, enrolment__in=owners) | Q(team__in=owners)
    rows = Submission.objects.filter(among, step__in={step for step, _ in better_at}).annotate(at=Epoch("created_at"))
    tries = ((step, team or who, at) for step, team, who, at in rows.values_list("step", "team", "enrolment", "at"))
    return Counter((step, who) for step, who, at in tries if at > better_at.get((step, who), math.inf))
