"""Cases in the making as a list."""

from operator import attrgetter

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cases.models import CaseDraft
from campus.cohorts.models import Cohort
from campus.ui.columns import moment_column
from campus.ui.lists import Column, Listing, TextFilter


def drafts_list(request: HttpRequest, cohort: Cohort) -> Listing:
    """The cohort's drafts, changed latest first."""

    def case(draft: CaseDraft) -> str:
        return format_html('<a href="{}">{}</a>', reverse("cases:draft", args=[cohort.slug, draft.pk]), draft)

    columns = [
        Column("case", _("Case"), str, cell=case),
        Column("state", _("State"), lambda draft: draft.get_state_display(), cell=_state, sort="state"),
        Column(
            "published",
            pgettext_lazy("version", "Published"),
            lambda draft: draft.published.version if draft.published else None,
        ),
        moment_column("changed", pgettext_lazy("draft", "Changed"), attrgetter("changed_at"), sort="changed_at"),
    ]
    return Listing(
        request,
        CaseDraft.objects.filter(cohort=cohort).select_related("published"),
        columns=columns,
        name=f"cases-in-the-making-{cohort.slug}",
        order=["-changed_at", "-pk"],
        filters=TextFilter(request.GET, label=_("Case"), within=["title_ja", "title_en"]),
    )


def _state(draft: CaseDraft) -> str:
    return render_to_string("cases/authoring/parts/state.html", {"draft": draft})
