"""The cohort's classes as a list: by name or facilitator, with their sizes, on the page and as a file."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from campus.cohorts.models import Cohort, StudyClass
from campus.cohorts.queries import classes_of
from campus.ui.lists import Column, Filter, Listing
from campus.ui.templatetags.ui import number


class ClassFilter(Filter):
    words = forms.CharField(label=_("Class or facilitator"), max_length=100)

    def narrow(self, rows: QuerySet[StudyClass]) -> QuerySet[StudyClass]:
        words = self.cleaned_data["words"]
        # Apart from the rows, whose learners would otherwise count once for each facilitator.
        led = StudyClass.objects.filter(facilitators__person__name__icontains=words)
        return rows.filter(Q(name__icontains=words) | Q(pk__in=led.values("pk"))) if words else rows


def class_list(request: HttpRequest, cohort: Cohort) -> Listing:
    return Listing(
        request,
        classes_of(cohort),
        columns=_columns(cohort),
        name=f"classes-{cohort.slug}",
        order=["name", "pk"],
        filters=ClassFilter(request.GET),
    )


def _columns(cohort: Cohort) -> list[Column]:
    people = reverse("cohorts:people", args=[cohort.slug])

    def linked(one: StudyClass) -> str:
        return format_html('<a href="{}">{}</a>', reverse("cohorts:class", args=[cohort.slug, one.pk]), one.name)

    def counted(one: Any) -> str:
        return format_html('<a href="{}?study_class={}">{}</a>', people, one.pk, number(one.learner_count))

    return [
        Column("name", _("Class"), lambda one: one.name, cell=linked, sort="name"),
        Column("facilitators", _("Facilitators"), _facilitators),
        Column(
            "learners",
            _("Learners"),
            lambda one: one.learner_count,
            cell=counted,
            sort="learner_count",
            is_number=True,
        ),
    ]


def _facilitators(one: StudyClass) -> str:
    return pgettext("list of names", ", ").join(staff.person.name for staff in one.facilitators.all())
