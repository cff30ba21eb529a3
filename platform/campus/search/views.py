"""The page of the search: the first results of every kind, or all of one kind page by page."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from campus.cohorts.access import MemberRequest, member_page
from campus.cohorts.models import Cohort
from campus.discussion.search.grams import LONGEST_QUERY, terms_of
from campus.search.found import Asker, Found, Kind
from campus.search.kinds import KINDS, THREADS
from campus.ui.pagination import page_of

FIRST, ON_PAGE = 5, 20


@dataclass(frozen=True)
class Group:
    """The first results of a kind; ``more`` leads to all of them where there are more."""

    kind: Kind
    lines: list[Found]
    more: str


@require_GET
@member_page
def results(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """What the words lead to. The address holds everything, so that it can be kept and sent on."""
    typed = request.GET.get("q", "")[:LONGEST_QUERY]
    asker = Asker(request.user, cohort, terms_of(typed))
    context = {"cohort": cohort, "typed": typed, "longest": LONGEST_QUERY, "is_asked": bool(asker.terms)}
    chosen = next((kind for kind in KINDS if kind.key == request.GET.get("in") and kind is not THREADS), None)
    if asker.terms and chosen:
        context |= {"chosen": chosen, "page": _page(request, asker, chosen), "all": f"?{urlencode({'q': typed})}"}
    elif asker.terms:
        context |= {"groups": [group for kind in KINDS if (group := _group(asker, kind, typed)).lines]}
    return render(request, "search/results.html", context)


def _group(asker: Asker, kind: Kind, typed: str) -> Group:
    rows = list(kind.rows(asker)[: FIRST + 1])
    more = _address_of_all(kind, asker.cohort, typed) if len(rows) > FIRST else ""
    return Group(kind, kind.drawn(asker, rows[:FIRST]), more)


def _address_of_all(kind: Kind, cohort: Cohort, typed: str) -> str:
    """The discussion has a search of its own, which also narrows down by place, topic and author."""
    if kind is THREADS:
        return f"{reverse('discussion:search', args=[cohort.slug])}?{urlencode({'q': typed})}"
    return f"?{urlencode({'q': typed, 'in': kind.key})}"


def _page(request: MemberRequest, asker: Asker, kind: Kind) -> Page[Found]:
    page = page_of(request, kind.rows(asker), per_page=ON_PAGE)
    page.object_list = kind.drawn(asker, list(page.object_list))
    return page
