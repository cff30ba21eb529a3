"""The search in a cohort's discussion. Its address holds everything, so a search can be kept and sent on."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from campus.cohorts.access import MemberRequest, member_page
from campus.cohorts.models import Cohort
from campus.discussion.forms import SearchForm
from campus.discussion.models import LONGEST_TITLE
from campus.discussion.places import own_places
from campus.discussion.search.queries import Results, search
from campus.discussion.search.similar import similar_threads


@require_GET
@member_page
def results(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Posts with what was typed, in context."""
    places = own_places(request.user, cohort)
    is_asked = bool(request.GET.keys() - {"before"})
    form = SearchForm(request.GET if is_asked else None, cohort=cohort, places=places)
    found: Results | None = None
    if is_asked and form.is_valid():
        before = request.GET.get("before", "")
        found = search(request.user, cohort, form.asked(), before=int(before) if before.isdecimal() else None)
    context = {"cohort": cohort, "form": form, "found": found, "more": _more(request, found)}
    return render(request, "discussion/search.html", context)


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
    kept = [(name, value) for name, value in request.GET.items() if name != "before" and value]
    return "?" + urlencode([*kept, ("before", found.before)])
