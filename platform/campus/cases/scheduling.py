"""Moving the dates of steps: what would change, what speaks against it, and doing it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campus import live
from campus.cases.models import Step
from campus.cases.signals import deadlines_moved
from campus.cohorts.actions import record_audit
from campus.cohorts.copying import shifted
from campus.cohorts.models import Cohort
from campus.people.models import Person

SATURDAY = 5


@dataclass(frozen=True)
class Move:
    """Dates that a step is to have."""

    step: Step
    opens_at: datetime
    closes_at: datetime

    @property
    def changes(self) -> bool:
        return (self.opens_at, self.closes_at) != (self.step.opens_at, self.step.closes_at)

    @property
    def reopens(self) -> bool:
        """Whether a step that is closed would be open again."""
        return self.step.is_closed() and self.closes_at > timezone.now()


@dataclass(frozen=True)
class Concern:
    """What speaks against a move; ``stops``: it can't be done."""

    text: str
    stops: bool = False


MoveCheck = Callable[[Move], Iterable[Concern]]
_checks: list[MoveCheck] = []


def checks_moves(check: MoveCheck) -> MoveCheck:
    """Decorator: an app to the right has a say, e.g. where final scores have been shown."""
    _checks.append(check)
    return check


def steps_in(cohort: Cohort) -> list[Step]:
    """All steps of the cohort, case by case."""
    steps = Step.objects.with_case().filter(cohort_case__cohort=cohort)
    return list(steps.order_by("cohort_case__position", "cohort_case__slug", "position"))


def moved_by(moves: Sequence[Move], *, first: Step, days: int, time_zone: str) -> list[Move]:
    """The moves with ``first`` and all later steps of its case moved on by some days, at the same time of day.

    Later is what opens when ``first`` opens, or after it.
    """
    by = timedelta(days=days)
    start = next(move for move in moves if move.step.pk == first.pk)

    def moved(move: Move) -> Move:
        if move.step.cohort_case_id != first.cohort_case_id or move.opens_at < start.opens_at:
            return move
        opens_at, closes_at = (shifted(at, by, from_zone=time_zone) for at in (move.opens_at, move.closes_at))
        return Move(move.step, opens_at, closes_at)

    return [moved(move) for move in moves]


def concerns_of(moves: Sequence[Move], *, cohort: Cohort) -> dict[int, list[Concern]]:
    """What speaks against the dates, by step id: of the changed steps, and of gaps and overlaps around them."""
    zone = ZoneInfo(cohort.time_zone)
    found = {move.step.pk: list(_of_one(move, cohort=cohort, zone=zone)) for move in moves if move.changes}
    for _case, of_case in groupby(moves, key=lambda move: move.step.cohort_case_id):
        for earlier, later in pairwise(sorted(of_case, key=lambda move: move.opens_at)):
            if (earlier.changes or later.changes) and (concern := _between(earlier, later)):
                found.setdefault(later.step.pk, []).append(concern)
    return found


def _of_one(move: Move, *, cohort: Cohort, zone: ZoneInfo) -> Iterable[Concern]:
    if move.closes_at <= move.opens_at:
        yield Concern(_("A step must close after it opens."), stops=True)
        return
    for check in _checks:
        yield from check(move)
    closes = move.closes_at.astimezone(zone)
    if closes.weekday() >= SATURDAY:
        yield Concern(_("The deadline falls on a weekend."))
    if closes.date() > cohort.ends_on or move.opens_at.astimezone(zone).date() < cohort.starts_on:
        yield Concern(_("This is outside the cohort’s dates."))
    if move.closes_at < timezone.now() <= move.step.closes_at:
        yield Concern(_("The deadline is in the past: the step will close at once."))


def _between(earlier: Move, later: Move) -> Concern | None:
    """A day or more without an open step, or two steps open at once."""
    title = earlier.step.title
    if later.opens_at < earlier.closes_at:
        return Concern(_("Open at the same time as “%(title)s”.") % {"title": title})
    days = (later.opens_at - earlier.closes_at).days
    if not days:
        return None
    text = ngettext(
        "No step is open for %(days)s day after “%(title)s”.",
        "No step is open for %(days)s days after “%(title)s”.",
        days,
    )
    return Concern(text % {"days": days, "title": title})


@live.atomic()
def move_steps(*, cohort: Cohort, moves: Sequence[Move], actor: Person | None) -> int:
    """Give the cohort's steps these dates and let what hangs on deadlines be worked out anew; return how many moved.

    Raises ValidationError, with every reason, where a move can't be done; then none is.
    """
    moves = [move for move in moves if move.changes]
    stops = [
        _("%(step)s: %(reason)s") % {"step": move.step.title, "reason": concern.text}
        for move in moves
        for concern in concerns_of([move], cohort=cohort)[move.step.pk]
        if concern.stops
    ]
    if stops:
        raise ValidationError(stops)
    for move in moves:
        _move(move, cohort=cohort, actor=actor)
    if moves:
        deadlines_moved.send(sender=Step, steps=[move.step for move in moves], extensions=None)
    return len(moves)


def _move(move: Move, *, cohort: Cohort, actor: Person | None) -> None:
    step = move.step
    details = {
        "opened": step.opens_at.isoformat(),
        "closed": step.closes_at.isoformat(),
        "opens": move.opens_at.isoformat(),
        "closes": move.closes_at.isoformat(),
    }
    step.opens_at, step.closes_at = move.opens_at, move.closes_at
    step.save(update_fields=["opens_at", "closes_at"])
    record_audit(action="step.scheduled", subject=f"step:{step.pk}", actor=actor, cohort=cohort, **details)
