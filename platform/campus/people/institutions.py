"""Signing in with an institution's account. It speaks for its own domains only: there its word about an address counts.

Without that, whoever runs one institution's sign-in could take over everybody's account here.
"""

import logging
from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest

from campus.people.invitations import admitted_email, is_invited
from campus.people.models import Person
from campus.people.names import acceptable_name

logger = logging.getLogger(__name__)


def is_trusted(domains: list[str], email: str) -> bool:
    """Whether the address belongs to one of the domains itself, not to a domain below it."""
    _, at, domain = email.rpartition("@")
    return bool(at) and domain.lower() in domains


class InstitutionAdapter(DefaultSocialAccountAdapter):
    """allauth's hooks; settings.SOCIALACCOUNT_ADAPTER points here."""

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """Whether an account that has the address already is opened: the institution answers for it."""
        return is_trusted(self._domains(login), email)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:  # noqa: ARG002 - allauth's hook
        """Believe no institution about the addresses of others; those are confirmed by mail."""
        for address in sociallogin.email_addresses:
            address.verified = address.verified and is_trusted(self._domains(sociallogin), address.email)

    def _domains(self, login: SocialLogin) -> list[str]:
        return list(login.provider.app.settings.get("domains", []))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """While sign-up is closed, only for addresses that were invited, and that are surely theirs."""
        if settings.ENVIRONMENT.sign_up == "open":
            return True
        admitted = admitted_email(request).lower()
        known = [one for one in sociallogin.email_addresses if one.verified or one.email.lower() == admitted]
        return any(one.email.lower() == admitted or is_invited(one.email) for one in known)

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Person:
        """Take the name that the institution tells; the sign-up form asks for it where there is none."""
        person: Person = super().populate_user(request, sociallogin, data)
        name = data.get("name") or " ".join(filter(None, [data.get("last_name"), data.get("first_name")]))
        person.name = acceptable_name(name or "")
        return person

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        return {**super().get_signup_form_initial_data(sociallogin), "name": sociallogin.user.name}

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002 - the same
        """Always show the short form: the name is printed on certificates, and the language isn't known."""
        return False

    def on_authentication_error(
        self,
        request: HttpRequest,  # noqa: ARG002 - the same
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,  # noqa: ARG002 - the same
    ) -> None:
        """Tell operators why it failed, by kinds only: the answer may hold personal data."""
        kind = type(exception).__name__ if exception else ""
        name = getattr(getattr(provider, "app", None), "provider_id", provider)
        logger.warning("sign-in by institution %s failed: %s %s", name, error, kind)
