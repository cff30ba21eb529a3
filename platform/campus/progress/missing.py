"""What completion still asks of a learner, and until when: one sentence for each thing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from campus.cases.models import Step, StepKind
from campus.progress.models import CompletionRule, Demand
from campus.progress.states import Cell, StepState
from campus.ui.moments import moment_in_words


class MissingKind(models.TextChoices):
    """What is missing, and whether the learner can still see to it."""

    TO_COME = "to_come", pgettext_lazy("completion", "Opens later")
    TO_DO = "to_do", pgettext_lazy("completion", "Still to do")
    LATE_TO_DO = "late_to_do", pgettext_lazy("completion", "Late, but still counts")
    CHOICE = "choice", pgettext_lazy("completion", "Choice of cases")
    HELP = "help", pgettext_lazy("completion", "Helpful posts")
    MISSED = "missed", pgettext_lazy("completion", "Deadline missed")
    LATE = "late", pgettext_lazy("completion", "Handed in late")
    REVOKED = "revoked", pgettext_lazy("completion", "Taken back by the organiser")

    @property
    def is_out_of_reach(self) -> bool:
        """Whether only somebody else can help: by an extension, or by taking back what was decided."""
        return self in _OUT_OF_REACH

    @property
    def tone(self) -> str:
        """The kind of its chip."""
        return "error" if self.is_out_of_reach else "warning" if self == MissingKind.LATE_TO_DO else "info"


# A tuple: found by identity, thousands of times, where a set would hash words.
_FINE = (StepState.HANDED_IN, StepState.NOT_REQUIRED)
_OUT_OF_REACH = {MissingKind.MISSED, MissingKind.LATE, MissingKind.REVOKED}


class Missing(NamedTuple):
    """One missing thing. ``has``: how many there are; ``needs``: how many it takes. Words are made when read."""

    kind: MissingKind
    step: Step | None = None
    due_at: datetime | None = None
    at: datetime | None = None
    has: int = 0
    needs: int = 0

    @property
    def words(self) -> str:
        """What to do and by when, or why it can't be done any more, for the learner."""
        return _WORDS[self.kind](self)


def in_brief(missing: Iterable[Missing]) -> str:
    """What is missing, by its kind and the steps' names: for those who look over many learners."""
    by_kind: dict[MissingKind, list[str]] = {}
    for one in missing:
        by_kind.setdefault(one.kind, []).extend([one.step.title] if one.step else [])
    named = _("%(kind)s: %(steps)s")
    return " / ".join(
        named % {"kind": kind.label, "steps": pgettext("list of names", ", ").join(steps)} if steps else str(kind.label)
        for kind, steps in by_kind.items()
    )


@dataclass(frozen=True, slots=True)
class Facts:
    """What completion asks about besides the cells of the steps. given: how many reviews, by the step's id."""

    helpful_posts: int = 0
    given: Mapping[int, int] = field(default_factory=dict)
    has_to_choose: bool = False
    is_revoked: bool = False


def missing_in(
    rule: CompletionRule, asked: Iterable[tuple[Step, Demand]], cells: Iterable[Cell], facts: Facts
) -> list[Missing]:
    """What a learner lacks; empty for who has everything. asked: what the rule asks of the step of each cell."""
    found = [
        one
        for (step, demand), cell in zip(asked, cells, strict=True)
        if cell.state not in _FINE and (one := missing_of_step(step, demand, cell, _reviews(rule, step, facts)))
    ]
    return [*_beside_steps(rule, facts), *found]


def _beside_steps(rule: CompletionRule, facts: Facts) -> Sequence[Missing]:
    found = []
    if facts.is_revoked:
        found.append(Missing(MissingKind.REVOKED))
    if facts.has_to_choose:
        found.append(Missing(MissingKind.CHOICE))
    if facts.helpful_posts < rule.helpful_posts:
        found.append(Missing(MissingKind.HELP, has=facts.helpful_posts, needs=rule.helpful_posts))
    return found


class Reviews(NamedTuple):
    """How many a learner has given, and how many are enough; 0 for as many as the step asks for."""

    given: int
    enough: int


