"""Columns of the desk's lists of announcements."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.announcements.models import Announcement, State
from campus.notices.models import MailState
from campus.ui.columns import moment_column
from campus.ui.lists import Column
from campus.ui.templatetags.ui import chip

STATE_CHIPS = {State.DRAFT: "", State.SCHEDULED: "info", State.SENT: "success", State.CANCELLED: ""}
MAIL_CHIPS = {
    MailState.SENT: "success",
    MailState.UNCLEAR: "warning",
    MailState.BOUNCED: "error",
    MailState.FAILED: "error",
}


def _title(announcement: Announcement) -> str:
    address = reverse("announcements:desk_one", args=[announcement.cohort.slug, announcement.pk])
    return format_html('<a href="{}">{}</a>', address, announcement.title)


def _when(announcement: Announcement) -> Any:
    return announcement.sent_at or (announcement.send_at if announcement.state == State.SCHEDULED else None)


ANNOUNCEMENT_COLUMNS = [
    Column("title", _("Title"), lambda one: one.title, cell=_title),
    Column(
        "state",
        _("State"),
        lambda one: one.get_state_display(),
        cell=lambda one: chip(one.get_state_display(), STATE_CHIPS[State(one.state)]),
        sort="state",
    ),
    moment_column("when", _("Sent at"), _when, sort="sent_at"),
    Column("people", _("Recipients"), lambda one: one.recipient_count, sort="recipient_count", is_number=True),
    Column("author", _("Written by"), lambda one: one.author.name, sort="author__name"),
]

AUDIENCE_COLUMNS = [
    Column("name", _("Name"), lambda one: one.person.name, sort="person__name"),
    Column("role", _("Role"), lambda one: one.get_role_display(), sort="role"),
    Column("class", _("Class"), lambda one: one.study_class.name if one.study_class else "", sort="study_class__name"),
    Column("state", _("State"), lambda one: one.get_state_display(), sort="state"),
]


def _mail_state(recipient: Any) -> Any:
    return MailState(recipient.mail_state).label if recipient.mail_state else ""


def _mail_chip(recipient: Any) -> str:
    if not recipient.mail_state:
        return ""
    state = MailState(recipient.mail_state)
    return format_html(
        '{} <span class="muted small">{}</span>',
        chip(str(state.label), MAIL_CHIPS.get(state, "")),
        recipient.mail_problem,
    )


def _way(recipient: Any) -> Any:
    if recipient.in_page and recipient.mail_state:
        return _("On the site and by email")
    if recipient.in_page:
        return _("On the site only")
    return _("By email only") if recipient.mail_state else _("On the cohort’s page only")


RECIPIENT_COLUMNS = [
    Column("name", _("Name"), lambda one: one.person.name, sort="person__name"),
    Column("way", _("Delivery"), _way),
    Column("mail", pgettext_lazy("way", "Email"), _mail_state, cell=_mail_chip, sort="mail_state"),
    Column("code", _("Answer of the mail server"), lambda one: one.mail_problem, on_page=False),
    moment_column("mailed", _("Email sent at"), lambda one: one.mailed_at, sort="mailed_at"),
    moment_column("read", _("Read on the site"), lambda one: one.read_at, sort="read_at"),
]
