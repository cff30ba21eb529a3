"""The questions that ``verify`` asks of an Open Badges 3.0 credential, each in a function that passes or fails."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ed25519

from campus.badges.credentials import contexts
from campus.badges.credentials.build import CONTEXTS
from campus.badges.credentials.canonical import NotCanonical, is_wholly_signed
from campus.badges.credentials.did import PublicKey, is_ended, method_of, public_key_of
from campus.badges.credentials.facts import Document
from campus.badges.credentials.proof import PROPERTIES, SUITE, is_genuine
from campus.badges.credentials.status import NotAStatusList, StatusList
from campus.badges.credentials.text import identity_hash, moment_of, stamp

Resolver = Callable[[str], Document | None]
_SKEW = timedelta(minutes=5)  # between the issuer's clock and ours


@dataclass(frozen=True)
class Passed:
    """Yes; or, with ``ok`` None, not asked."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    ok: bool | None = True


class Failed(Exception):
    """No, with a code of ``messages`` and what its words are made of."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, {name: value[:300] for name, value in params.items()}


def structure(document: Document, *, with_proof: bool) -> Passed:
    """What Open Badges 3.0 requires of every credential."""
    structure_of_credential(document)
    need({"OpenBadgeCredential", "AchievementCredential"} & {*texts(document, "type")}, "type")
    subject = part(document, "credentialSubject")
    achievement = part(subject, "achievement", "credentialSubject.")
    within = "credentialSubject.achievement."
    need("AchievementSubject" in texts(subject, "type"), "credentialSubject.type")
    need(_is_text(subject, "id") or subject.get("identifier"), "credentialSubject.id")
    need("Achievement" in texts(achievement, "type"), f"{within}type")
    for name in ("id", "name", "description"):
        need(_is_text(achievement, name), within + name)
    criteria = part(achievement, "criteria", within)
    need(_is_text(criteria, "id") or _is_text(criteria, "narrative"), f"{within}criteria")
    if with_proof:
        sound_proof(document)
    return Passed("structure.ob3")


def structure_of_credential(document: Document) -> None:
    """What is asked of a badge and of a whole record alike."""
    named = document.get("@context")
    need(isinstance(named, list) and named[:1] == CONTEXTS[:1], "@context")
    need("VerifiableCredential" in texts(document, "type"), "type")
    need(_is_text(document, "id"), "id")
    need(moment_of(document.get("validFrom")), "validFrom")
    need("validUntil" not in document or moment_of(document["validUntil"]), "validUntil")
    need(_is_text(part(document, "issuer"), "id"), "issuer.id")


def need(condition: object, name: str) -> None:
    """Fail where something that is required is missing."""
    if not condition:
        raise Failed("structure.missing", name=name)


def part(document: Document, name: str, within: str = "") -> Document:
    """An object in the document."""
    found = document.get(name)
    if not isinstance(found, dict):
        raise Failed("structure.missing", name=within + name)
    return found


def texts(document: Document, name: str) -> list[str]:
    """One text or several; none where there is something else among them."""
    value = document.get(name)
    values = value if isinstance(value, list) else [value]
    found = [item for item in values if isinstance(item, str)]
    return found if len(found) == len(values) else []


def _is_text(document: Document, name: str) -> bool:
    return isinstance(document.get(name), str) and bool(document[name])


def sound_proof(document: Document) -> None:
    """One proof of the kind that we can check, with nothing in it beside that."""
    proof = document.get("proof")
    if not isinstance(proof, dict):
        raise Failed("proof.missing" if not proof else "proof.many")
    if not all(isinstance(value, str) for value in proof.values()):
        raise Failed("proof.wrong")
    if proof.get("type") != "DataIntegrityProof" or proof.get("cryptosuite") != SUITE:
        raise Failed("proof.kind", kind=str(proof.get("cryptosuite") or proof.get("type")))
    if proof.get("proofPurpose") != "assertionMethod" or proof.keys() - {"created"} != PROPERTIES - {"created"}:
        raise Failed("proof.wrong")


def known_contexts(document: Document) -> Passed:
    """Only contexts that we hold; none written into the badge itself, which could turn words round."""
    named = texts(document, "@context")
    if not named:
        raise Failed("context.inline")
    for url in named:
        try:
            contexts.context_of(url)
        except contexts.UnknownContext:
            raise Failed("context.unknown", url=url) from None
    return Passed("context.known")


def context(document: Document) -> Passed:
    """Everything in the badge is covered by its signature: nothing could be added without one."""
    known_contexts(document)
    try:
        if is_wholly_signed({name: value for name, value in document.items() if name != "proof"}):
            return Passed("context.all_signed")
    except (NotCanonical, contexts.UnknownContext):
        pass
    raise Failed("context.unsigned")


def issuer_of(document: Document) -> str:
    """The DID that the badge names."""
    issuer = document.get("issuer")
    return str(issuer.get("id") if isinstance(issuer, dict) else issuer)


def issuer(document: Document, resolver: Resolver) -> Passed:
    """The issuer publishes keys under the name that the badge gives."""
    did = issuer_of(document)
    _document_of(did, resolver)
    named = document["issuer"].get("name") if isinstance(document["issuer"], dict) else None
    return Passed("issuer.known", {"issuer": str(named or did), "did": did})


def _document_of(did: str, resolver: Resolver) -> Document:
    document = resolver(did)
    if not document:
        raise Failed("issuer.unresolved", did=did)
    if document.get("id") != did:
        raise Failed("issuer.other", did=did)
    return document


def key_of(did: str, key_id: str, resolver: Resolver, now: datetime) -> PublicKey:
    """The issuer's key of this id, if it may sign badges and is not revoked."""
    method = method_of(_document_of(did, resolver), key_id)
    if not method:
        raise Failed("proof.not_issuers_key", key=key_id)
    if is_ended(method, stamp(now)):
        raise Failed("proof.key_revoked", key=key_id)
    try:
        return public_key_of(method)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Failed("proof.key_unreadable", key=key_id) from None


