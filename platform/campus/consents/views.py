"""The welcome page of those who were chosen or owe an answer, and one's own consents on the account page."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from campus.cohorts.access import MemberRequest, member_page
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState
from campus.consents.actions import agree_again, answer_version, begin, withdraw
from campus.consents.forms import AnswerForm
from campus.consents.models import ConsentAnswer, ConsentItem, ConsentVersion
from campus.consents.queries import asked_version, keys_agreed_to, own_answers, welcomed
from campus.people.actions import change_profile
from campus.people.models import Person
from campus.people.profile_forms import ProfileForm
from campus.people.visibility import missing_fields


def _way_on(request: HttpRequest, cohort: Cohort) -> str:
    """The page of the site that somebody was on the way to, else the cohort's own."""
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=False)
    return wanted if is_ours else reverse("cohorts:cohort", args=[cohort.slug])


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, cohort: str) -> HttpResponse:
    """Ask for what is owed; then somebody who was chosen begins. Who owes nothing is led on."""
    person = cast(Person, request.user)
    found = get_object_or_404(Cohort.objects.select_related("programme"), slug=cohort)
    enrolment = welcomed(person, found)
    if enrolment is None:
        return redirect("cohorts:cohort", cohort=found.slug)
    version = asked_version(enrolment)
    form = _answer_form(request, enrolment, version) if version else None
    if request.method == "POST" and _has_begun(enrolment, form):
        is_new = enrolment.state == EnrolmentState.SELECTED
        messages.success(
            request, _("Welcome! You are now taking part.") if is_new else _("Thank you. Your answer was saved.")
        )
        return _led_on(request, found)
    context = {"cohort": found, "enrolment": enrolment, "version": version, "form": form}
    return render(request, "consents/welcome.html", context)


def _answer_form(request: HttpRequest, enrolment: Enrolment, version: ConsentVersion) -> AnswerForm:
    """The form as sent, if it was for this version; else a fresh one."""
    is_for_this = request.POST.get("version") == str(version.pk)
    if request.method == "POST" and not is_for_this:
        messages.error(request, _("The text has been changed in the meantime. Please read the new version."))
    form = AnswerForm(request.POST if is_for_this else None, asked=version)
    # What was optional and agreed to before is ticked again; what is required is read anew.
    before = keys_agreed_to(enrolment)
    for item in version.items.all():
        form.initial[item.key] = not item.is_required and item.key in before
    return form


def _has_begun(enrolment: Enrolment, form: AnswerForm | None) -> bool:
    """Keep the answer, if the form is right; its errors say what is wrong."""
    if form is not None and not form.is_valid():
        return False
    try:
        if form is None:
            begin(enrolment=enrolment)
        else:
            answer_version(enrolment=enrolment, version=form.asked, agreed=form.agreed)
    except ValidationError as error:
        if form is None:
            return False
        form.add_error(None, error)
        return False
    return True


def _led_on(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    way_on = _way_on(request, cohort)
    if not missing_fields(cast(Person, request.user)):
        return redirect(way_on)
    query = request.GET.urlencode()
    return redirect(reverse("consents:profile", args=[cohort.slug]) + (f"?{query}" if query else ""))


@require_http_methods(["GET", "POST"])
@member_page
def profile(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Ask a member for what is missing in the profile; nobody is kept here."""
    missing = missing_fields(request.user)
    form = ProfileForm(request.POST if request.method == "POST" else None, person=request.user, only=missing)
    if not missing or form.is_valid():
        if missing:
            change_profile(person=request.user, values=form.cleaned_data)
            messages.success(request, _("Your profile was saved."))
        return redirect(_way_on(request, cohort))
    return render(
        request, "consents/profile.html", {"cohort": cohort, "form": form, "way_on": _way_on(request, cohort)}
    )


@login_required
def own_consents(request: HttpRequest) -> HttpResponse:
    """What one was asked and answered, in every cohort."""
    return render(request, "consents/own.html", {"answers": own_answers(cast(Person, request.user))})


@login_required
@require_POST
def change_consent(request: HttpRequest, answer: int, item: int) -> HttpResponse:
    """Take an optional consent back, or give it after all; of one's own latest answers only."""
    found = get_object_or_404(
        ConsentAnswer.objects.select_related("version"), pk=answer, enrolment__person=cast(Person, request.user)
    )
    wanted = get_object_or_404(ConsentItem, pk=item, version=found.version)
    change = withdraw if request.POST.get("wish") == "withdraw" else agree_again
    try:
        change(answer=found, item=wanted)
    except ValidationError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Your choice was saved."))
    return redirect("own_consents:list")
