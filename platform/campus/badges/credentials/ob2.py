"""Open Badges 2.0, which Japan's wallets read: documents that are hosted, each at its own address."""

from collections.abc import Sequence

from campus.badges.credentials.facts import AchievementFacts, AwardFacts, Document, Hosting, IssuerFacts, Revocation
from campus.badges.credentials.text import identity_hash, plain, stamp

CONTEXT = "https://w3id.org/openbadges/v2"
_NOBODY = "urn:uuid:00000000-0000-4000-8000-{:012x}"


def assertion(award: AwardFacts, hosting: Hosting) -> Document:
    """That this person was awarded the badge class."""
    recipient = award.recipient
    evidence = [
        {"id": item.url, "name": plain("evidence.name", item.name), "narrative": plain("evidence", item.narrative)}
        for item in award.evidence
    ]
    return _headed(
        hosting.assertion_url,
        "Assertion",
        {
            "recipient": {
                "type": "email",
                "hashed": True,
                "salt": recipient.salt,
                "identity": identity_hash(recipient.email, recipient.salt),
            },
            "badge": hosting.badge_class_url,
            "image": hosting.baked_url,
            "issuedOn": stamp(award.awarded_on),
            "expires": stamp(award.valid_until) if award.valid_until else "",
            "verification": {"type": "HostedBadge"},
            "evidence": [_filled(item) for item in evidence],
        },
    )


def revoked_assertion(assertion_url: str, reason: str = "") -> Document:
    """What the address of a revoked assertion answers, with the HTTP status 410."""
    document = {"revoked": True, "revocationReason": plain("revocation.reason", reason)}
    return _headed(assertion_url, "Assertion", document)


def badge_class(achievement: AchievementFacts, hosting: Hosting) -> Document:
    """The achievement."""
    criteria = {"id": achievement.criteria_url, "narrative": plain("achievement.criteria", achievement.criteria)}
    alignments = [
        {
            "targetName": plain("alignment.name", item.name),
            "targetUrl": item.url,
            "targetDescription": plain("alignment.description", item.description),
            "targetFramework": plain("alignment.framework", item.framework),
            "targetCode": plain("alignment.code", item.code),
        }
        for item in achievement.alignments
    ]
    return _headed(
        hosting.badge_class_url,
        "BadgeClass",
        {
            "name": plain("achievement.name", achievement.name),
            "description": plain("achievement.description", achievement.description),
            "image": hosting.image_url,
            "criteria": _filled(criteria),
            "issuer": hosting.issuer_url,
            "alignment": [_filled(item) for item in alignments],
            "tags": [plain("achievement.tags", tag) for tag in achievement.tags],
            "@language": achievement.language,
            "version": plain("achievement.version", achievement.version),
        },
    )


def issuer_profile(issuer: IssuerFacts, hosting: Hosting) -> Document:
    """The issuer. The standard wants an address of mail and a web page."""
    return _headed(
        hosting.issuer_url,
        "Issuer",
        {
            "name": plain("issuer.name", issuer.name),
            "url": issuer.url,
            "email": issuer.email,
            "description": plain("issuer.description", issuer.description),
            "image": issuer.image_url,
            "revocationList": hosting.revocations_url,
        },
    )


def revocation_list(revoked: Sequence[Revocation], hosting: Hosting) -> Document:
    """The revoked assertions. A list of one is read as empty by the standard's validator, so it has two at least."""
    entries = [
        _filled({"id": item.id, "revocationReason": plain("revocation.reason", item.reason)}) for item in revoked
    ]
    entries += [
        {"id": _NOBODY.format(number), "revocationReason": "No badge: fills the list."}
        for number in range(1, 3 - len(entries))
    ]
    return _headed(
        hosting.revocations_url, "RevocationList", {"issuer": hosting.issuer_url, "revokedAssertions": entries}
    )


def _headed(url: str, kind: str, document: Document) -> Document:
    return {"@context": CONTEXT, "type": kind, "id": url} | _filled(document)


def _filled(document: Document) -> Document:
    return {name: value for name, value in document.items() if value not in ("", [], {}, None)}
