"""Personal tokens: made once, kept as a digest, checked on every API call, taken back at any time."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campus.people.activity import note_seen
from campus.people.models import Person, PersonalToken, Scope, TokenOrigin

PREFIX = "mnb_"
MAX_LIVE_TOKENS = 20
LAST_USED_GRAIN = timedelta(minutes=1)


def _digest(raw: str) -> str:
    """A token holds 256 random bits, so one round of SHA-256 is as safe as a slow password hash."""
    return hashlib.sha256(raw.encode()).hexdigest()


@transaction.atomic
def create_token(
    *, person: Person, name: str, scopes: Iterable[str], expires_at: datetime
) -> tuple[PersonalToken, str]:
    """Make a token and return it with its raw text, which is never seen again.

    Raises ValidationError when the person holds MAX_LIVE_TOKENS live ones, a scope is unknown or the expiry has passed.
    """
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= set(Scope.values):
        raise ValidationError(_("Choose at least one scope."))
    if expires_at <= timezone.now():
        raise ValidationError(_("The expiry date must be in the future."))
    Person.objects.select_for_update().get(pk=person.pk)  # Two requests at once can't both take the last place.
    if PersonalToken.objects.live().filter(person=person, origin=TokenOrigin.PERSON).count() >= MAX_LIVE_TOKENS:
        raise ValidationError(_("You already have %d tokens. Revoke one that you no longer need.") % MAX_LIVE_TOKENS)
    return _new_token(person=person, name=name, scopes=wanted, expires_at=expires_at)


@transaction.atomic
def renew_token(*, person: Person, origin: TokenOrigin, scopes: Iterable[str], life: timedelta) -> str:
    """Make the one token that the person has of this origin and return its raw text; the former one ends.

    It doesn't count among those that the person may hold.
    """
    Person.objects.select_for_update().get(pk=person.pk)  # Of two requests at once, the second ends the first's.
    end_tokens(person=person, origin=origin)
    expires_at = timezone.now() + life
    _token, raw = _new_token(
        person=person, origin=origin, name=origin.value, scopes=sorted(scopes), expires_at=expires_at
    )
    return raw


def end_tokens(*, person: Person, origin: TokenOrigin) -> None:
    """Take back all tokens of this origin."""
    PersonalToken.objects.filter(person=person, origin=origin, revoked_at=None).update(revoked_at=timezone.now())


def _new_token(**fields: Any) -> tuple[PersonalToken, str]:
    raw = PREFIX + secrets.token_urlsafe(32)
    return PersonalToken.objects.create(digest=_digest(raw), beginning=raw[:10], **fields), raw


def authenticate_token(raw: str) -> PersonalToken | None:
    """Return the live token of an active person, or None; notes its use at most once a minute.

    The lookup is by digest, so its time says nothing about how much of a guess is right.
    """
    token = PersonalToken.objects.live().select_related("person").filter(digest=_digest(raw)).first()
    if token is None or not token.person.is_active:
        return None
    _note_use(token)
    note_seen(token.person)
    return token


def _note_use(token: PersonalToken) -> None:
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at >= LAST_USED_GRAIN:
        PersonalToken.objects.filter(pk=token.pk).update(last_used_at=now)
        token.last_used_at = now


def revoke_token(*, token: PersonalToken) -> None:
    """Take a token back for good; revoking it again changes nothing."""
    PersonalToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
    token.refresh_from_db()
