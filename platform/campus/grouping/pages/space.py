"""The team's space: members, weekly slot, discussion; files, log and milestones stand on pages beside it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campus.cohorts.access import MemberRequest, member_page
from campus.cohorts.models import Cohort
from campus.grouping.members import members_as_seen_by
from campus.grouping.models import Space
from campus.teams.models import Team


def space_page(permission: str = "grouping.view_space") -> Callable[..., Callable[..., HttpResponseBase]]:
    """Hand the view its team, for those who have the right there; for the others there is none (404)."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @member_page
        @wraps(view)
        def guarded(request: MemberRequest, *, cohort: Cohort, pk: int, **kwargs: Any) -> HttpResponseBase:
            team = get_object_or_404(Team.objects.select_related("cohort"), cohort=cohort, pk=pk)
            if not request.user.has_perm(permission, team):
                raise Http404
            return view(request, team=team, **kwargs)

        return guarded

    return decorate


def space_of(team: Team) -> Space:
    """What the team says of itself, an empty one (not saved) before it has."""
    return Space.objects.filter(team=team).first() or Space(team=team)


def context_of(request: MemberRequest, team: Team, **more: Any) -> dict[str, Any]:
    """What every page of the space needs."""
    return {
        "cohort": team.cohort,
        "team": team,
        "may_work": request.user.has_perm("grouping.work_in_space", team),
        "may_see_evaluation": request.user.has_perm("grouping.see_evaluation", team),
        **more,
    }


@require_safe
@space_page()
def space(request: MemberRequest, *, team: Team) -> HttpResponse:
    members = members_as_seen_by(request.user, team)
    return render(request, "grouping/space.html", context_of(request, team, space=space_of(team), members=members))