def _reviews(rule: CompletionRule, step: Step, facts: Facts) -> Reviews | None:
    if step.kind != StepKind.REVIEW:
        return None
    return Reviews(facts.given.get(step.pk, 0), rule.reviews_needed or 0)


def missing_of_step(step: Step, demand: Demand, cell: Cell, reviews: Reviews | None = None) -> Missing | None:
    """What is missing at the step, where anything is; ``reviews`` where it is one of peer review."""
    found = _missing_of_step(step, demand, cell)
    if found is None or reviews is None:
        return found
    if reviews.enough and reviews.given >= reviews.enough:
        return None
    return found._replace(has=reviews.given, needs=reviews.enough)


def _missing_of_step(step: Step, demand: Demand, cell: Cell) -> Missing | None:
    if demand == Demand.NOT_NEEDED or cell.state in _FINE:
        return None
    if cell.hand_in:
        late = Missing(MissingKind.LATE, step, cell.due_at, cell.hand_in.first_at)
        return None if demand == Demand.LATE_TOO else late
    if cell.state == StepState.MISSED:
        return Missing(_missed(step, demand), step, cell.due_at)
    return Missing(MissingKind.TO_COME if cell.state == StepState.NOT_OPEN else MissingKind.TO_DO, step, cell.due_at)


def _missed(step: Step, demand: Demand) -> MissingKind:
    """Where late counts, the learner can still hand in: except for work that the site no longer takes."""
    return MissingKind.LATE_TO_DO if demand == Demand.LATE_TOO and takes_late(step) else MissingKind.MISSED


def takes_late(step: Step) -> bool:
    """Whether the site still takes something for the step after its deadline."""
    return step.kind != StepKind.REVIEW


def _to_come(one: Missing) -> str:
    words = _("“%(step)s” opens on %(opens)s. Hand it in by %(due)s.")
    return words % {**_named(one), "opens": moment_in_words(one.step.opens_at) if one.step else ""}


def _to_do(one: Missing) -> str:
    is_survey = one.step and one.step.kind == StepKind.SURVEY
    words = _("Answer “%(step)s” by %(due)s.") if is_survey else _("Hand in “%(step)s” by %(due)s.")
    if one.step and one.step.kind == StepKind.REVIEW:
        words = _("Give your reviews in “%(step)s” by %(due)s.")
        if one.has:
            words = _("Give the rest of your reviews in “%(step)s” by %(due)s (%(has)d given so far).")
    return words % _named(one)


def _late_to_do(one: Missing) -> str:
    return _("The deadline of “%(step)s” was %(due)s. You can still hand it in, and it will count.") % _named(one)


def _missed_words(one: Missing) -> str:
    words = _("The deadline of “%(step)s” was %(due)s, and nothing was handed in. Ask for an extension.")
    return words % _named(one)


def _late(one: Missing) -> str:
    words = _("“%(step)s” was handed in on %(at)s, after the deadline on %(due)s. Ask whether it can still count.")
    return words % {**_named(one), "at": moment_in_words(one.at) if one.at else ""}


def _choice(_one: Missing) -> str:
    return _("Choose your case first. What you have to do depends on it.")


def _help(one: Missing) -> str:
    words = ngettext(
        "Write one more post that helps somebody (%(count)d of %(of)d so far).",
        "Write %(n)d more posts that help somebody (%(count)d of %(of)d so far).",
        one.needs - one.has,
    )
    return words % {"n": one.needs - one.has, "count": one.has, "of": one.needs}


def _revoked(_one: Missing) -> str:
    return _("The organiser has taken your completion back. Ask the organiser what is missing.")


def _named(one: Missing) -> dict[str, str | int]:
    step, due_at = one.step, one.due_at
    return {"step": step.title if step else "", "due": moment_in_words(due_at) if due_at else "", "has": one.has}


_WORDS = {
    MissingKind.TO_COME: _to_come,
    MissingKind.TO_DO: _to_do,
    MissingKind.LATE_TO_DO: _late_to_do,
    MissingKind.CHOICE: _choice,
    MissingKind.HELP: _help,
    MissingKind.MISSED: _missed_words,
    MissingKind.LATE: _late,
    MissingKind.REVOKED: _revoked,
}
