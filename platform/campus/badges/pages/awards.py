"""The organiser's page of one person's badge: what stands on it, revoking, issuing anew."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campus.badges import actions
from campus.badges.forms import RevokeForm
from campus.badges.models import Award
from campus.badges.pages.achievements import ISSUE
from campus.badges.refusals import BadgeRefused
from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort
from campus.people.visibility import profile_of


def award_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hand the view its award, for organisers of the cohort; for the others there is none (404)."""

    @desk_page(ISSUE)
    @wraps(view)
    def guarded(request: MemberRequest, *, cohort: Cohort, pk: int, **kwargs: Any) -> HttpResponseBase:
        rows = Award.objects.issued().with_badge().select_related("person__profile", "revoked_by")
        return view(request, cohort=cohort, award=get_object_or_404(rows, achievement__cohort=cohort, pk=pk), **kwargs)

    return guarded


@require_safe
@award_page
def one(request: MemberRequest, *, cohort: Cohort, award: Award) -> HttpResponse:
    return _show(request, cohort, award, RevokeForm())


def _show(request: MemberRequest, cohort: Cohort, award: Award, form: RevokeForm, *, status: int = 200) -> HttpResponse:
    roman = profile_of(award.person).name_roman
    context = {
        "cohort": cohort,
        "award": award,
        "form": form,
        "name_has_changed": (award.person.name, roman) != (award.name, award.name_roman),
    }
    return render(request, "badges/desk/award.html", context, status=status)


@require_http_methods(["POST"])
@award_page
def revoke(request: MemberRequest, *, cohort: Cohort, award: Award) -> HttpResponse:
    form = RevokeForm(request.POST)
    if not form.is_valid():
        return _show(request, cohort, award, form, status=422)
    try:
        actions.revoke(award, reason=form.cleaned_data["reason"], actor=request.user)
    except BadgeRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The badge was revoked. From now on, anyone who checks it will see that."))
    return redirect("badges:award", cohort.slug, award.pk)


@require_POST
@award_page
def reissue(request: MemberRequest, *, cohort: Cohort, award: Award) -> HttpResponse:
    try:
        actions.reissue(award, actor=request.user)
    except BadgeRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The badge was reissued. Its link stays the same."))
    return redirect("badges:award", cohort.slug, award.pk)
