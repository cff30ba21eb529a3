"""Consultations on the desk: a mentor's own times, and for organisers everybody's with their load."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort
from campus.meetings.consultations import actions
from campus.meetings.consultations.forms import NoticeForm, OfferForm
from campus.meetings.consultations.lists import loads_list, slots_list
from campus.meetings.consultations.queries import loads_in, notice_of, slots_seen_by
from campus.meetings.consultations.refusals import Refused
from campus.mentoring.queries import mentor_in


@require_safe
@desk_page("meetings.see_consultations")
def desk(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Times to come, over and withdrawn, with who booked them."""
    oversees = request.user.has_perm("meetings.oversee_consultations", cohort)
    rows = slots_seen_by(request.user, cohort)
    listing = slots_list(request, rows, name=f"consultations-{cohort.slug}", with_mentor=oversees)
    hours, mentor = notice_of(cohort), mentor_in(request.user, cohort)
    context = {
        "cohort": cohort,
        "listing": listing,
        "load": next((one for one in loads_in(cohort) if one.mentor == mentor), None),
        "oversees": oversees,
        "hours": hours,
        "is_mentor": mentor is not None,
        "notice_form": NoticeForm(initial={"hours": hours}) if oversees else None,
    }
    return listing.download() or render(request, "meetings/consultations/desk.html", context)


@require_safe
@desk_page("meetings.oversee_consultations")
def by_mentor(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """How much each mentor has taken on."""
    listing = loads_list(request, cohort)
    context = {"cohort": cohort, "listing": listing}
    return listing.download() or render(request, "meetings/consultations/by_mentor.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("meetings.offer_consultations")
def offer(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Offer a time, or one each week."""
    mentor = mentor_in(request.user, cohort)
    if mentor is None:
        raise Http404
    form = OfferForm(request.POST or None, cohort=cohort)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.offer(mentor=mentor, times=form.times())
        except Refused as refused:
            form.add_error("starts_at", refused)
        else:
            text = ngettext("%(n)d time can be booked now.", "%(n)d times can be booked now.", len(made))
            messages.success(request, text % {"n": len(made)})
            return redirect("meetings:consultations_desk", cohort=cohort.slug)
    return render(request, "meetings/consultations/offer.html", {"cohort": cohort, "form": form})


@require_POST
@desk_page("meetings.see_consultations")
def withdraw(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Withdraw those of the chosen times that nobody has booked."""
    chosen = [int(value) for value in request.POST.getlist("selected") if value.isdigit()]
    slots = list(slots_seen_by(request.user, cohort).filter(pk__in=chosen))
    count = actions.withdraw(slots=slots, actor=request.user)
    text = ngettext("%(n)d free time was withdrawn.", "%(n)d free times were withdrawn.", count) % {"n": count}
    if count < len(slots):
        text += " " + _("Times that are booked or over stay as they are. Call off a booked time on its own page.")
    messages.success(request, text)
    return redirect("meetings:consultations_desk", cohort=cohort.slug)


@require_POST
@desk_page("meetings.oversee_consultations")
def set_notice(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Say how much notice mentors get."""
    form = NoticeForm(request.POST)
    if form.is_valid():
        actions.set_notice(cohort=cohort, hours=form.cleaned_data["hours"], actor=request.user)
        messages.success(request, _("Your choice was saved."))
    else:
        messages.error(request, _("Enter a number of hours from 0 to 168."))
    return redirect("meetings:consultations_desk", cohort=cohort.slug)
