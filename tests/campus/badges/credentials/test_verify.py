"""Every way of tampering, every foreign key and every wrong moment fails the check that it should."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from campus.badges.credentials.did import did_document
from campus.badges.credentials.facts import Document
from campus.badges.credentials.keys import generate_keys
from tests.campus.badges.credentials.site import (
    DID,
    EMAIL,
    KEYS,
    NOW,
    STRANGER,
    Published,
    copied,
    failed,
    signed,
    token,
    without_end,
)


def _renamed(badge: Any) -> None:
    badge["credentialSubject"]["achievement"]["name"] = "ケーススタディ優等"


def _other_holder(badge: Any) -> None:
    badge["credentialSubject"]["identifier"][0]["salt"] = "other"


def _longer(badge: Any) -> None:
    badge["validUntil"] = "2099-01-01T00:00:00Z"


def _other_proof_date(badge: Any) -> None:
    badge["proof"]["created"] = "2020-01-01T00:00:00Z"


def _broken_signature(badge: Any) -> None:
    badge["proof"]["proofValue"] = badge["proof"]["proofValue"][:-1] + "1"


def _without_status(badge: Any) -> None:
    del badge["credentialStatus"]


@pytest.mark.parametrize(
    "tamper", [_renamed, _other_holder, _longer, _other_proof_date, _broken_signature, _without_status]
)
def test_a_changed_badge_is_refused(badge: Document, tamper: Callable[[Any], None]) -> None:
    changed = copied(badge)
    tamper(changed)

    assert failed(Published().verdict(changed, email=""))["proof"] == "proof.wrong"


def _grade(badge: Any) -> None:
    badge["grade"] = "A+"


def _deep(badge: Any) -> None:
    badge["credentialSubject"]["achievement"]["criteria"]["passedWith"] = "distinction"


def _alias(badge: Any) -> None:
    badge["https://schema.org/name"] = "ケーススタディ優等"


def _relative(badge: Any) -> None:
    badge["credentialSubject"]["achievement"]["alignment"][0]["endorsement"] = {"id": "no-address"}


def _property_without_a_name(badge: Any) -> None:
    badge["_:grade"] = "A+"


def _node_without_a_name(badge: Any) -> None:
    badge["evidence"].append({"id": "https://badges.example/a b", "type": ["Evidence"], "name": "論文"})


def _class_without_a_name(badge: Any) -> None:
    badge["credentialSubject"]["achievement"]["type"].append("https://badges.example/with distinction")


def _word_beside(badge: Any) -> None:
    badge["evidence"][0]["@index"] = "with distinction"


ADDITIONS = [
    _grade,
    _deep,
    _alias,
    _relative,
    _property_without_a_name,
    _node_without_a_name,
    _class_without_a_name,
    _word_beside,
]


@pytest.mark.parametrize("add", ADDITIONS)
def test_an_addition_without_signature_is_refused(badge: Document, add: Callable[[Any], None]) -> None:
    added = copied(badge)
    add(added)

    assert failed(Published().verdict(added))["context"] == "context.unsigned"


def test_an_addition_that_pyld_alone_would_let_pass_is_the_guards_to_refuse(badge: Document) -> None:
    verdict = Published().verdict(copied(badge) | {"grade": "A+"})

    assert verdict["proof"].ok
    assert failed(verdict) == {"context": "context.unsigned"}


def _set_aside(badge: Document, *names: str) -> Any:
    """The same statements, some of them where nobody looks for them."""
    aside = copied(badge)
    moved = {name: aside.pop(name) for name in names}
    return aside | {"@included": [{"id": badge["id"], "type": ["VerifiableCredential"], **moved}]}


@pytest.mark.parametrize("names", [("credentialStatus",), ("validUntil",), ("credentialStatus", "validUntil")])
def test_what_ends_a_badge_can_not_be_set_aside(badge: Document, names: tuple[str, ...]) -> None:
    verdict = Published(revoked=(94_567,)).verdict(_set_aside(badge, *names), now=NOW.replace(year=2030))

    assert verdict["proof"].ok  # For the statements are the same.
    assert failed(verdict)["context"] == "context.unsigned"


def test_a_genuine_badge_can_not_be_wrapped_into_a_forged_one(badge: Document) -> None:
    held = {name: value for name, value in badge.items() if name not in ("@context", "proof")}
    nothing = "urn:no name"  # What is said about it is no statement, so no signature misses it.
    subject = {"id": nothing, "type": ["AchievementSubject"], "achievement": {"id": nothing, "type": ["Achievement"]}}
    subject["achievement"] |= {"name": "博士", "description": "…", "criteria": {"id": nothing}}
    head = {name: badge[name] for name in ("@context", "type", "issuer", "validFrom", "credentialStatus", "proof")}
    forged = head | {"id": nothing, "credentialSubject": subject, "relatedResource": held}

    assert failed(Published().verdict(forged, email=""))["context"] == "context.unsigned"


def test_a_proof_in_a_list_of_one_is_a_proof(badge: Document) -> None:
    assert Published().verdict(badge | {"proof": [badge["proof"]]}).is_genuine
    assert failed(Published().verdict(badge | {"proof": [badge["proof"]] * 2})) == {"structure": "proof.many"}


def test_a_badge_that_redefines_terms_is_refused(badge: Document) -> None:
    twisted = copied(badge)
    twisted["@context"].append({"grade": None})

    assert failed(Published().verdict(twisted))["context"] == "context.inline"


def test_terms_from_elsewhere_are_never_fetched(badge: Document) -> None:
    foreign = copied(badge)
    foreign["@context"].append("https://evil.example/context.json")

    assert failed(Published().verdict(foreign)) == {"context": "context.unknown", "proof": "proof.wrong"}


def test_a_word_in_the_proof_that_is_not_signed_is_refused(badge: Document) -> None:
    added = copied(badge)
    added["proof"]["comment"] = "with distinction"

    assert failed(Published().verdict(added)) == {"structure": "proof.wrong"}


def test_a_strangers_key_is_refused_though_it_has_the_same_name() -> None:
    assert failed(Published().verdict(signed(keys=STRANGER))) == {"proof": "proof.wrong"}
    assert failed(Published().verdict(token(keys=STRANGER))) == {"proof": "proof.wrong"}


def test_a_key_of_another_issuer_is_refused() -> None:
    other = generate_keys(did="did:web:evil.example", name="1")
    published = Published(others={other.did: did_document(other.did, [other.public])})

    assert failed(published.verdict(signed(keys=other))) == {"proof": "proof.not_issuers_key"}
    assert failed(published.verdict(token(keys=other))) == {"proof": "proof.not_issuers_key"}


def test_an_issuer_that_nobody_knows_is_not_confirmed(badge: Document) -> None:
    assert failed(Published(others={DID: None}).verdict(badge)) == {
        "proof": "issuer.unresolved",
        "issuer": "issuer.unresolved",
        "status": "status.unreadable",
    }


def test_a_document_that_names_another_did_proves_nothing(badge: Document) -> None:
    forged = did_document("did:web:evil.example", [KEYS.public])

    assert failed(Published(others={DID: forged}).verdict(badge))["issuer"] == "issuer.other"


def test_badges_of_an_old_generation_stay_genuine(badge: Document) -> None:
    newer = generate_keys(did=DID, name="2027-04")
    published = Published(generations=(KEYS.public, newer.public), list_keys=newer)

    assert published.verdict(badge).is_genuine
    assert published.verdict(token()).is_genuine
    assert published.verdict(signed(keys=newer)).is_genuine


def test_badges_of_a_stolen_generation_are_not(badge: Document) -> None:
    newer = generate_keys(did=DID, name="2027-04")
    stolen = replace(KEYS.public, revoked=NOW)
    published = Published(generations=(stolen, newer.public), list_keys=newer)

    assert failed(published.verdict(badge)) == {"proof": "proof.key_revoked"}
    assert failed(published.verdict(token())) == {"proof": "proof.key_revoked"}
    assert published.verdict(badge, now=NOW - timedelta(days=1))["proof"].ok


def test_a_key_that_may_not_sign_badges_is_refused(badge: Document) -> None:
    document = did_document(DID, [KEYS.public]) | {"assertionMethod": []}

    assert failed(Published(others={DID: document}).verdict(badge))["proof"] == "proof.not_issuers_key"


@pytest.mark.parametrize("form", [signed, token])
def test_time_is_told_by_the_clock_given(form: Callable[[], Any]) -> None:
    badge = form()

    assert failed(Published().verdict(badge, now=NOW.replace(year=2030)))["time"] == "time.expired"
    assert failed(Published().verdict(badge, now=NOW - timedelta(days=1)))["time"] == "time.not_yet"
    assert Published().verdict(badge, now=NOW - timedelta(minutes=2))["time"].ok


def test_a_badge_without_end_never_expires() -> None:
    assert Published().verdict(signed(without_end()), now=NOW.replace(year=2090))["time"].code == "time.unlimited"


def test_whose_badge_it_is_is_checked_by_address(badge: Document) -> None:
    assert Published().verdict(badge, email=f" {EMAIL.upper()} ").is_genuine
    assert failed(Published().verdict(badge, email="ren@learners.example")) == {"recipient": "recipient.other"}
    assert Published().verdict(badge, email="")["recipient"].ok is None


@pytest.mark.parametrize("name", ["id", "type", "issuer", "validFrom", "credentialSubject", "proof"])
def test_what_the_standard_requires_is_asked_for(badge: Document, name: str) -> None:
    partly = copied(badge)
    del partly[name]

    assert set(failed(Published().verdict(partly))) == {"structure"}
