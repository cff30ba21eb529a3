"""Tokens of institutions: made and revoked by the operator, checked on every call."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from campus.cohorts.actions import record_audit
from campus.environment import Institution
from campus.scim.models import ScimToken

PREFIX = "mns_"
LAST_USED_GRAIN = timedelta(minutes=1)


def institution_named(key: str) -> Institution | None:
    return next((one for one in settings.ENVIRONMENT.institutions if one.key == key), None)


def _digest(raw: str) -> str:
    """256 random bits need no slow hash."""
    return hashlib.sha256(raw.encode()).hexdigest()


@transaction.atomic
def make_token(*, institution: str, life: timedelta) -> tuple[ScimToken, str]:
    """Make a token and return it with its raw text, which is never seen again."""
    raw = PREFIX + secrets.token_urlsafe(32)
    token = ScimToken.objects.create(
        institution=institution, digest=_digest(raw), beginning=raw[:10], expires_at=timezone.now() + life
    )
    _record("scim.token_made", token)
    return token, raw


@transaction.atomic
def revoke_token(*, token: ScimToken) -> None:
    """Take a token back for good; revoking it again changes nothing."""
    if ScimToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        _record("scim.token_revoked", token)


def _record(action: str, token: ScimToken) -> None:
    record_audit(
        action=action, subject=f"scim_token:{token.pk}", actor=None, cohort=None, institution=token.institution
    )


def authenticate(raw: str) -> ScimToken | None:
    """The live token of an institution that is still registered; notes its use at most once a minute."""
    now = timezone.now()
    live = ScimToken.objects.filter(digest=_digest(raw), revoked_at=None, expires_at__gt=now).first()
    if live is None or institution_named(live.institution) is None:
        return None
    if live.last_used_at is None or now - live.last_used_at >= LAST_USED_GRAIN:
        ScimToken.objects.filter(pk=live.pk).update(last_used_at=now)
    return live
