"""The list of hand-ins on the desk."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cases.models import Step
from campus.cohorts.models import StudyClass
from campus.deliverables.models import Deliverable, DeliverableFile, DeliverableQuerySet
from campus.ui.columns import moment_column
from campus.ui.lists import Column, Filter, Listing
from campus.ui.templatetags.ui import chip

LATE, IN_TIME = "late", "in_time"


class DeliverableFilter(Filter):
    """By step, class, name, and whether it was in time."""

    step = forms.ChoiceField(label=_("Step"))
    study_class = forms.ChoiceField(label=_("Class"))
    name = forms.CharField(label=_("Name or team"), max_length=100)
    when = forms.ChoiceField(label=_("Deadline"))

    def __init__(self, *args: Any, steps: Iterable[Step], classes: Iterable[StudyClass], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices("step", [(str(step.pk), step.title) for step in steps])
        self._choices("study_class", [(str(one.pk), one.name) for one in classes])
        self._choices("when", [(IN_TIME, _("On time")), (LATE, pgettext_lazy("deliverable", "Late"))])

    def _choices(self, field: str, choices: Iterable[tuple[str, Any]]) -> None:
        self.fields[field].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]

    def narrow(self, rows: DeliverableQuerySet) -> DeliverableQuerySet:
        chosen = self.cleaned_data
        if chosen["step"]:
            rows = rows.filter(step=chosen["step"])
        if chosen["study_class"]:
            rows = rows.filter(enrolment__study_class=chosen["study_class"])
        if name := chosen["name"]:
            rows = rows.filter(Q(team__name__icontains=name) | Q(enrolment__person__name__icontains=name))
        if chosen["when"]:
            rows = rows.filter(is_late=chosen["when"] == LATE)
        return rows


def deliverables_list(
    request: HttpRequest, rows: DeliverableQuerySet, *, name: str, steps: list[Step], classes: Iterable[StudyClass]
) -> Listing:
    """The current versions, the latest hand-in first."""
    return Listing(
        request,
        _as_listed(rows),
        columns=_columns(),
        name=name,
        order=["-handed_in_at", "pk"],
        filters=DeliverableFilter(request.GET, steps=steps, classes=classes),
    )


def _as_listed(rows: DeliverableQuerySet) -> DeliverableQuerySet:
    """With what the columns show, without texts and packs. Files are counted row by row: joined to all rows, they
    would be counted for thousands before fifty are shown."""
    files = DeliverableFile.objects.filter(deliverable=OuterRef("pk")).order_by().values("deliverable")
    count = Coalesce(Subquery(files.annotate(count=Count("pk")).values("count")), 0)
    whole = rows.with_owner().with_step().annotate(files_count=count)
    return whole.defer("text", "ai_use", "step__cohort_case__case_version__manifest")


def _columns() -> list[Column]:
    return [
        Column("who", _("Handed in by"), _who, cell=_who_with_link),
        Column("class", _("Class"), _class_of, sort="enrolment__study_class__name"),
        Column("step", _("Step"), lambda one: one.step.title, sort="step__position"),
        moment_column(
            "at", pgettext_lazy("deliverables", "Handed in"), lambda one: one.handed_in_at, sort="handed_in_at"
        ),
        Column("late", _("Deadline"), _lateness, cell=_lateness_chip, sort="is_late"),
        Column(
            "version", pgettext_lazy("deliverable", "Version"), lambda one: one.number, sort="number", is_number=True
        ),
        Column("files", _("Files"), lambda one: one.files_count, sort="files_count", is_number=True),
    ]


def _who(one: Deliverable) -> str:
    return one.owner_name


def _who_with_link(one: Deliverable) -> str:
    link = format_html('<a href="{}">{}</a>', one.address, one.owner_name)
    return format_html("{}<br><small>{}</small>", link, one.enrolment.person.name) if one.team else link


def _class_of(one: Deliverable) -> str:
    return one.enrolment.study_class.name if one.enrolment.study_class else ""


def _lateness(one: Deliverable) -> Any:
    return pgettext_lazy("deliverable", "Late") if one.is_late else _("On time")


def _lateness_chip(one: Deliverable) -> str:
    return chip(str(_lateness(one)), "warning" if one.is_late else "success")
