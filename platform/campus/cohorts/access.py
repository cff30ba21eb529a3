"""The door of every page of a cohort: who is let in, and what the others see."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from campus.cohorts.models import Cohort
from campus.people.models import Person

View = Callable[..., HttpResponseBase]
# The address to go to before any page of the cohort, None where nothing is in the way.
EntryCondition = Callable[[Person, Cohort], str | None]
_C = TypeVar("_C", bound=EntryCondition)
_entry_conditions: list[EntryCondition] = []


def entry_condition(condition: _C) -> _C:
    """Register what a person has to do before pages of a cohort open; apps to the right use it when they are ready.

    Asked on every page, of members and others: let it cost one query. It holds back reading only: what is sent from
    a page that was open already still arrives, and the API has no pages to lead to.
    """
    _entry_conditions.append(condition)
    return condition


def _led_elsewhere(request: HttpRequest, cohort: Cohort) -> HttpResponseBase | None:
    """Where the person has to go first, coming back here after it."""
    if request.method not in {"GET", "HEAD"} or not isinstance(request.user, Person):
        return None
    for condition in _entry_conditions:
        if address := condition(request.user, cohort):
            if request.headers.get("HX-Request"):
                return HttpResponseClientRedirect(address)  # The whole page goes, not the fragment.
            return redirect(f"{address}?{urlencode({'next': request.get_full_path()})}")
    return None


class MemberRequest(HttpRequest):
    """A request that came through the door: somebody is signed in."""

    user: Person


def member_page(view: View) -> View:
    """Hand the view its cohort, for members only.

    Anonymous people are sent to sign in, those with something to do first to where it is done. To everybody
    else the cohort does not exist (404), so that addresses don't tell who runs what.
    """

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, cohort: str, **kwargs: Any) -> HttpResponseBase:
        found = get_object_or_404(Cohort.objects.select_related("programme"), slug=cohort)
        if elsewhere := _led_elsewhere(request, found):
            return elsewhere
        if not request.user.has_perm("cohorts.view_cohort", found):
            raise Http404
        return view(request, cohort=found, **kwargs)

    return guarded


def desk_page(permission: str) -> Callable[[View], View]:
    """Hand the view its cohort, for members with the right there; for the others the page does not exist (404)."""

    def decorate(view: View) -> View:
        @member_page
        @wraps(view)
        def guarded(request: MemberRequest, *, cohort: Cohort, **kwargs: Any) -> HttpResponseBase:
            if not request.user.has_perm(permission, cohort):
                raise Http404
            return view(request, cohort=cohort, **kwargs)

        return guarded

    return decorate
