"""The questions that ``verify`` asks of a Comprehensive Learner Record 2.0, beside those asked of every badge in it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from campus.badges.credentials import checks
from campus.badges.credentials.canonical import NotCanonical, is_wholly_signed
from campus.badges.credentials.checks import Failed, Passed
from campus.badges.credentials.contexts import UnknownContext
from campus.badges.credentials.facts import Document
from campus.badges.credentials.record import RECORD_CONTEXTS, around_badges

if TYPE_CHECKING:
    from campus.badges.credentials.verify import Verdict

# Each is checked by itself, so a forged record could else keep a processor busy.
MOST_BADGES = 40


def is_record(document: Document) -> bool:
    """Whether the JSON is a learner record."""
    types = document.get("type")
    return isinstance(types, list) and "ClrCredential" in types


def structure(document: Document, *, with_proof: bool) -> Passed:
    """What the standard requires of a record; that its badges are complete is asked of each of them."""
    checks.structure_of_credential(document)
    checks.need(RECORD_CONTEXTS[1] in checks.texts(document, "@context"), "@context")
    subject = checks.part(document, "credentialSubject")
    checks.need("ClrSubject" in checks.texts(subject, "type"), "credentialSubject.type")
    badges: Any = subject.get("verifiableCredential")
    is_list = isinstance(badges, list) and all(isinstance(badge, dict) for badge in badges)
    checks.need(is_list and 1 <= len(badges) <= MOST_BADGES, "credentialSubject.verifiableCredential")
    if with_proof:
        checks.sound_proof(document)
    return Passed("structure.clr")


def badges_in(document: Document) -> list[Document]:
    """The badges of a record of sound structure."""
    return list(document["credentialSubject"]["verifiableCredential"])


def known_contexts(document: Document) -> Passed:
    """Only contexts that we hold, in the record and in its badges."""
    for badge in badges_in(document):
        checks.known_contexts(badge)
    return checks.known_contexts(document)


def context(document: Document) -> Passed:
    """Everything around the badges is covered by the record's signature; of the badges it is asked one by one."""
    known_contexts(document)
    try:
        if is_wholly_signed(around_badges(document)):
            return Passed("context.all_signed")
    except (NotCanonical, UnknownContext):
        pass
    raise Failed("context.unsigned")


def contents(badges: Sequence["Verdict"]) -> Passed:
    """Every badge in it is genuine and in force."""
    failed = [badge for badge in badges if not badge.is_genuine]
    if any(not badge.was_genuine for badge in failed):
        raise Failed("contents.forged")
    if failed:
        raise Failed("contents.over", count=str(len(failed)), all=str(len(badges)))
    return Passed("contents.good", {"count": str(len(badges))})
