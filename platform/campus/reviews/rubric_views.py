"""The page on which an organiser changes a round's rubric: a draft, its effect, then switching to it or dropping it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort
from campus.reviews import rubric_changes
from campus.reviews.desk_views import UNPROCESSABLE, round_in
from campus.reviews.lists import shifts_listed
from campus.reviews.models import ReviewRound
from campus.reviews.rubric_forms import RubricChangeForm


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("reviews.oversee")
def rubric(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """The form, below it what the draft would change for whom; POST saves, switches to or drops the draft."""
    found = round_in(cohort, pk)
    wish = request.POST.get("do")
    if wish == "switch":
        return _switch(request, cohort, found)
    if wish == "drop":
        rubric_changes.drop_draft(round=found)
        messages.success(request, _("The draft of the rubric was discarded. Nothing has changed."))
        return redirect("reviews:round", cohort=cohort.slug, pk=found.pk)
    draft = rubric_changes.draft_of(found)
    form = RubricChangeForm(request.POST if request.method == "POST" else None, step=found.judged, draft=draft)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        rubric_changes.save_draft(round=found, criteria=form.changes(), reason=reason, actor=request.user)
        return redirect(f"{request.path}#effect")
    context: dict[str, Any] = {"cohort": cohort, "round": found, "step": found.step, "form": form, "draft": draft}
    context["history"] = found.rubric_changes.exclude(switched_at=None).select_related("saved_by")[:20]
    if draft and not form.is_bound:
        effect = rubric_changes.effect_of(found, draft.criteria)
        listing = shifts_listed(request, cohort, effect)
        context |= {"effect": effect, "listing": listing, "seen": rubric_changes.version_of(draft)}
        if file := listing.download():
            return file
    return render(request, "reviews/desk/rubric.html", context, status=UNPROCESSABLE if form.errors else 200)


def _switch(request: MemberRequest, cohort: Cohort, round: ReviewRound) -> HttpResponse:
    try:
        effect = rubric_changes.switch(round=round, seen=request.POST.get("seen", ""), actor=request.user)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
        return redirect("reviews:rubric", cohort=cohort.slug, pk=round.pk)
    count = len(effect.shifts)
    text = ngettext(
        "The rubric was changed, and with it the value of %(count)s work. Everybody affected will be notified.",
        "The rubric was changed, and with it the values of %(count)s works. Everybody affected will be notified.",
        count,
    )
    messages.success(request, text % {"count": count})
    return redirect("reviews:round", cohort=cohort.slug, pk=round.pk)
