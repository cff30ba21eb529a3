"""The organiser's pages: who has agreed, the versions, writing a draft, reading and publishing it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort
from campus.cohorts.viewers import widest_viewer
from campus.consents.actions import lacks, open_draft, publish_version, save_draft
from campus.consents.forms import ITEM_FIELDS, AnswerFilter, AnswerForm, DraftForm, ItemFormSet, items_of
from campus.consents.models import ConsentItem, ConsentVersion
from campus.consents.queries import answers_of_cohort
from campus.people.visibility import profile_columns
from campus.ui.lists import Column, Listing
from campus.ui.moments import date_in_words

organiser_page = desk_page("cohorts.run_cohort")
YES, NO = pgettext_lazy("consent", "Agreed"), pgettext_lazy("consent", "Not agreed")


@require_GET
@organiser_page
def overview(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Who has agreed to what, and the versions."""
    version = ConsentVersion.objects.prefetch_related("items").current(cohort)
    rows = answers_of_cohort(cohort)
    listing = Listing(
        request,
        rows,
        columns=_columns(request, cohort, version),
        name="consents",
        order=("person__name", "pk"),
        filters=AnswerFilter(request.GET),
    )
    if file := listing.download():
        return file
    versions = list(cohort.consent_versions.all())
    context = {
        "cohort": cohort,
        "version": version,
        "versions": versions,
        "has_draft": any(one.published_at is None for one in versions),
        "listing": listing,
        "asked": rows.count(),
        "answered": rows.filter(has_answered=True).count(),
    }
    return render(request, "consents/desk/overview.html", context)


def _columns(request: MemberRequest, cohort: Cohort, version: ConsentVersion | None) -> list[Column]:
    person = profile_columns(widest_viewer(request.user, cohort), keys=("name", "name_kana", "email"))
    return [
        *person,
        Column("state", pgettext_lazy("consents", "State"), lambda row: row.get_state_display(), sort="state"),
        Column(
            "version", pgettext_lazy("consents", "Answered version"), lambda row: row.answered_version, is_number=True
        ),
        Column(
            "answered_at",
            pgettext_lazy("consents", "Answered on"),
            lambda row: row.answered_at,
            cell=lambda row: (
                format_html('<span class="nowrap">{}</span>', date_in_words(row.answered_at)) if row.answered_at else ""
            ),
            sort="answered_at",
        ),
        *[_item_column(item) for item in (version.items.all() if version else [])],
    ]


def _item_column(item: ConsentItem) -> Column:
    def agreed(row: "object") -> str | Promise:
        if row.answered_version is None:  # type: ignore[attr-defined]  # annotated
            return ""
        return YES if item.key in row.agreed else NO  # type: ignore[attr-defined]

    return Column(item.key, item.title, agreed)


@require_POST
@organiser_page
def start(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Begin the next version, or go on with the draft there is."""
    open_draft(cohort=cohort, actor=request.user)
    return redirect("consents:draft", cohort=cohort.slug)


@require_http_methods(["GET", "POST"])
@organiser_page
def draft(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Write the next version; nothing is asked of anybody before it is published."""
    version = get_object_or_404(ConsentVersion, cohort=cohort, published_at=None)
    data = request.POST if request.method == "POST" else None
    form = DraftForm(data, instance=version)
    formset = ItemFormSet(data, initial=list(version.items.values(*ITEM_FIELDS)))
    if form.is_valid() and formset.is_valid():
        save_draft(draft=version, items=items_of(formset), actor=request.user)
        messages.success(request, _("The draft was saved."))
        if request.POST.get("then") == "write":
            return redirect("consents:draft", cohort=cohort.slug)
        return redirect("consents:version", cohort=cohort.slug, number=version.number)
    context = {"cohort": cohort, "version": version, "form": form, "formset": formset}
    return render(request, "consents/desk/draft.html", context)


def _version(cohort: Cohort, number: int) -> ConsentVersion:
    versions = ConsentVersion.objects.select_related("published_by").prefetch_related("items")
    return get_object_or_404(versions, cohort=cohort, number=number)


@require_GET
@organiser_page
def version(request: MemberRequest, *, cohort: Cohort, number: int) -> HttpResponse:
    """A version as learners read it; a draft with what it still lacks."""
    found = _version(cohort, number)
    context = {
        "cohort": cohort,
        "version": found,
        "form": AnswerForm(asked=found),
        "lacks": [] if found.published_at else lacks(found),
        "answers": found.answers.count(),
    }
    return render(request, "consents/desk/version.html", context)


@require_POST
@organiser_page
def publish(request: MemberRequest, *, cohort: Cohort, number: int) -> HttpResponse:
    """Publish the draft for good."""
    try:
        publish_version(draft=_version(cohort, number), actor=request.user)
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return redirect("consents:version", cohort=cohort.slug, number=number)
    messages.success(request, _("The version is published. Learners are asked as soon as they open the cohort."))
    return redirect("consents:overview", cohort=cohort.slug)
