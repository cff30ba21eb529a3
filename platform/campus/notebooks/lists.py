"""Running notebooks as a list."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from campus.cohorts.models import Cohort, Enrolment
from campus.ui.lists import Column, Listing, TextFilter


def running_list(request: HttpRequest, cohort: Cohort, rows: Any) -> Listing:
    """rows: enrolments of those whose notebook runs, as ``visitable`` gives them."""

    def way_in(row: Enrolment) -> str:
        address = reverse("notebooks_of_cohort:visit", args=[cohort.slug, row.pk])
        words = '<a class="button small outline" href="{}">{}<span class="visually-hidden"> {}</span></a>'
        return format_html(words, address, pgettext("notebook", "Open"), row.person.name)

    columns = [
        Column("name", _("Name"), lambda row: row.person.name, sort="person__name"),
        Column(
            "class", _("Class"), lambda row: row.study_class.name if row.study_class else None, sort="study_class__name"
        ),
        Column("open", pgettext_lazy("notebook", "Open"), lambda _row: None, cell=way_in, is_short=True, in_file=False),
    ]
    return Listing(
        request,
        rows,
        columns=columns,
        name=f"notebooks-{cohort.slug}",
        order=["person__name", "pk"],
        filters=TextFilter(request.GET, label=_("Name or class"), within=["person__name", "study_class__name"]),
    )
