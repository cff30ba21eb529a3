"""Columns of the lists of meetings and of those who take part."""

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.meetings.models import Meeting, State
from campus.ui.columns import moment_column
from campus.ui.lists import Column
from campus.ui.templatetags.ui import chip

STATE_CHIPS = {State.PROPOSED: "warning", State.OPEN: "success", State.CANCELLED: ""}


def _title(meeting: Meeting) -> str:
    return format_html('<a href="{}">{}</a>', meeting.path, meeting.title)


MEETING_COLUMNS = [
    Column("title", _("Title"), lambda one: one.title, cell=_title, sort="title"),
    moment_column("starts", _("Begins at"), lambda one: one.starts_at, sort="starts_at"),
    Column("minutes", _("Minutes"), lambda one: one.minutes, is_number=True, on_page=False),
    Column(
        "for",
        _("Who it is for"),
        lambda one: one.study_class.name if one.study_class else _("The whole cohort"),
        sort="study_class__name",
    ),
    Column("host", _("Host"), lambda one: one.host.name, sort="host__name"),
    Column(
        "state",
        _("State"),
        lambda one: one.get_state_display(),
        cell=lambda one: chip(one.get_state_display(), STATE_CHIPS[State(one.state)]),
        sort="state",
    ),
    Column("going", _("Signed up"), lambda one: one.going, sort="going", is_number=True),
    Column(
        "waiting", pgettext_lazy("meeting", "Waiting list"), lambda one: one.waiting, sort="waiting", is_number=True
    ),
    Column("attended", _("Attended"), lambda one: one.attended, sort="attended", is_number=True),
]

PARTICIPANT_COLUMNS = [
    Column("name", _("Name"), lambda one: one.person.name, sort="person__name"),
    Column("class", _("Class"), lambda one: one.class_name or "", sort="class_name"),
    Column(
        "place",
        pgettext_lazy("participant", "Place"),
        lambda one: pgettext_lazy("meeting", "Waiting list") if one.is_waiting else _("Has a place"),
        sort="is_waiting",
    ),
    moment_column("signed_up", _("Signed up at"), lambda one: one.signed_up_at, sort="signed_up_at"),
    Column(
        "attended",
        _("Attended"),
        lambda one: one.attended_at,
        cell=lambda one: chip(str(_("Attended")), "success") if one.attended_at else "",
        sort="attended_at",
    ),
]
