"""A second factor: how it is kept, who has one, and who must."""

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.utils.translation import gettext

from campus.people.models import Person
from campus.ui.context import SITE_NAME

# Codes to recover by are no factor of their own: they come with one of these.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def _cipher() -> Fernet:
    """A copy of the database alone must not be enough to make codes: their seeds are sealed with the secret key."""
    key = hashlib.sha256(b"campus.people.second_factor:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


class SecondFactorAdapter(DefaultMFAAdapter):
    """allauth's hooks; settings.MFA_ADAPTER points here."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's hook
        """What a new passkey is called unless one says otherwise."""
        return gettext("Passkey %(number)d") % {
            "number": Authenticator.objects.filter(user=user, type=type).count() + 1
        }

    def _get_site_name(self) -> str:
        """Shown by authenticator apps and passkey dialogs."""
        return SITE_NAME


def has_second_factor(person: Person) -> bool:
    """Whether the person set one up, so that every sign-in asks for it."""
    return bool(Authenticator.objects.filter(user=person, type__in=FACTORS).exists())


def must_add_second_factor(person: Person) -> bool:
    """Whether the site wants one of organisers and the person has none; ask only for organisers."""
    return settings.ENVIRONMENT.second_factor == "organisers" and not has_second_factor(person)
