"""Pages of a learner who hands in a deliverable: the form, and what is saved while one types."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from campus.cases.models import Step, StepKind
from campus.cohorts.access import MemberRequest, View, member_page
from campus.cohorts.models import Cohort
from campus.cohorts.queries import learner_enrolment
from campus.deliverables.models import Deliverable
from campus.deliverables.place import Place
from campus.deliverables.refusals import TooLarge
from campus.ui.uploads import drain, is_too_large


def hand_in_page(view: Callable[..., HttpResponseBase]) -> View:
    """Hand the view the place where the reader hands in; for who doesn't learn in the cohort there is none (404).

    What htmx sends without a session is answered with 401: a sign-in page would be put where “saved” stands.
    """

    @wraps(view)
    def guarded(request: HttpRequest, **names: Any) -> HttpResponseBase:
        if not request.user.is_authenticated and request.headers.get("HX-Request"):
            return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
        return signed_in(request, **names)

    @member_page
    def signed_in(request: MemberRequest, *, cohort: Cohort, case: str, step: str, **names: Any) -> HttpResponseBase:
        steps = Step.objects.with_case().filter(cohort_case__cohort=cohort, cohort_case__slug=case, kind=StepKind.TEXT)
        found = get_object_or_404(steps, key=step)
        enrolment = learner_enrolment(request.user, cohort)
        if enrolment is None or not request.user.has_perm("deliverables.hand_in", found):
            raise Http404
        return view(request, place=Place(found, enrolment), **names)

    return guarded


@csrf_exempt  # The CSRF check reads the whole upload; _receive makes it once the size is known to be fair.
@require_http_methods(["GET", "HEAD", "POST"])
@hand_in_page
def hand_in(request: MemberRequest, *, place: Place) -> HttpResponseBase:
    """The form on a page of its own (GET), or keep or hand in what it sends (POST)."""
    if request.method != "POST":
        return _show(request, place)
    if _is_too_large(request, place):
        return _show(request, place)
    return _receive(request, place)


@csrf_protect
def _receive(request: MemberRequest, place: Place) -> HttpResponse:
    if request.POST.get("do") != "submit":
        place.save(request.POST, request.FILES)
        return _show(request, place) if place.status >= 400 else redirect(f"{request.path}#hand-in")
    deliverable = place.submit(request.POST, request.FILES)
    if deliverable is None:
        return _show(request, place)
    _say_handed_in(request, deliverable)
    return redirect("cases:step", *names_of(place.step))


def _say_handed_in(request: MemberRequest, deliverable: Deliverable) -> None:
    if deliverable.is_late:
        messages.warning(request, _("Handed in after the deadline. It is marked as late."))
    elif deliverable.number > 1:
        messages.success(request, _("Version %(number)s was handed in.") % {"number": deliverable.number})
    else:
        messages.success(request, _("Your work was handed in."))


@csrf_exempt
@require_POST
@hand_in_page
def draft(request: MemberRequest, *, place: Place) -> HttpResponseBase:
    """Keep what is typed and the files, again and again; answers with what changes in the page."""
    if _is_too_large(request, place):
        return _show_saved(request, place)
    return _save(request, place)


@csrf_protect
def _save(request: MemberRequest, place: Place) -> HttpResponse:
    place.save(request.POST, request.FILES)
    return _show_saved(request, place)


def _is_too_large(request: MemberRequest, place: Place) -> bool:
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if not is_too_large(request, limit=limit):
        return False
    drain(request)
    place.refuse(TooLarge(limit))
    return True


def _show(request: MemberRequest, place: Place) -> HttpResponse:
    context = {"place": place, "step": place.step, "cohort": place.step.cohort, "names": names_of(place.step)}
    return render(request, "deliverables/hand_in.html", context, status=place.status)


def _show_saved(request: MemberRequest, place: Place) -> HttpResponse:
    """A refusal is told in words where “saved” stands: what was typed stays in the page."""
    context = {"place": place, "step": place.step, "names": names_of(place.step), "is_swap": True}
    return render(request, "deliverables/parts/saved.html", context)


def names_of(step: Step) -> list[str]:
    """By which addresses name the step."""
    return [step.cohort.slug, step.cohort_case.slug, step.key]
