"""The profile and who sees it, personal tokens, and the language switch."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campus.people.actions import change_language, change_profile, share_fields
from campus.people.forms import TokenForm
from campus.people.models import Person, PersonalToken
from campus.people.profile_forms import ProfileForm, SharingForm
from campus.people.tokens import MAX_LIVE_TOKENS, create_token, revoke_token
from campus.people.visibility import profile_of, what_others_see


def _person(request: HttpRequest) -> Person:
    return cast(Person, request.user)  # login_required has seen to it.


@login_required
def account_settings(request: HttpRequest) -> HttpResponse:
    """Show and change one's own profile."""
    person = _person(request)
    form = ProfileForm(request.POST or None, person=person)
    if form.is_valid():
        change_profile(person=person, values=form.cleaned_data)
        with translation.override(person.language):
            messages.success(request, _("Your settings were saved."))
        return _with_language(redirect("people:settings"), person.language)
    return render(request, "people/settings.html", {"form": form})


@login_required
def who_sees_what(request: HttpRequest) -> HttpResponse:
    """Show who sees which of one's data, and let one show more of them to fellow learners."""
    person = _person(request)
    form = SharingForm(request.POST if request.method == "POST" else None, instance=profile_of(person))
    if form.is_valid():
        share_fields(person=person, shared=form.cleaned_data["shared"])
        messages.success(request, _("Your choice was saved."))
        return redirect("people:who_sees_what")
    return render(request, "people/who_sees_what.html", {"form": form, **what_others_see(person)})


@login_required
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """List one's live tokens and make a new one, whose text is shown in the answer to that POST only."""
    form = TokenForm(request.POST or None)
    raw = _make_token(request, form) if form.is_valid() else None
    if raw:
        form = TokenForm()
    live = PersonalToken.objects.live().filter(person=_person(request))
    context = {"form": form, "raw": raw, "tokens": live, "most": MAX_LIVE_TOKENS, "site_url": settings.SITE_URL}
    return render(request, "people/tokens.html", context)


def _make_token(request: HttpRequest, form: TokenForm) -> str | None:
    try:
        _token, raw = create_token(
            person=_person(request),
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            expires_at=form.expires_at,
        )
    except ValidationError as error:
        form.add_error(None, error)
        return None
    return raw


@login_required
@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke one of one's own tokens; another person's doesn't exist here."""
    token = get_object_or_404(PersonalToken, pk=pk, person=_person(request))
    revoke_token(token=token)
    messages.success(request, _("The token “%s” was revoked.") % token.title)
    return redirect("people:tokens")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language of the pages, for good when signed in, and go back."""
    wanted = request.POST.get("language", "")
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    if wanted not in dict(settings.LANGUAGES):
        return redirect(back)
    if isinstance(request.user, Person):
        change_language(person=request.user, language=wanted)
    return _with_language(redirect(back), wanted)


def _with_language(response: HttpResponse, language: str) -> HttpResponse:
    """Keep the choice in a cookie too, so that the sign-in page speaks it next time."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
