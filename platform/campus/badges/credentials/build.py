"""The credential of Open Badges 3.0 from the facts; not signed yet."""

import secrets
import uuid
from typing import Any

from campus.badges.credentials.facts import (
    AchievementFacts,
    AlignmentFacts,
    AwardFacts,
    Document,
    EvidenceFacts,
    IssuerFacts,
    RecipientFacts,
    RelatedFacts,
    RevocationListPlace,
    StatusPlace,
)
from campus.badges.credentials.text import address, identity_hash, plain, stamp

# The order counts. Never the unversioned context, which changes.
CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
]
SCHEMA = {
    "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
    "type": "1EdTechJsonSchemaValidator2019",
}


def new_salt() -> str:
    """A salt for one badge."""
    return secrets.token_hex(16)


def new_subject_id() -> str:
    """A name for the holder that stands in one badge only."""
    return uuid.uuid4().urn


def credential_of(award: AwardFacts) -> Document:
    """The award as an OpenBadgeCredential. ``RefusedText`` names a text with control characters."""
    return filled(
        {
            "@context": CONTEXTS,
            "id": address("id", award.id),
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": plain("achievement.name", award.achievement.name),
            "issuer": profile_of(award.issuer),
            "validFrom": stamp(award.valid_from),
            "validUntil": stamp(award.valid_until) if award.valid_until else None,
            "awardedDate": stamp(award.awarded_on),
            "credentialSubject": {
                "id": address("recipient.subject_id", award.recipient.subject_id),
                "type": ["AchievementSubject"],
                "identifier": identifiers_of(award.recipient),
                "achievement": achievement_of(award.achievement),
            },
            "evidence": [_evidence(item) for item in award.evidence],
            "credentialSchema": [SCHEMA],
            "credentialStatus": status_of(award.status),
        }
    )


def filled(document: Document) -> Document:
    """Without what is empty: a credential has no nulls and no empty lists."""
    return {name: value for name, value in document.items() if value not in (None, "", [], {})}


def profile_of(issuer: IssuerFacts) -> Document:
    """The issuer as a Profile."""
    return filled(
        {
            "id": address("issuer.did", issuer.did),
            "type": ["Profile"],
            "name": plain("issuer.name", issuer.name),
            "url": address("issuer.url", issuer.url),
            "email": plain("issuer.email", issuer.email),
            "description": plain("issuer.description", issuer.description),
            "image": _image(address("issuer.image_url", issuer.image_url)),
        }
    )


def achievement_of(achievement: AchievementFacts) -> Document:
    """The achievement as it stands in every badge of it."""
    return filled(
        {
            "id": address("achievement.id", achievement.id),
            "type": ["Achievement"],
            "achievementType": achievement.kind,
            "name": plain("achievement.name", achievement.name),
            "description": plain("achievement.description", achievement.description),
            "criteria": filled(
                {
                    "id": address("achievement.criteria_url", achievement.criteria_url),
                    "narrative": plain("achievement.criteria", achievement.criteria),
                }
            ),
            "image": _image(
                address("achievement.image_url", achievement.image_url),
                plain("achievement.image_caption", achievement.image_caption),
            ),
            "inLanguage": achievement.language,
            "version": plain("achievement.version", achievement.version),
            "tag": [plain("achievement.tags", tag) for tag in achievement.tags],
            "alignment": [_alignment(item) for item in achievement.alignments],
            "related": [_related(item) for item in achievement.related],
        }
    )


def status_of(place: StatusPlace | RevocationListPlace | None) -> Document | None:
    """The entry that tells a verifier where to ask whether the badge was revoked."""
    if isinstance(place, StatusPlace):
        return {
            "id": f"{address('status.list_url', place.list_url)}#{place.index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(place.index),
            "statusListCredential": place.list_url,
        }
    return {"id": place.list_url, "type": "1EdTechRevocationList"} if place else None


def identifiers_of(recipient: RecipientFacts) -> list[Document]:
    """Who it is about: the hash of the address, and the name where one is given."""
    hashed = {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": identity_hash(recipient.email, recipient.salt),
        "identityType": "emailAddress",
        "salt": recipient.salt,
    }
    name = {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": plain("recipient.name", recipient.name),
        "identityType": "name",
    }
    return [hashed, name] if recipient.name else [hashed]


def _image(url: str, caption: str = "") -> Any:
    return filled({"id": url, "type": "Image", "caption": caption}) if url else None


def _alignment(item: AlignmentFacts) -> Document:
    return filled(
        {
            "type": ["Alignment"],
            "targetName": plain("alignment.name", item.name),
            "targetUrl": address("alignment.url", item.url),
            "targetDescription": plain("alignment.description", item.description),
            "targetFramework": plain("alignment.framework", item.framework),
            "targetCode": plain("alignment.code", item.code),
            "targetType": item.kind,
        }
    )


def _related(item: RelatedFacts) -> Document:
    return filled(
        {
            "id": address("related.id", item.id),
            "type": ["Related"],
            "inLanguage": item.language,
            "version": plain("related.version", item.version),
        }
    )


def _evidence(item: EvidenceFacts) -> Document:
    return filled(
        {
            "id": address("evidence.url", item.url),
            "type": ["Evidence"],
            "name": plain("evidence.name", item.name),
            "description": plain("evidence.description", item.description),
            "narrative": plain("evidence.narrative", item.narrative),
            "genre": plain("evidence.kind", item.kind),
        }
    )
