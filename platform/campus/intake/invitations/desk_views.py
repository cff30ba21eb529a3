"""The organisers' pages about invitations."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort, Enrolment
from campus.intake.invitations import actions
from campus.intake.invitations.forms import AddressForm, InviteForm
from campus.intake.invitations.list import Bulk, bulk_of, figures_of, invitations, invited_or_not
from campus.intake.models import InvitationState
from campus.intake.refusals import ChangedMeanwhile, Refused

invitation_page = desk_page("intake.invite")


@require_GET
@invitation_page
def invitation_list(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    listing = invitations(request, cohort=cohort)
    if file := listing.download():
        return file
    context = {
        "cohort": cohort,
        "figures": figures_of(cohort),
        "listing": listing,
        "form": InviteForm(initial={"query": request.GET.urlencode()}),
    }
    return render(request, "intake/invitations.html", context)


@require_POST
@invitation_page
def send(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Show how many mails this means; with ``digest``, which came with that page, send them."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return redirect("intake:invitations", cohort.slug)
    chosen = bulk_of(request, cohort=cohort, **form.cleaned_data)
    if not chosen.rows:
        messages.error(request, _("Nobody is chosen. Tick people in the list first."))
        return redirect("intake:invitations", cohort.slug)
    refused: Refused | None = None
    if "digest" in request.POST:
        refused = _invite(request, cohort=cohort, chosen=chosen)
        if refused is None:
            return redirect("intake:invitations", cohort.slug)
    context = {
        "cohort": cohort,
        "form": form,
        "bulk": chosen,
        "refused": refused,
        "selected": request.POST.getlist("selected"),
        "days": actions.VALID_FOR.days,
    }
    status = HTTPStatus.CONFLICT if refused else HTTPStatus.OK
    return render(request, "intake/invite.html", context, status=status)


def _invite(request: MemberRequest, *, cohort: Cohort, chosen: Bulk) -> Refused | None:
    if request.POST["digest"] != chosen.digest:
        return ChangedMeanwhile()
    try:
        count = actions.invite(cohort=cohort, seen=chosen.seen, actor=request.user)
    except Refused as refused:
        return refused
    words = ngettext("%(count)d invitation is on its way.", "%(count)d invitations are on their way.", count)
    messages.success(request, words % {"count": count})
    return None


@require_GET
@invitation_page
def one(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """One person: what became of the invitation, and what can be done."""
    return _show(request, cohort=cohort, row=_row(cohort, pk))


def _row(cohort: Cohort, pk: int) -> Any:
    rows = invited_or_not(cohort).select_related("person", "cohort", "invitation__mail", "invitation__sent_by")
    return get_object_or_404(rows, pk=pk)


def _show(
    request: MemberRequest, *, cohort: Cohort, row: Any, form: AddressForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    state = InvitationState(row.invitation_state)
    context = {
        "cohort": cohort,
        "row": row,
        "state": state,
        "invitation": getattr(row, "invitation", None),
        "can_send": state != InvitationState.ACCEPTED,
        "form": (form or AddressForm()) if actions.may_correct(row) else None,
    }
    return render(request, "intake/invitation.html", context, status=status)


@require_POST
@invitation_page
def correct(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """Change the address of somebody who never came, and invite anew."""
    row: Enrolment = _row(cohort, pk)
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            actions.correct_address(enrolment=row, address=form.cleaned_data["address"], actor=request.user)
        except Refused as refused:
            form.add_error("address", str(refused))
        else:
            messages.success(request, _("The address was corrected, and a new invitation is on its way."))
            return redirect("intake:invitation", cohort.slug, pk)
    return _show(request, cohort=cohort, row=_row(cohort, pk), form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
