"""Places on a step's board, read in a bounded number of queries; ``standings`` writes them."""

from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Q, Window
from django.db.models.functions import Rank

from campus.cases.models import Step
from campus.submissions.models import Owner, Standing, StandingQuerySet

Split = Literal["public", "private"]
Values = dict[str, float]


def sort_fields(split: Split, prefix: str = "") -> list[str]:
    """The columns by which a board or a list of gradings is ordered, best first."""
    return [f"{prefix}{split}_primary", f"{prefix}{split}_secondary"]


def place_fields(split: Split) -> list[str]:
    """The columns that decide a place: both metrics, then the earlier hand-in."""
    return [*sort_fields(split), f"{split}_at"]


def before(fields: list[str], values: list[Any]) -> Q:
    """Condition: comes before ``values`` in the ascending order of ``fields``."""
    condition, same = Q(), Q()
    for name, value in zip(fields, values, strict=True):
        condition |= same & Q(**{f"{name}__lt": value})
        same &= Q(**{name: value})
    return condition


@dataclass(frozen=True)
class Row:
    """A line of the board as a reader sees it. Baselines have no place of their own."""

    place: int
    name: str
    values: Values
    standing: Standing | None = None
    is_own: bool = False

    @property
    def number(self) -> int | None:
        """The standing's, in the database; None for a baseline."""
        return self.standing.pk if self.standing else None


def ranked(*, step: Step, split: Split) -> StandingQuerySet:
    """The step's standings with their ``place``, best first.

    Ties in both metrics are broken by the earlier hand-in; those equal in everything share a place.
    """
    order = place_fields(split)
    return (
        Standing.objects.on_board(step, split)
        .annotate(place=Window(Rank(), order_by=order))
        .select_related("enrolment__person", "team")
        .order_by(*order, "pk")
    )


def rows(standings: list[Standing], *, split: Split, own: Owner | None) -> list[Row]:
    """Make the lines of a page of ranked standings."""
    return [
        Row(
            place=standing.place,  # type: ignore[attr-defined]  # annotated by ranked()
            name=standing.shown_name,
            values=getattr(standing, f"{split}_values"),
            standing=standing,
            is_own=own is not None and is_of(standing, own),
        )
        for standing in standings
    ]


def is_of(standing: Standing, owner: Owner) -> bool:
    """Whether the standing is this owner's."""
    if owner.team:
        return standing.team_id == owner.team.pk
    return standing.enrolment_id == owner.enrolment.pk


def own_row(*, step: Step, split: Split, owner: Owner) -> Row | None:
    """The owner's line, wherever on the board it stands; None before the first score."""
    found = standing_of(owner, step=step)
    if found is None:
        return None
    # A filter on ranked() would rank the owner among herself: those in front are counted instead.
    in_front = before(place_fields(split), [getattr(found, name) for name in place_fields(split)])
    found.place = Standing.objects.on_board(step, split).filter(in_front).count() + 1  # type: ignore[attr-defined]
    return rows([found], split=split, own=owner)[0]


def standing_of(owner: Owner, *, step: Step) -> Standing | None:
    """The owner's standing, with what its name needs."""
    condition = Q(team=owner.team) if owner.team else Q(enrolment=owner.enrolment)
    return Standing.objects.filter(condition, step=step).select_related("enrolment__person", "team").first()


def baseline_rows(*, step: Step, split: Split) -> list[tuple[dict[str, str], Values]]:
    """Label and values of each baseline of the case, best first."""
    version = step.case_version
    scoring = version.pack().scoring
    baselines = sorted(version.baselines, key=lambda one: scoring.sort_key(one[split]))
    return [(one["label"], one[split]) for one in baselines]
