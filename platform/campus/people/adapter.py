"""Where this site differs from allauth's ways: closed sign-up, mails in the reader's language, waits in minutes."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.forms import Form
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from campus.people.invitations import admitted_email
from campus.people.models import Person
from campus.ui.context import SITE_NAME

WISH = "wish_after_sign_up"  # in the session: where the sign-up was to lead
# Where a browser has to go after signing out, asked while it is still signed in; None where nowhere.
Farewell = Callable[[HttpRequest], str | None]
_F = TypeVar("_F", bound=Farewell)
_farewells: list[Farewell] = []


def after_sign_out(farewell: _F) -> _F:
    """Register where signing out leads to instead of the sign-in page; apps to the right use it when they are ready."""
    _farewells.append(farewell)
    return farewell


class AccountAdapter(DefaultAccountAdapter):
    """allauth's hooks; settings.ACCOUNT_ADAPTER points here."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _("Too many failed sign-ins. Wait 5 minutes and try again, or reset your password."),
        "email_password_mismatch": _("The email address or the password is wrong."),
        "enter_current_password": _("That is not your current password. Please try again."),
        "rate_limited": _("Too many attempts. Wait 5 minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """For everybody, or for whoever opened the link of an invitation."""
        return settings.ENVIRONMENT.sign_up == "open" or bool(admitted_email(request))

    def save_user(self, request: HttpRequest, user: Person, form: Form, commit: bool = True) -> Person:
        """Keep what the sign-up form asked for beyond email and password."""
        for name in ("name", "language"):
            if name in form.cleaned_data:
                setattr(user, name, form.cleaned_data[name])
        if wish := get_next_redirect_url(request):
            request.session[WISH] = wish
        return super().save_user(request, user, form, commit)

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """In the browser that signed up, the page from which it did; by way of the sign-in page."""
        # Where nobody is signed in it is LOGIN_URL: the name of a page, not an address.
        address: str = resolve_url(super().get_email_verification_redirect_url(email_address))
        wish = self.request.session.pop(WISH, "")
        if not wish:
            return address
        return wish if self.request.user.is_authenticated else f"{address}?{urlencode({'next': wish})}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write to persons in their own language, to strangers in that of the page."""
        person = context.get("user") or Person.objects.filter(email__iexact=email).first()
        language = person.language if person else translation.get_language()
        zone = person.time_zone if person else settings.TIME_ZONE
        with translation.override(language), timezone.override(zone):
            told = {**context, "email": email, "site_name": SITE_NAME, "site_url": settings.SITE_URL}
            # allauth's own way asks the request for the site, and jobs have none.
            self.render_mail(template_prefix, email, told).send()

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        elsewhere = (farewell(request) for farewell in _farewells)
        return next(filter(None, elsewhere), None) or super().get_logout_redirect_url(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - allauth's hook
        return reverse("people:settings")
