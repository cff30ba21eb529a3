"""Who tries again and again at an open step without getting further."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count, Exists, OuterRef

from campus.cases.hand_ins import Epoch, HandIn
from campus.cases.models import Step
from campus.cohorts.models import MANY
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
    """By enrolment, where tries are as many and go on for as long as the thresholds say; a few queries."""
    long_ago = progress.now - timedelta(days=thresholds.stuck_days)
    tried = _attempts(progress, at_least=thresholds.stuck_tries)
    suspects = [one for one in tried if one.since <= long_ago]
    worse = _worse(suspects)
    found = {}
    for attempt in suspects:
        tries = attempt.refused + worse[attempt.place]
        if tries >= thresholds.stuck_tries:
            found[attempt.enrolment_id] = Struggle(attempt, tries)
    return found


def _attempts(progress: Progress, *, at_least: int) -> Iterator[Attempt]:
    """Those who tried so often, at every graded step that is still open to them."""
    steps = [(i, step) for i, step in enumerate(progress.steps) if step.is_graded and step.opens_at <= progress.now]
    ids = [step.pk for _, step in steps]
    stumbles = {(one.step_id, one.enrolment_id): one for one in Stumble.objects.filter(step__in=ids)}
    better_at = _last_better(ids)
    for i, step in steps:
        step_id, by_team = step.pk, step.is_team_step
        for line in progress.lines:
            hand_in, stumble = line.cells[i].hand_in, stumbles.get((step_id, line.pk))
            tries = (hand_in.times if hand_in else 0) + (stumble.count if stumble else 0)
            if tries >= at_least and progress.now < line.cells[i].due_at:
                place = (step_id, (line.team_id if by_team else line.pk) or 0)
                yield Attempt(line.pk, step, place, hand_in, stumble, better_at.get(place))


def _last_better(steps: Collection[int]) -> dict[Place, datetime]:
    """When the best score so far was handed in."""
    rows = Standing.objects.filter(step__in=steps).annotate(at=Epoch("public_at"))
    places = rows.values_list("step_id", "team_id", "enrolment_id", "at")
    return {(step, team or enrolment): datetime.fromtimestamp(at, UTC) for step, team, enrolment, at in places}


def _worse(attempts: list[Attempt]) -> Counter[Place]:
    """How many submissions of each place came after its best one; all of them where none was scored."""
    found: Counter[Place] = Counter()
    for owner, by_team in (("enrolment", False), ("team", True)):
        places = {attempt.place for attempt in attempts if attempt.step.is_team_step == by_team}
        if places:
            found.update(_after_the_best(owner, places))
    return found


def _after_the_best(owner: str, places: Collection[Place]) -> dict[Place, int]:
    """Counted by the database; more places than MANY aren't named one by one."""
    steps, owners = {step for step, _ in places}, {who for _, who in places}
    of_owner = {"step": OuterRef("step"), owner: OuterRef(owner)}
    best_or_later = Standing.objects.filter(public_at__gte=OuterRef("created_at"), **of_owner)
    rows = Submission.objects.filter(~Exists(best_or_later), step__in=steps).exclude(**{owner: None})
    if len(owners) <= MANY:
        rows = rows.filter(**{f"{owner}__in": owners})
    counted = rows.order_by().values_list("step", owner).annotate(Count("pk"))
    return {(step, who): count for step, who, count in counted}
