"""A holder's whole record: all badges in force, in one credential that is signed when it is asked for and not kept."""

import json
import secrets
import uuid
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from campus.badges.candidates import is_signable
from campus.badges.credentials.facts import RecipientFacts, RecordFacts
from campus.badges.credentials.jwt import sign_jwt
from campus.badges.credentials.keys import IssuerKeys
from campus.badges.credentials.record import record_of, sign_record
from campus.badges.credentials.record_checks import MOST_BADGES
from campus.badges.keys import issuer_of_site, signing_keys
from campus.badges.models import Award, AwardQuerySet, Issuer
from campus.badges.signing import LANGUAGES, issuer_facts
from campus.people.models import Person
from campus.people.visibility import profile_of


def in_record(person: Person) -> AwardQuerySet:
    """The badges that her record holds, the latest ones: those in force whose keys are trusted."""
    held = Award.objects.in_force().filter(person=person, credential__key__compromised_at=None)
    return held.select_related("credential").order_by("-issued_at", "-pk")[:MOST_BADGES]


def signed_record(person: Person, *, at: datetime) -> dict[str, Any] | None:
    """The record as of now (Comprehensive Learner Record 2.0); None where there is no badge. Raises KeysLocked."""
    made = _made(person, at)
    return sign_record(*made, created=at) if made else None


def record_token(person: Person, *, at: datetime) -> str | None:
    """The same as a JWT, whose payload is the record. Raises KeysLocked."""
    made = _made(person, at)
    return sign_jwt(*made) if made else None


def _made(person: Person, at: datetime) -> tuple[dict[str, Any], IssuerKeys] | None:
    """The record, not signed yet, and what signs it."""
    awards = list(in_record(person))
    if not awards:
        return None
    issuer = issuer_of_site()
    _row, keys = signing_keys(issuer)
    return record_of(_facts(person, issuer, awards, at)), keys


def _facts(person: Person, issuer: Issuer, awards: list[Award], at: datetime) -> RecordFacts:
    language = person.language if person.language in LANGUAGES else LANGUAGES[0]
    with override(language):
        title = _("Learner record")
    return RecordFacts(
        id=uuid.uuid4().urn,
        name=title,
        issuer=issuer_facts(issuer, language),
        recipient=_recipient(person, language),
        valid_from=at,
        badges=[json.loads(award.credential.document) for award in awards],
    )


def _recipient(person: Person, language: str) -> RecipientFacts:
    """A name that can't be signed is left out: the hash of the address stands for the holder."""
    roman = profile_of(person).name_roman if language == "en" else ""
    name = roman or person.name
    return RecipientFacts(uuid.uuid4().urn, person.email, secrets.token_hex(16), name=name if is_signable(name) else "")
