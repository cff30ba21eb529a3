"""The public application page: what the call is, the form, the state of one's own application."""

from functools import wraps
from http import HTTPStatus
from typing import Any, cast

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from campus.cohorts.access import View
from campus.cohorts.enrolments import may_withdraw_oneself
from campus.intake.applications import actions
from campus.intake.applications.queries import admission_in, application_form, application_of, prerequisite_check
from campus.intake.models import Admission, Application
from campus.intake.refusals import NotOpen, Refused
from campus.people.models import Person
from campus.people.visibility import missing_fields
from campus.questionnaires.sheets import Outcome, Sheet


class ApplicationSheet(Sheet):
    """The application form: submitting it is applying."""

    submit_label = gettext_lazy("Apply")


def admission_page(view: View) -> View:
    """Hand the view the call for applications of that cohort; without one the page does not exist (404)."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, cohort: str) -> HttpResponseBase:
        found = admission_in(cohort)
        if found is None:
            raise Http404
        return view(request, admission=found)

    return guarded


@require_http_methods(["GET", "POST"])
@admission_page
def apply(request: HttpRequest, *, admission: Admission) -> HttpResponse:
    """What it is and until when; for those signed in also the form, then where the application stands."""
    if not request.user.is_authenticated:
        context = {"admission": admission, "cohort": admission.cohort, "sign_up_is_open": _sign_up_is_open(request)}
        return render(request, "intake/apply.html", context)
    person = request.user
    questionnaire = application_form(admission.cohort)
    sheet = ApplicationSheet(questionnaire, person) if questionnaire else None
    refused: Refused | None = None
    if request.method == "POST" and sheet:
        try:
            outcome = _receive(request, admission=admission, sheet=sheet, person=person)
        except Refused as reason:
            refused = reason
        else:
            if outcome is not Outcome.REFUSED:
                _say(request, outcome)
                return redirect("apply", admission.cohort.slug)
    context = _own_page(admission, person) | {"sheet": sheet, "refused": refused}
    status = HTTPStatus.CONFLICT if refused else sheet.status if sheet else HTTPStatus.OK
    return render(request, "intake/apply.html", context, status=status)


def _sign_up_is_open(request: HttpRequest) -> bool:
    return bool(get_adapter().is_open_for_signup(request))


def _receive(request: HttpRequest, *, admission: Admission, sheet: Sheet, person: Person) -> Outcome:
    """Save or submit the form; with it, or with a form that was submitted elsewhere before, the person applies."""
    application, _enrolment = application_of(person, admission)
    if not admission.is_open and not (application and application.withdrawn_at is None):
        raise NotOpen
    with transaction.atomic():
        submitted_before = request.POST.get("do") == "apply" and sheet.is_submitted
        outcome = Outcome.SUBMITTED if submitted_before else sheet.receive(request)
        if outcome is Outcome.SUBMITTED:
            actions.apply(admission=admission, person=person)
    return outcome


def _say(request: HttpRequest, outcome: Outcome) -> None:
    if outcome is Outcome.SAVED:
        messages.success(request, _("What you typed is saved. You have not applied yet."))


def _own_page(admission: Admission, person: Person) -> dict[str, Any]:
    application, enrolment = application_of(person, admission)
    return {
        "admission": admission,
        "cohort": admission.cohort,
        "application": application,
        "enrolment": enrolment,
        "state": application.state(admission) if application else None,
        "may_leave": enrolment is not None and may_withdraw_oneself(enrolment),
        "can_withdraw": application is not None and actions.can_withdraw(application),
        "missing_fields": missing_fields(person),
        "check": prerequisite_check(admission.cohort),
    }


@require_http_methods(["GET", "POST"])
@login_required
@admission_page
def check(request: HttpRequest, *, admission: Admission) -> HttpResponse:
    """The prerequisite check, a form of its own."""
    questionnaire = prerequisite_check(admission.cohort)
    if questionnaire is None:
        raise Http404
    sheet = Sheet(questionnaire, cast(Person, request.user))
    if request.method == "POST" and sheet.receive(request) is not Outcome.REFUSED:
        if sheet.outcome is Outcome.SUBMITTED:
            messages.success(request, _("The check was submitted."))
            return redirect("apply", admission.cohort.slug)
        return redirect("apply_check", admission.cohort.slug)
    context = {"admission": admission, "cohort": admission.cohort, "sheet": sheet}
    return render(request, "intake/check.html", context, status=sheet.status)


@require_POST
@login_required
@admission_page
def withdraw(request: HttpRequest, *, admission: Admission) -> HttpResponse:
    """Take the own application back; asked twice, because of the box that has to be checked."""
    application = _own(request, admission)
    if not request.POST.get("sure"):
        messages.error(request, _("Please tick the box to confirm that you are withdrawing."))
        return redirect("apply", admission.cohort.slug)
    try:
        actions.withdraw_application(application=application)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your application has been withdrawn."))
    return redirect("apply", admission.cohort.slug)


def _own(request: HttpRequest, admission: Admission) -> Application:
    application, _enrolment = application_of(cast(Person, request.user), admission)
    if application is None:
        raise Http404
    return application
