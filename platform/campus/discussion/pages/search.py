"""The search in a cohort's discussion. Its address holds everything, so a search can be kept and sent on."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from campus.cohorts.access import MemberRequest, member_page
from campus.cohorts.models import Cohort
from campus.discussion.forms import SavedSearchForm, SearchForm
from campus.discussion.models import LONGEST_TITLE, SavedSearch
from campus.discussion.places import own_places
from campus.discussion.search.queries import Results, search
from campus.discussion.search.saved import finds_of, keep_search, look_at, same_search, saved_searches
from campus.discussion.search.similar import similar_threads
from campus.ui.pagination import page_of

SAVED_ON_PAGE = 10


@require_GET
@member_page
def results(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Posts with what was typed, in context; of a saved search, those that came since are marked."""
    is_asked = bool(request.GET.keys() - {"before", "page"})
    form = SearchForm(request.GET if is_asked else None, cohort=cohort, places=own_places(request.user, cohort))
    found: Results | None = None
    context: dict[str, Any] = {}
    if is_asked and form.is_valid():
        before = request.GET.get("before", "")
        found = search(request.user, cohort, form.asked(), before=int(before) if before.isdecimal() else None)
        context = _saved(request, cohort, form)
    context |= {"cohort": cohort, "form": form, "found": found, "more": _more(request, found)}
    context["finds"] = _own_searches(request, cohort)
    return render(request, "discussion/search.html", context)


def _saved(request: MemberRequest, cohort: Cohort, form: SearchForm) -> dict[str, Any]:
    """Whether the person keeps this search, and the form to keep it; on its first page it counts as looked at."""
    kept = same_search(request.user, cohort, form.cleaned_data)
    seen = (kept.seen if "before" in request.GET else look_at(kept)) if kept else None
    initial = {"name": form.cleaned_data["q"][:60], "asked": request.GET.urlencode()}
    return {"kept": kept, "seen": seen, "keep_form": SavedSearchForm(instance=kept, initial=initial)}


def _own_searches(request: MemberRequest, cohort: Cohort) -> Any:
    page = page_of(request, saved_searches(request.user, cohort), per_page=SAVED_ON_PAGE)
    for one in page:
        one.person, one.cohort = request.user, cohort
    page.object_list = finds_of(page.object_list)
    return page


@require_POST
@member_page
def save(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Keep the search that the page shows."""
    form = SavedSearchForm(request.POST)
    asked = QueryDict(request.POST.get("asked", "")[:1000])
    wanted = SearchForm(asked, cohort=cohort, places=own_places(request.user, cohort))
    if form.is_valid() and wanted.is_valid():
        try:
            keep_search(person=request.user, cohort=cohort, asked=wanted.cleaned_data, **form.kept())
            messages.success(
                request, _("The search was saved. When you come back, this page shows how many new posts there are.")
            )
        except ValidationError as error:
            messages.error(request, error.messages[0])
    else:
        messages.error(request, _("Give the search a name of up to 60 characters, then save it."))
    return redirect(f"{reverse('discussion:search', args=[cohort.slug])}?{asked.urlencode()}")


@require_POST
@member_page
def forget(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """Remove one of one's own."""
    get_object_or_404(SavedSearch, pk=pk, person=request.user, cohort=cohort).delete()
    messages.success(request, _("The saved search was removed."))
    return redirect("discussion:search", cohort=cohort.slug)


@require_GET
@member_page
def similar(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """A part of a page: threads whose titles are like the one that is being typed."""
    found = similar_threads(request.user, cohort, request.GET.get("title", "")[:LONGEST_TITLE])
    return render(request, "discussion/parts/similar.html", {"cohort": cohort, "found": found})


def _more(request: MemberRequest, found: Results | None) -> str:
    """The address of the next page, or nothing."""
    if found is None or found.before is None:
        return ""
    kept = [(name, value) for name, value in request.GET.items() if name not in {"before", "page"} and value]
    return "?" + urlencode([*kept, ("before", found.before)])
