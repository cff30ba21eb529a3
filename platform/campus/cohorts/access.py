"""The door of every page of a cohort: who is let in, and what the others see."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from campus.cohorts.models import Cohort
from campus.people.models import Person

View = Callable[..., HttpResponseBase]


class MemberRequest(HttpRequest):
    """A request that came through the door: somebody is signed in."""

    user: Person


def member_page(view: View) -> View:
    """Hand the view its cohort, for members only.

    Anonymous people are sent to sign in. To everybody else the cohort does not exist (404), so that
    addresses don't tell who runs what.
    """

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, cohort: str, **kwargs: Any) -> HttpResponseBase:
        found = get_object_or_404(Cohort.objects.select_related("programme"), slug=cohort)
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
