"""What the app people itself holds of a person."""

from collections.abc import Iterator

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from campus.people.archive import delete_copies
from campus.people.models import Person, Profile
from campus.people.personal_data import Holding, Row, hold
from campus.people.profile_fields import PROFILE_FIELDS
from campus.people.visibility import profile_of


def _person(person: Person) -> Iterator[Row]:
    profile = profile_of(person)
    fields = {key: getattr(profile if told.on_profile else person, key) for key, told in PROFILE_FIELDS.items()}
    yield {
        **fields,
        "shared": profile.shared,
        "joined": person.date_joined,
        "last_sign_in": person.last_login,
        "last_here": person.seen_at,
    }


def _erase_person(person: Person) -> None:
    Profile.objects.filter(person=person).delete()
    delete_copies(person)


def _addresses(person: Person) -> Iterator[Row]:
    for address in EmailAddress.objects.filter(user=person):
        yield {"email": address.email, "verified": address.verified, "primary": address.primary}


def _tokens(person: Person) -> Iterator[Row]:
    names = ("name", "origin", "beginning", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")
    yield from person.tokens.values(*names)


def _factors(person: Person) -> Iterator[Row]:
    """Never what they are made of."""
    yield from Authenticator.objects.filter(user=person).values("type", "created_at", "last_used_at")


def _institutions(person: Person) -> Iterator[Row]:
    accounts = SocialAccount.objects.filter(user=person)
    yield from accounts.values("provider", "uid", "date_joined", "last_login")


def sessions_of(person: Person) -> Iterator[Session]:
    """Sessions in which the person is signed in; found by reading all, for the table names nobody."""
    for session in Session.objects.iterator(chunk_size=500):
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            yield session


def _sessions(person: Person) -> Iterator[Row]:
    for session in sessions_of(person):
        yield {"signed_in_until": session.expire_date}


def _end_sessions(person: Person) -> None:
    for session in list(sessions_of(person)):
        session.delete()


hold(
    Holding(
        name="profile",
        label=_("Name, address and profile"),
        rows=_person,
        erase=_erase_person,
        gone=_("Deleted. Where your name appeared, “former participant” appears instead."),
        kept=_("An empty account without your name or address. It keeps what others did with you in its place."),
    )
)
hold(
    Holding(
        name="addresses",
        label=_("Email addresses"),
        rows=_addresses,
        erase=lambda person: EmailAddress.objects.filter(user=person).delete(),
        gone=_("Deleted."),
    )
)
hold(
    Holding(
        name="tokens",
        label=_("Personal tokens"),
        rows=_tokens,
        erase=lambda person: person.tokens.all().delete(),
        gone=_("Deleted. They stop working at once."),
    )
)
hold(
    Holding(
        name="sessions",
        label=_("Browsers that are signed in"),
        rows=_sessions,
        erase=_end_sessions,
        gone=_("Signed out."),
    )
)
hold(
    Holding(
        name="second-factors",
        label=_("Passkeys, authenticator app, recovery codes"),
        rows=_factors,
        erase=lambda person: Authenticator.objects.filter(user=person).delete(),
        gone=_("Deleted."),
    )
)
hold(
    Holding(
        name="institutions",
        label=_("Accounts of institutions that you sign in with"),
        rows=_institutions,
        erase=lambda person: SocialAccount.objects.filter(user=person).delete(),
        gone=_("Deleted."),
    )
)
