"""A page of the leaderboard as one reader sees it: places, baselines in between, the own line always."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Q, Window
from django.db.models.functions import Rank
from django.http import HttpRequest
from django.utils.translation import gettext as _

from campus.cases.models import Step
from campus.cohorts.models import in_reader_language
from campus.submissions.board import (
    Split,
    Values,
    baseline_rows,
    before,
    is_of,
    place_fields,
    ranked,
    sort_fields,
    standing_of,
)
from campus.submissions.measures import Measure, measures_of
from campus.submissions.models import Owner, Standing
from campus.submissions.noise import Mark, Range, marks_of, range_of
from campus.submissions.readable import is_notebook
from campus.ui.pagination import PER_PAGE, page_of


@dataclass(frozen=True)
class Line:
    """A line of the board. Baselines have no place; ``climbed`` counts places from provisional to final.

    ``notebook``: on the final board the submission that is a notebook and may be read.
    """

    place: int | None
    name: str
    measures: list[Measure]
    values: Values
    scored_count: int | None = None
    is_own: bool = False
    climbed: int | None = None
    mark: Mark | None = None
    notebook: int | None = None

    @property
    def is_near(self) -> bool:
        """Whether the difference to the line above may be luck."""
        return self.mark is not None and self.mark.is_near

    @property
    def band(self) -> str:
        """Between which two values the ranking score may lie by luck; empty where that is not known."""
        if self.mark is None:
            return ""
        low, high = (self.measures[0].show(value) for value in (self.mark.low, self.mark.high))
        return _("%(low)s to %(high)s") % {"low": low, "high": high}

    @property
    def scores(self) -> list[str]:
        """The values as the case writes them, in the order of the measures."""
        return [measure.show(self.values.get(measure.key)) for measure in self.measures]

    @property
    def named_scores(self) -> list[tuple[Measure, str]]:
        return list(zip(self.measures, self.scores, strict=True))

    @property
    def is_baseline(self) -> bool:
        return self.place is None

    @property
    def fallen(self) -> int:
        return max(0, -(self.climbed or 0))


@dataclass(frozen=True)
class BoardPage:
    """What the template draws. ``own`` is set wherever the reader's line is; ``own_page`` says where."""

    split: Split
    measures: list[Measure]
    page: Page[Standing]
    lines: list[Line]
    own: Line | None
    own_page: int
    own_range: Range | None = None

    @property
    def has_own(self) -> bool:
        return any(line.is_own for line in self.lines)

    @property
    def has_bands(self) -> bool:
        return any(line.mark for line in self.lines)

    @property
    def shows_change(self) -> bool:
        return self.split == "private"

    @property
    def announcement(self) -> str:
        """What a screen reader says when the own place changes."""
        if self.own is None:
            return ""
        return _("You are now in place %(place)d of %(count)d.") % {
            "place": self.own.place,
            "count": self.page.paginator.count,
        }


def board_page(request: HttpRequest, *, step: Step, split: Split, own: Owner | None) -> BoardPage:
    """Read the page of the board that the address asks for, in a fixed number of queries."""
    measures = measures_of(step.case_version)
    standings = ranked(step=step, split=split)
    if split == "private":
        standings = standings.select_related("private_submission").annotate(
            public_place=Window(Rank(), order_by=place_fields("public"))
        )
    page = page_of(request, standings)
    mine = standing_of(own, step=step) if own else None
    baselines = baseline_rows(step=step, split=split)
    counts = _counts(step=step, split=split, mine=mine, baselines=baselines)
    marks = marks_of(list(page.object_list), step=step, split=split)
    lines = [line_of(one, split=split, measures=measures, own=own, mark=marks.get(one.pk)) for one in page.object_list]
    own_line = _own_line(mine, counts, split=split, measures=measures) if mine else None
    return BoardPage(
        split=split,
        measures=measures,
        page=page,
        lines=_with_baselines(lines, baselines, counts, page=page, measures=measures),
        own=own_line,
        own_page=counts["own_index"] // PER_PAGE + 1,
        own_range=range_of(mine, step=step, split=split, index=counts["own_index"]) if mine else None,
    )


