"""The first page: what comes next for those signed in, what this is for everybody else; and each role's first steps."""

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort, Enrolment, Role
from campus.cohorts.rules import is_operator
from campus.discussion.queries import unread_at_once
from campus.home import actions, parts
from campus.home.queries import home_of
from campus.home.tours import POINTS, tours_of
from campus.intake.applications.queries import open_calls
from campus.people.models import Person


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not isinstance(request.user, Person):
        context = {"sign_up_is_open": get_adapter().is_open_for_signup(request), "calls": open_calls(None)}
        return render(request, "home/landing.html", context)
    request.unread = unread_at_once(request.user)  # type: ignore[attr-defined]  # what tags of the page draw
    found, kept = home_of(request.user), actions.first_page_of(request.user)
    roles = [(one.cohort, one.roles) for one in found.cohorts]
    tours = [tour for tour in tours_of(roles, put_away=kept.put_away) if not tour.is_put_away]
    context = {
        "cohorts": found.cohorts,
        "arriving": found.arriving,
        "waiting": found.waiting,
        "tour": tours[0] if tours else None,
    }
    context |= {"calls": open_calls(request.user), "is_operator": is_operator(request.user)}
    return render(request, "home/home.html", context)


# --- What staff see of a cohort, part by part ---


def part(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A fragment that the home page loads; whoever opens its address is led to the home page."""

    def guarded(request: MemberRequest, *, cohort: Cohort) -> HttpResponseBase:
        return view(request, cohort=cohort) if request.headers.get("HX-Request") else redirect("home")

    return require_safe(guarded)


@part
@desk_page("cohorts.look_after_learners")
def learners(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    context = {"cohort": cohort, "care": parts.care_for(request.user, cohort)}
    return render(request, "home/parts/learners.html", context)


@part
@desk_page("mentoring.mentor")
def queue(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    since = actions.first_page_of(request.user).since
    judging = parts.judging_of(request.user, cohort, since=since)
    return render(request, "home/parts/queue.html", {"cohort": cohort, "judging": judging})


@part
@desk_page("cohorts.run_cohort")
def course(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    context = {"cohort": cohort, "course": parts.course_of(request.user, cohort)}
    return render(request, "home/parts/course.html", context)


# --- First steps ---


@require_safe
@login_required
def first_steps(request: MemberRequest) -> HttpResponse:
    """Help: the first steps of each of the reader's roles."""
    enrolments = Enrolment.objects.of(request.user).select_related("cohort").order_by("-cohort__starts_on", "pk")
    roles = [(one.cohort, [Role(one.role)]) for one in enrolments]
    tours = tours_of(roles, put_away=actions.first_page_of(request.user).put_away)
    return render(request, "home/help.html", {"tours": tours})


def _role(name: str) -> Role:
    if name not in POINTS:
        raise Http404
    return Role(name)


@require_POST
@login_required
def put_tour_away(request: MemberRequest, role: str) -> HttpResponse:
    actions.put_away(person=request.user, role=_role(role))
    return redirect("home")


@require_POST
@login_required
def take_tour_out(request: MemberRequest, role: str) -> HttpResponse:
    actions.take_out(person=request.user, role=_role(role))
    return redirect("home")
