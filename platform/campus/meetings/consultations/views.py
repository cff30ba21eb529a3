"""Consultations as learners book them, and the page of one for each who has to do with it."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campus.cohorts.access import MemberRequest, View, member_page
from campus.cohorts.models import Cohort
from campus.cohorts.queries import learner_enrolment
from campus.meetings.consultations import actions
from campus.meetings.consultations.forms import BookingForm, MoveForm, RoomForm
from campus.meetings.consultations.queries import (
    bookable_by,
    bookings_held_by,
    cancelled_until,
    notice_of,
    owners_for,
)
from campus.meetings.consultations.refusals import Refused
from campus.meetings.feeds import MEDIA_TYPE, as_calendar, of_booking
from campus.meetings.models import Slot
from campus.ui.pagination import page_of


@require_safe
@member_page
def consultations(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """What the learner has booked, and the times that she can book."""
    enrolment = learner_enrolment(request.user, cohort)
    if enrolment is None:
        raise Http404
    held = bookings_held_by(request.user, cohort)
    free = bookable_by(enrolment).select_related("mentor__person", "mentor__cohort")
    context = {
        "cohort": cohort,
        "ahead": held.to_come(),
        "over": page_of(request, held.filter(slot__ends_at__lte=timezone.now()).reverse(), per_page=10),
        "page": page_of(request, free, per_page=30),
        "hours": notice_of(cohort),
    }
    return render(request, "meetings/consultations/page.html", context)


def slot_page(permission: str) -> Callable[[Callable[..., HttpResponseBase]], View]:
    """Hand the view a mentor's time that the reader has the right to; for everybody else there is none (404)."""

    def decorate(view: Callable[..., HttpResponseBase]) -> View:
        @member_page
        @wraps(view)
        def guarded(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponseBase:
            rows = Slot.objects.select_related("mentor__person", "mentor__cohort").filter(mentor__cohort=cohort)
            found = get_object_or_404(rows, pk=pk)
            if not request.user.has_perm(f"meetings.{permission}", found):
                raise Http404
            return view(request, slot=found)

        return guarded

    return decorate


@require_http_methods(["GET", "HEAD", "POST"])
@slot_page("view_slot")
def consultation(request: MemberRequest, *, slot: Slot) -> HttpResponse:
    """One time: to book it, or what was booked with its question and the online room."""
    enrolment = learner_enrolment(request.user, slot.cohort)
    is_free = slot.booking is None and not slot.withdrawn_at
    owners = owners_for(slot, enrolment) if enrolment and is_free else []
    form = BookingForm(request.POST or None, owners=owners) if owners else None
    if request.method == "POST" and form and form.is_valid():
        try:
            actions.book(slot=slot, owner=form.owner, question=form.cleaned_data["question"])
        except Refused as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The consultation is booked. Your mentor has been told."))
            return redirect(slot.path)
    return _show(request, slot, form=form)


def _show(
    request: MemberRequest,
    slot: Slot,
    *,
    form: BookingForm | None = None,
    move_form: MoveForm | None = None,
    room_form: RoomForm | None = None,
) -> HttpResponse:
    """The page; a form that is given is the one that was sent."""
    booking, hours = slot.booking, notice_of(slot.cohort)
    holds = booking is not None and request.user.has_perm("meetings.cancel_booking", booking)
    runs = request.user.has_perm("meetings.run_slot", slot)
    closes_at = slot.starts_at - timedelta(hours=hours)
    context = {
        "cohort": slot.cohort,
        "slot": slot,
        "booking": booking,
        "holds": holds,
        "runs": runs,
        "form": form,
        "move_form": move_form or MoveForm(initial={"starts_at": slot.starts_at, "minutes": slot.minutes}),
        "room_form": room_form or RoomForm(initial={"url": slot.url}),
        "hours": hours,
        "is_closed": closes_at <= timezone.now(),
        "can_cancel": booking is not None and holds and timezone.now() < cancelled_until(booking, hours),
    }
    has_errors = any(one is not None and one.is_bound for one in (form, move_form, room_form))
    return render(
        request,
        "meetings/consultations/consultation.html",
        context,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if has_errors else HTTPStatus.OK,
    )


@require_POST
@slot_page("view_slot")
def cancel(request: MemberRequest, *, slot: Slot) -> HttpResponse:
    """Give it back; for who booked it and her team mates."""
    if slot.booking is None or not request.user.has_perm("meetings.cancel_booking", slot.booking):
        raise Http404
    try:
        actions.cancel(booking=slot.booking, actor=request.user)
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect(slot.path)
    messages.success(request, _("The consultation was cancelled, and your mentor was told."))
    return redirect("meetings:consultations", cohort=slot.cohort.slug)


@require_POST
@slot_page("run_slot")
def call_off(request: MemberRequest, *, slot: Slot) -> HttpResponse:
    """The mentor can't come, or an organiser says so for her."""
    try:
        actions.call_off(slot=slot, actor=request.user)
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect(slot.path)
    messages.success(request, _("The time was withdrawn. Anybody who had booked it was told."))
    return redirect("meetings:consultations_desk", cohort=slot.cohort.slug)


@require_POST
@slot_page("run_slot")
def move(request: MemberRequest, *, slot: Slot) -> HttpResponse:
    """Another time; whoever booked it is told."""
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _show(request, slot, move_form=form)
    try:
        actions.move(slot=slot, actor=request.user, **form.cleaned_data)
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
        return _show(request, slot, move_form=form)
    messages.success(request, _("The time was changed. Anybody who had booked it was told."))
    return redirect(slot.path)


@require_POST
@slot_page("run_slot")
def change_room(request: MemberRequest, *, slot: Slot) -> HttpResponse:
    """Another online room."""
    form = RoomForm(request.POST)
    if not form.is_valid():
        return _show(request, slot, room_form=form)
    try:
        actions.change_room(slot=slot, url=form.cleaned_data["url"], actor=request.user)
    except Refused as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The online room was changed."))
    return redirect(slot.path)


@require_safe
@slot_page("view_slot")
def calendar_file(request: MemberRequest, *, slot: Slot) -> HttpResponse:
    """The booked consultation for a calendar; for those who come to it."""
    booking = slot.booking
    if booking is None or request.user not in [slot.mentor.person, *booking.people]:
        raise Http404
    booking.slot = slot
    name = f'attachment; filename="consultation-{slot.pk}.ics"'
    data = as_calendar([of_booking(booking, request.user)])
    return HttpResponse(data, content_type=MEDIA_TYPE, headers={"Content-Disposition": name})
