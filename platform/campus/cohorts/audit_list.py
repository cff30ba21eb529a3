"""The audit log as a list: columns, filters, and the file of all that the filters leave."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.audit import Line, groups, in_words, subjects_called
from campus.cohorts.models import AuditEntry
from campus.ui.fields import DayField
from campus.ui.lists import Column, Filter, Listing, Row
from campus.ui.templatetags.ui import local_time


class AuditFilter(Filter):
    """By who did it, what was done, to what, and when."""

    actor = forms.CharField(label=_("Who"), max_length=100)
    action = forms.ChoiceField(label=_("Action"))
    subject = forms.CharField(label=_("Person or thing concerned"), max_length=120)
    since = DayField(label=_("From this day"))
    until = DayField(label=_("Until this day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = [("", pgettext_lazy("filter", "All")), *groups()]  # type: ignore[attr-defined]

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.cleaned_data
        if chosen["actor"]:
            rows = rows.filter(actor__name__icontains=chosen["actor"])
        if chosen["action"]:
            rows = rows.filter(action__startswith=f"{chosen['action']}.")
        if chosen["subject"]:
            rows = rows.filter(subject__in=subjects_called(chosen["subject"]))
        if chosen["since"]:
            rows = rows.filter(at__gte=_midnight(chosen["since"]))
        if chosen["until"]:
            rows = rows.filter(at__lt=_midnight(chosen["until"] + timedelta(days=1)))
        return rows


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())


class AuditListing(Listing):
    """Entries of the log, worded page by page."""

    def __init__(self, request: HttpRequest, entries: QuerySet[AuditEntry], *, shows_cohort: bool, name: str) -> None:
        columns = [
            Column("at", _("When"), lambda entry: entry.at, cell=lambda entry: local_time(entry.at), sort="at"),
            Column("actor", _("Who"), lambda entry: self.line(entry).actor),
            Column(
                "what",
                _("What was done"),
                lambda entry: self.line(entry).plain,
                # Of the whole installation without links: who runs it opens no cohort's pages by that.
                cell=None if shows_cohort else lambda entry: self.line(entry).sentence,
            ),
            Column("action", _("Action"), lambda entry: entry.action, on_page=False),
            Column("subject", _("Subject"), lambda entry: entry.subject, on_page=False),
        ]
        if shows_cohort:
            columns.insert(1, Column("cohort", _("Cohort"), lambda entry: entry.cohort.title if entry.cohort else ""))
        rows = entries.select_related("actor", "cohort")
        super().__init__(
            request, rows, columns=columns, name=name, order=["-at", "-pk"], filters=AuditFilter(request.GET)
        )

    def line(self, entry: AuditEntry) -> Line:
        """The entry in words; those of the page are worded together."""
        return self._worded.get(entry.pk) or in_words([entry])[0]

    @cached_property
    def _worded(self) -> dict[int, Line]:
        return {}

    def lines(self) -> Iterable[Row]:
        self._worded.update({line.entry.pk: line for line in in_words(self.page.object_list)})
        return super().lines()

    def _all(self) -> Iterable[Any]:
        """The rows of the file, worded a thousand at a time."""
        waiting: list[AuditEntry] = []
        for entry in super()._all():
            waiting.append(entry)
            if len(waiting) == 1000:
                yield from self._word(waiting)
                waiting = []
        yield from self._word(waiting)

    def _word(self, entries: list[AuditEntry]) -> list[AuditEntry]:
        self._worded.clear()
        self._worded.update({line.entry.pk: line for line in in_words(entries)})
        return entries
