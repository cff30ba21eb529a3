"""The list of what a rescoring changes for whom on one board: columns for the page and the file."""

from collections.abc import Callable
from operator import attrgetter

from django.db.models import F
from django.db.models.functions import Abs
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campus.cases.models import Step
from campus.rescoring.forms import ChangeFilter
from campus.rescoring.models import Rescoring, ShadowStanding, final_is_out
from campus.submissions.measures import Measure, measures_of
from campus.ui.exports import Cell
from campus.ui.lists import Column, Listing


def listing_of(request: HttpRequest, rescoring: Rescoring, step: Step) -> Listing:
    """The board's lines, those that move furthest first. Final scores only where they are out."""
    rows = rescoring.standings.on(step).annotate(
        moved=Abs(F("public_place_before") - F("public_place")),
        final_moved=Abs(F("private_place_before") - F("private_place")),
    )
    shows_final = final_is_out(step)
    splits = [("public", pgettext("board", "Provisional"))] + (
        [("private", pgettext("board", "Final"))] if shows_final else []
    )
    columns = [Column("name", _("Participant"), attrgetter("shown_name"))]
    for split, words in splits:
        columns += _of_split(rescoring, split, words)
    if shows_final:
        columns.append(_final_choice())
    furthest = "-final_moved" if shows_final else "-moved"
    return Listing(
        request,
        rows,
        columns=columns,
        name=f"rescoring-{rescoring.pk}-{step.key}",
        order=[furthest, f"{splits[-1][0]}_place", "pk"],
        filters=ChangeFilter(request.GET),
    )


def _of_split(rescoring: Rescoring, split: str, words: str) -> list[Column]:
    before, after = measures_of(rescoring.from_version)[0], measures_of(rescoring.to_version)[0]
    names = {"split": words, "before": before.name, "after": after.name}
    place_before, place_after = f"{split}_place_before", f"{split}_place"
    return [
        Column(
            f"{split}_place",
            _("%(split)s place") % names,
            attrgetter(place_after),
            cell=_arrow(attrgetter(place_before), attrgetter(place_after)),
            sort=place_after,
            is_number=True,
            in_file=False,
        ),
        *_file_only(split, before=_("%(split)s place before") % names, after=_("%(split)s place after") % names),
        Column(
            f"{split}_score",
            (_("%(split)s score (%(after)s)") if before.name == after.name else _("%(split)s score")) % names,
            _value(f"{split}_values", after),
            cell=_arrow(_shown(f"{split}_values_before", before), _shown(f"{split}_values", after)),
            is_number=True,
            in_file=False,
        ),
        _figure(f"{split}_before", _("%(split)s score before (%(before)s)") % names, f"{split}_values_before", before),
        _figure(f"{split}_after", _("%(split)s score after (%(after)s)") % names, f"{split}_values", after),
    ]


def _file_only(split: str, *, before: str, after: str) -> list[Column]:
    names = [(f"{split}_place_before", before), (f"{split}_place", after)]
    return [Column(f"{name}_file", label, attrgetter(name), on_page=False) for name, label in names]


def _figure(key: str, label: str, field: str, measure: Measure) -> Column:
    return Column(key, label, _value(field, measure), on_page=False)


def _final_choice() -> Column:
    return Column(
        "final_choice",
        _("Submission that decides the final place"),
        lambda row: _("changes") if row.final_choice_changed else _("stays the same"),
    )


def _value(field: str, measure: Measure) -> Callable[[ShadowStanding], Cell]:
    def value(row: ShadowStanding) -> Cell:
        found = getattr(row, field).get(measure.key)
        return None if found is None else round(found, measure.digits)

    return value


def _shown(field: str, measure: Measure) -> Callable[[ShadowStanding], str]:
    return lambda row: measure.show(getattr(row, field).get(measure.key))


def _arrow(before: Callable[[ShadowStanding], object], after: Callable[[ShadowStanding], object]) -> Callable[..., str]:
    """“12 → 9”, or the one value where nothing changes."""

    def cell(row: ShadowStanding) -> str:
        old, new = before(row), after(row)
        if old == new:
            return str(new)
        return format_html(
            '{} <span aria-hidden="true">→</span><span class="visually-hidden">{}</span> <strong>{}</strong>',
            old,
            _("becomes"),
            new,
        )

    return cell
