"""The schedule: opening and deadline of every step on one page; the effect is shown before anything is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from campus.cases.forms import ScheduleForm
from campus.cases.scheduling import Concern, Move, concerns_of, move_steps, steps_in
from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort


@dataclass(frozen=True)
class Effect:
    """A step that would move, or that somebody should look at, with what speaks against it."""

    move: Move
    concerns: Sequence[Concern]

    @property
    def stops(self) -> bool:
        return any(concern.stops for concern in self.concerns)


@require_http_methods(["GET", "POST"])
@desk_page("cohorts.run_cohort")
def schedule(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    steps = steps_in(cohort)
    form = ScheduleForm(request.POST or None, cohort=cohort, steps=steps)
    if request.method != "POST" or not form.is_valid():
        return _show(request, cohort, form)
    moves = form.moves
    if form.is_outdated:
        form.add_error(
            None, _("Somebody else has moved steps in the meantime. Check the changes again before you save.")
        )
        return _show(request, cohort, form, moves)
    if "save" not in request.POST or form.cleaned_data.get("days"):
        return _show(request, cohort, form.showing(moves), moves)
    try:
        moved = move_steps(cohort=cohort, moves=moves, actor=request.user)
    except ValidationError:
        return _show(request, cohort, form, moves)
    _say(request, moved)
    return redirect("cases:schedule", cohort=cohort.slug)


def _say(request: MemberRequest, moved: int) -> None:
    if moved:
        text = ngettext("%(count)s step was moved.", "%(count)s steps were moved.", moved)
        messages.success(request, text % {"count": moved})
    else:
        messages.info(request, _("Nothing was changed."))


def _show(request: MemberRequest, cohort: Cohort, form: ScheduleForm, moves: Sequence[Move] = ()) -> HttpResponse:
    """The page, and with ``moves`` what they would change; every move begins from the dates in force."""
    concerns = concerns_of(moves, cohort=cohort)
    effects = [
        Effect(move, concerns.get(move.step.pk, [])) for move in moves if move.changes or concerns.get(move.step.pk)
    ]
    context = {
        "cohort": cohort,
        "form": form,
        "cases": [(case, list(rows)) for case, rows in groupby(form.rows(), key=lambda row: row.step.cohort_case)],
        "has_steps": bool(form.steps),
        "shows_effect": bool(moves),
        "effects": effects,
        "stopped": any(effect.stops for effect in effects),
    }
    return render(request, "cases/schedule.html", context)