def standing_line(*, step: Step, owner: Owner) -> Line | None:
    """The owner's line of the board, the final one after the close; None before the first score."""
    mine = standing_of(owner, step=step)
    if mine is None:
        return None
    split: Split = "private" if step.is_closed() else "public"
    counts = _counts(step=step, split=split, mine=mine, baselines=[])
    return _own_line(mine, counts, split=split, measures=measures_of(step.case_version))


def _counts(
    *, step: Step, split: Split, mine: Standing | None, baselines: list[tuple[dict[str, str], Values]]
) -> dict[str, int]:
    """How many standings stand before the own one (by place and by line) and before each baseline, in one query."""
    scoring = step.case_version.pack().scoring
    asked = {
        f"baseline_{index}": before(sort_fields(split), list(key)) | _same(sort_fields(split), list(key))
        for index, key in enumerate(scoring.sort_key(values) for _label, values in baselines)
    }
    if mine:
        fields = [*place_fields(split), "pk"]
        asked["own_index"] = before(fields, [getattr(mine, name) for name in fields])
        for one in ("public", "private"):
            asked[f"own_{one}"] = before(place_fields(one), [getattr(mine, name) for name in place_fields(one)])
    counted = {name: Count("pk", filter=condition) for name, condition in asked.items()}
    return {"own_index": 0} | (Standing.objects.on_board(step, split).aggregate(**counted) if counted else {})


def _same(fields: list[str], values: list[Any]) -> Q:
    return Q(**dict(zip(fields, values, strict=True)))


def best_lines(step: Step, *, most: int) -> list[Line]:
    """The first lines of the final board, without baselines."""
    standings = ranked(step=step, split="private").select_related("private_submission")[:most]
    measures = measures_of(step.case_version)
    return [line_of(one, split="private", measures=measures, own=None, mark=None) for one in standings]


def line_of(standing: Standing, *, split: Split, measures: list[Measure], own: Owner | None, mark: Mark | None) -> Line:
    """A standing of ``ranked`` as a line."""
    place: int = standing.place  # type: ignore[attr-defined]  # annotated by ranked()
    public_place: int | None = getattr(standing, "public_place", None)
    return Line(
        place=place,
        name=standing.shown_name,
        measures=measures,
        values=getattr(standing, f"{split}_values"),
        scored_count=standing.scored_count,
        is_own=own is not None and is_of(standing, own),
        climbed=None if public_place is None else public_place - place,
        mark=mark,
        notebook=_notebook(standing) if split == "private" else None,
    )


def _notebook(standing: Standing) -> int | None:
    """The submission behind the final place, if it is a notebook; the page itself decides who may read it."""
    return standing.private_submission_id if is_notebook(standing.private_submission) else None


def _own_line(mine: Standing, counts: dict[str, int], *, split: Split, measures: list[Measure]) -> Line:
    return Line(
        place=counts[f"own_{split}"] + 1,
        name=mine.shown_name,
        measures=measures,
        values=getattr(mine, f"{split}_values"),
        scored_count=mine.scored_count,
        is_own=True,
        climbed=counts["own_public"] - counts["own_private"] if split == "private" else None,
    )


def _with_baselines(
    lines: list[Line],
    baselines: list[tuple[dict[str, str], Values]],
    counts: dict[str, int],
    *,
    page: Page[Standing],
    measures: list[Measure],
) -> list[Line]:
    """Put each baseline below the standings that are as good or better, on the page where that is."""
    start = (page.number - 1) * PER_PAGE
    end = start + len(lines)
    mixed = list(lines)
    for index, (label, values) in reversed(list(enumerate(baselines))):
        below = counts[f"baseline_{index}"]
        is_here = start < below <= end or (below == start == 0)
        if is_here:
            name = in_reader_language(label["ja"], label["en"])
            mixed.insert(below - start, Line(place=None, name=name, measures=measures, values=values))
    return mixed