def proof(document: Document, resolver: Resolver, now: datetime) -> Passed:
    """The issuer's key signed exactly this."""
    sound_proof(document)
    key_id = document["proof"]["verificationMethod"]
    key = key_of(issuer_of(document), key_id, resolver, now)
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    try:
        if isinstance(key, ed25519.Ed25519PublicKey) and is_genuine(unsigned, document["proof"], key):
            return Passed("proof.data_integrity", {"key": key_id})
    except (NotCanonical, contexts.UnknownContext):
        pass
    raise Failed("proof.wrong")


def time(document: Document, now: datetime) -> Passed:
    """The badge counts already, and still."""
    begins, ends = moment_of(document["validFrom"]), moment_of(document.get("validUntil"))
    if begins and begins - _SKEW > now:
        raise Failed("time.not_yet", since=stamp(begins))
    if ends and ends <= now:
        raise Failed("time.expired", until=stamp(ends))
    return Passed("time.until", {"until": stamp(ends)}) if ends else Passed("time.unlimited")


def recipient(document: Document, email: str) -> Passed:
    """The badge is of whoever has this address."""
    if not email:
        return Passed("recipient.not_asked", ok=None)
    identifiers = document["credentialSubject"].get("identifier") or []
    for item in identifiers if isinstance(identifiers, list) else [identifiers]:
        if isinstance(item, dict) and item.get("identityType") == "emailAddress" and is_address_of(item, email):
            return Passed("recipient.same")
    raise Failed("recipient.other")


def is_address_of(identity: Document, email: str, name: str = "identityHash") -> bool:
    """Whether the identity object is of this address; 2.0 calls the hash ``identity``."""
    stands, salt = str(identity.get(name)), str(identity.get("salt") or "")
    if not identity.get("hashed"):
        return stands.lower() == email.strip().lower()
    return stands.lower() == identity_hash(email, salt).lower()


def status(document: Document, resolver: Resolver, now: datetime) -> Passed:
    """The issuer has not revoked the badge."""
    entry = document.get("credentialStatus")
    if not entry:
        return Passed("status.none", ok=None)
    kind = entry.get("type") if isinstance(entry, dict) else None
    if kind == "BitstringStatusListEntry":
        return _bitstring(document, entry, resolver, now)
    if kind == "1EdTechRevocationList":
        return _plain_list(document, entry, resolver)
    raise Failed("status.unknown", kind=str(kind))


def _bitstring(document: Document, entry: Document, resolver: Resolver, now: datetime) -> Passed:
    url, index = str(entry.get("statusListCredential")), str(entry.get("statusListIndex"))
    purpose = entry.get("statusPurpose")
    listed = _signed_list(url, issuer_of(document), resolver, now)
    if purpose not in ("revocation", "suspension") or listed.get("statusPurpose") != purpose:
        raise Failed("status.unreadable", url=url)
    try:
        is_set = StatusList.decode(str(listed.get("encodedList")))[int(index)]
    except (NotAStatusList, IndexError, ValueError):
        raise Failed("status.unreadable", url=url) from None
    if is_set:
        raise Failed("status.revoked" if purpose == "revocation" else "status.suspended")
    return Passed("status.good", {"url": url})


def _signed_list(url: str, issuer_did: str, resolver: Resolver, now: datetime) -> Document:
    """The status credential's subject, once its own proof, issuer and time hold."""
    listed: Any = resolver(url)
    if not listed:
        raise Failed("status.unresolved", url=url)
    try:
        need("BitstringStatusListCredential" in texts(listed, "type"), "type")
        need(listed.get("id") == url and issuer_of(listed) == issuer_did, "id")
        context(listed)
        proof(listed, resolver, now)
        time(listed, now)
        return part(listed, "credentialSubject")
    except (Failed, KeyError, TypeError, AttributeError):
        raise Failed("status.unreadable", url=url) from None


def _plain_list(document: Document, entry: Document, resolver: Resolver) -> Passed:
    url = str(entry.get("id"))
    listed: Any = resolver(url)
    if not listed:
        raise Failed("status.unresolved", url=url)
    revoked = listed.get("revokedCredential") or []
    if listed.get("id") != url or issuer_of(listed) != issuer_of(document) or not isinstance(revoked, list):
        raise Failed("status.unreadable", url=url)
    for item in revoked:
        if isinstance(item, dict) and item.get("id") == document["id"] and item.get("revoked", True):
            raise Failed("status.revoked")
    return Passed("status.good", {"url": url})
