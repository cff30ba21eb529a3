"""Rescorings of a cohort as a list."""

from operator import attrgetter

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.models import Cohort
from campus.rescoring.models import Rescoring
from campus.ui.lists import Column, Listing, TextFilter
from campus.ui.templatetags.ui import local_time


def rescorings_list(request: HttpRequest, cohort: Cohort) -> Listing:
    """What was rescored before, the latest first."""

    def begun(one: Rescoring) -> str:
        address = reverse("rescoring:rescoring", args=[cohort.slug, one.pk])
        return format_html('<a href="{}">{}</a>', address, local_time(one.started_at))

    columns = [
        Column("begun", pgettext_lazy("rescoring", "Started"), attrgetter("started_at"), cell=begun, sort="started_at"),
        Column("case", _("Case"), lambda one: str(one.case), sort="case__position"),
        Column(
            "versions",
            pgettext_lazy("rescoring", "Versions"),
            lambda one: f"{one.from_version.version} → {one.to_version.version}",
        ),
        Column("reason", _("Reason"), attrgetter("reason"), is_long=True),
        Column("state", _("State"), lambda one: one.get_state_display(), cell=_state, sort="state"),
    ]
    rows = Rescoring.objects.filter(case__cohort=cohort)
    return Listing(
        request,
        rows.select_related("case__case_version", "from_version", "to_version"),
        columns=columns,
        name=f"rescorings-{cohort.slug}",
        order=["-started_at", "-pk"],
        filters=TextFilter(
            request.GET,
            label=_("Case or reason"),
            within=["case__case_version__title_ja", "case__case_version__title_en", "reason"],
        ),
    )


def _state(one: Rescoring) -> str:
    return render_to_string("rescoring/parts/state.html", {"rescoring": one})
