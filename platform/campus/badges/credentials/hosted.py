"""The same questions for Open Badges 2.0, where being hosted at the issuer's address takes the place of a signature."""

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from campus.badges.credentials.checks import Failed, Passed, Resolver, is_address_of
from campus.badges.credentials.facts import Document
from campus.badges.credentials.ob2 import CONTEXT
from campus.badges.credentials.text import moment_of, stamp


def is_ob2(document: Document) -> bool:
    """Whether the JSON is an assertion of Open Badges 2.0."""
    return document.get("@context") == CONTEXT and document.get("type") == "Assertion"


def _is_same_site(one: str, other: str) -> bool:
    try:
        return urlsplit(one)[:2] == urlsplit(other)[:2]
    except ValueError:
        return False


class Assertion:
    """A hosted assertion: as somebody holds it out, and as it stands at its address, which is what counts."""

    def __init__(self, document: Document, resolver: Resolver, address: str = "") -> None:
        self._given, self._resolver = document, resolver
        self._address = address or str(document.get("id"))
        self.document: Document = resolver(self._address) or document

    def structure(self) -> Passed:
        """What Open Badges 2.0 requires of an assertion; of a revoked one there is little left."""
        if not is_ob2(self.document) or self.document.get("id") != self._address:
            raise Failed("structure.missing", name="id")
        if self.document.get("revoked"):
            return Passed("structure.ob2")
        for name, kind in (("recipient", dict), ("badge", str), ("issuedOn", str), ("verification", dict)):
            if not isinstance(self.document.get(name), kind):
                raise Failed("structure.missing", name=name)
        if self.document["verification"].get("type") not in ("HostedBadge", "hosted"):
            raise Failed("proof.kind", kind=str(self.document["verification"].get("type")))
        return Passed("structure.ob2")

    def questions(self, now: datetime, email: str) -> Mapping[str, Callable[[], Passed]]:
        """The checks in order."""
        return {
            "context": lambda: Passed("context.hosted"),
            "proof": self._proof,
            "issuer": self._issuer,
            "time": lambda: self._time(now),
            "status": self._status,
            "recipient": lambda: self._recipient(email),
        }

    def _proof(self) -> Passed:
        hosted = self._resolver(self._address)
        if not hosted:
            raise Failed("hosted.missing", url=self._address)
        if self._given and not hosted.get("revoked") and hosted != self._given:
            raise Failed("hosted.different", url=self._address)
        return Passed("hosted.same", {"url": self._address})

    def _issuer(self) -> Passed:
        if self.document.get("revoked"):
            return Passed("issuer.not_named", ok=None)
        badge = self._found(str(self.document["badge"]), "BadgeClass")
        issuer = self._found(str(badge.get("issuer")), "Issuer")
        if not _is_same_site(str(issuer["id"]), self._address):
            raise Failed("issuer.other", did=str(issuer["id"]))
        return Passed("issuer.known", {"issuer": str(issuer.get("name")), "did": str(issuer["id"])})

    def _found(self, url: str, kind: str) -> Document:
        found = self._resolver(url)
        if not found or found.get("id") != url or found.get("type") != kind:
            raise Failed("issuer.unresolved", did=url)
        return found

    def _time(self, now: datetime) -> Passed:
        ends = moment_of(self.document["expires"]) if "expires" in self.document else None
        if "expires" in self.document and (not ends or ends <= now):
            raise Failed("time.expired", until=stamp(ends) if ends else str(self.document["expires"]))
        return Passed("time.until", {"until": stamp(ends)}) if ends else Passed("time.unlimited")

    def _status(self) -> Passed:
        if self.document.get("revoked"):
            raise Failed("status.revoked")
        return Passed("status.good", {"url": self._address})

    def _recipient(self, email: str) -> Passed:
        if not email:
            return Passed("recipient.not_asked", ok=None)
        if self.document.get("revoked"):
            return Passed("not_asked", ok=None)
        if not is_address_of(self.document.get("recipient") or {}, email, "identity"):
            raise Failed("recipient.other")
        return Passed("recipient.same")
