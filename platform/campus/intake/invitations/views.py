"""What the link of an invitation opens: setting a password or signing in, then the cohort's welcome page."""

from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import SetPasswordForm
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from campus.cohorts.access import View
from campus.intake.invitations import actions
from campus.intake.invitations.links import LinkState, read_link
from campus.intake.models import Invitation
from campus.intake.refusals import Refused
from campus.people.models import Person
from campus.ui.tries import Tries

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# By address on the network. A class behind one address opens right links, which are not counted.
WRONG_LINKS = Tries("invitation", most=20, seconds=300)
STATUS = {LinkState.UNKNOWN: HTTPStatus.NOT_FOUND}


def invitation_page(view: View) -> View:
    """Hand the view the invitation of a link that opens; for any other say what is wrong with it and the way out."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponseBase:
        address = _address(request)
        if not WRONG_LINKS.are_left(address):
            return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
        link = read_link(token)
        if link.state is LinkState.VALID:
            return view(request, token=token, invitation=link.invitation)
        if link.state is LinkState.UNKNOWN:
            WRONG_LINKS.count_wrong(address)
        context = {"state": link.state.value, "invitation": link.invitation, "token": token}
        status = STATUS.get(link.state, HTTPStatus.GONE)
        return render(request, "intake/invitation_over.html", context, status=status)

    return guarded


def _address(request: HttpRequest) -> str | None:
    address: str | None = get_adapter().get_client_ip(request)
    return address


@require_http_methods(["GET", "POST"])
@invitation_page
def open_invitation(request: HttpRequest, *, token: str, invitation: Invitation) -> HttpResponse:
    """Nothing is accepted by opening alone: mail programs open links too."""
    person = invitation.enrolment.person
    actions.note_opened(invitation)
    if isinstance(request.user, Person):
        return _signed_in(request, token=token, invitation=invitation)
    if not actions.is_newcomer(person):
        return _show(request, "sign_in", token=token, invitation=invitation)
    return _newcomer(request, token=token, invitation=invitation)


def _signed_in(request: HttpRequest, *, token: str, invitation: Invitation) -> HttpResponse:
    if request.user != invitation.enrolment.person:
        return _show(request, "other_person", token=token, invitation=invitation)
    if request.method == "POST":
        actions.accept(invitation=invitation, person=invitation.enrolment.person)
        return _to_welcome(invitation)
    return _show(request, "accept", token=token, invitation=invitation)


def _newcomer(request: HttpRequest, *, token: str, invitation: Invitation) -> HttpResponse:
    """Let them set a password, in their own language, and sign them in with it."""
    person = invitation.enrolment.person
    with translation.override(person.language):
        form = SetPasswordForm(user=person, data=request.POST or None)
        if form.is_valid():
            person = actions.accept_with_password(invitation=invitation, password=form.cleaned_data["password1"])
            login(request, person, backend=BACKEND)
            return _to_welcome(invitation)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
        return _show(request, "newcomer", token=token, invitation=invitation, form=form, status=status)


def _show(
    request: HttpRequest,
    way: str,
    *,
    token: str,
    invitation: Invitation,
    status: int = HTTPStatus.OK,
    **more: Any,
) -> HttpResponse:
    context = {"way": way, "token": token, "invitation": invitation, "cohort": invitation.enrolment.cohort, **more}
    return render(request, "intake/open_invitation.html", context, status=status)


def _to_welcome(invitation: Invitation) -> HttpResponse:
    return redirect("consents:welcome", cohort=invitation.enrolment.cohort.slug)


@require_POST
@never_cache
def renew(request: HttpRequest, token: str) -> HttpResponse:
    """Send an expired invitation anew, to the address that it went to."""
    link = read_link(token) if WRONG_LINKS.are_left(_address(request)) else None
    if link is None or link.invitation is None or link.state is not LinkState.EXPIRED:
        return redirect("open_invitation", token)
    try:
        actions.renew(invitation=link.invitation)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("A new email is on its way. Please use the link in it."))
    return redirect("open_invitation", token)
