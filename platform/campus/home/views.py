"""The first page: what comes next for those signed in, what this is for everybody else."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campus.home.queries import cohorts_of, waiting_enrolments
from campus.intake.applications.queries import open_calls


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        context = {"sign_up_is_open": get_adapter().is_open_for_signup(request), "calls": open_calls(None)}
        return render(request, "home/landing.html", context)
    context = {"cohorts": cohorts_of(request.user), "waiting": waiting_enrolments(request.user)}
    context["calls"] = open_calls(request.user)
    return render(request, "home/home.html", context)
