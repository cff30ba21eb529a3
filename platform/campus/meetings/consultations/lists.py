"""Mentors' times, and how many each mentor has, as lists on the desk."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from campus.cohorts.models import Cohort
from campus.meetings.consultations.queries import MentorLoad, loads_in
from campus.meetings.models import Slot, SlotQuerySet
from campus.ui.lists import Column, Filter, Listing, MemoryListing
from campus.ui.templatetags.ui import chip, local_time

AHEAD, OVER, WITHDRAWN = "", "over", "withdrawn"


class SlotFilter(Filter):
    """What is to come, unless the reader asks for the rest."""

    which = forms.ChoiceField(
        label=pgettext_lazy("consultations", "Which times"),
        choices=[
            (AHEAD, pgettext_lazy("consultations", "Upcoming")),
            (OVER, pgettext_lazy("consultations", "Past")),
            (WITHDRAWN, pgettext_lazy("consultations", "Withdrawn")),
        ],
    )

    def narrow(self, rows: SlotQuerySet) -> SlotQuerySet:
        which, now = self.cleaned_data["which"], timezone.now()
        if which == WITHDRAWN:
            return rows.exclude(withdrawn_at=None)
        return rows.standing().filter(**{"ends_at__lte" if which == OVER else "ends_at__gt": now})


def slots_list(request: HttpRequest, rows: SlotQuerySet, *, name: str, with_mentor: bool) -> Listing:
    """The times with who booked them; chosen ones can be withdrawn."""
    mentor = Column(
        "mentor",
        pgettext_lazy("consultations", "Mentor"),
        lambda one: one.mentor.person.name,
        sort="mentor__person__name",
    )
    booked = pgettext_lazy("consultations", "Booked by")
    columns = [
        Column("starts", _("Begins at"), lambda one: one.starts_at, cell=_link, sort="starts_at"),
        Column("minutes", _("Minutes"), lambda one: one.minutes, is_number=True),
        *([mentor] if with_mentor else []),
        Column("audience", _("Who may book"), lambda one: one.get_audience_display(), sort="audience"),
        Column("booked", booked, _booked_by, cell=_booked_on_page, sort="is_booked"),
    ]
    filters = SlotFilter({"which": request.GET.get("which", AHEAD)})
    order = ["-starts_at", "pk"] if request.GET.get("which") else ["starts_at", "pk"]
    return Listing(request, rows.with_all(), columns=columns, name=name, order=order, filters=filters, selectable=True)


class MentorFilter(Filter):
    """By the mentor's name."""

    mentor = forms.CharField(label=pgettext_lazy("consultations", "Mentor"), max_length=100)

    def narrow(self, rows: Sequence[MentorLoad]) -> list[MentorLoad]:
        wanted = self.cleaned_data["mentor"].casefold()
        return [one for one in rows if wanted in one.mentor.person.name.casefold()]


def loads_list(request: HttpRequest, cohort: Cohort) -> MemoryListing:
    """Each mentor with how many times are free, booked and over."""
    figures = [
        ("free", pgettext_lazy("consultations", "Free")),
        ("booked", pgettext_lazy("consultations", "Booked")),
        ("held", pgettext_lazy("consultations", "Held")),
    ]
    name = attrgetter("mentor.person.name")
    columns = [
        Column("mentor", pgettext_lazy("consultations", "Mentor"), name, sort=name),
        *(Column(key, label, attrgetter(key), sort=attrgetter(key), is_number=True) for key, label in figures),
    ]
    return MemoryListing(
        request,
        loads_in(cohort),
        columns=columns,
        name=f"consultations-by-mentor-{cohort.slug}",
        order=[],
        filters=MentorFilter(request.GET),
    )


def _link(slot: Slot) -> Any:
    return format_html('<a href="{}">{}</a>', slot.path, local_time(slot.starts_at))


def _booked_by(slot: Slot) -> str:
    return slot.booking.owner_name if slot.booking else ""


def _booked_on_page(slot: Slot) -> Any:
    if slot.booking:
        return format_html("{} {}", slot.booking.owner_name, chip(pgettext("consultations", "Booked"), "success"))
    if slot.withdrawn_at:
        return chip(pgettext("consultations", "Withdrawn"), "")
    return "" if slot.has_begun else chip(pgettext("consultations", "Free"), "info")
