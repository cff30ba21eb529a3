"""Keys are made, sealed, opened by their passphrase alone, and found in the DID document."""

import json
from dataclasses import asdict, replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from campus.badges.credentials import did
from campus.badges.credentials.keys import NotKeys, PublicKeys, WrongPassphrase, export_keys, generate_keys, import_keys
from tests.campus.badges.credentials.site import DID, KEYS, NOW

PASSPHRASE = "鍵の合言葉 correct horse"


@pytest.fixture(scope="module")
def exported() -> bytes:
    return export_keys(KEYS, PASSPHRASE)


def test_keys_come_back_as_they_were(exported: bytes) -> None:
    back = import_keys(exported, PASSPHRASE)

    assert back.public == KEYS.public
    assert back.ed25519.private_bytes_raw() == KEYS.ed25519.private_bytes_raw()
    assert back.p256.private_numbers() == KEYS.p256.private_numbers()


def test_another_passphrase_opens_nothing(exported: bytes) -> None:
    with pytest.raises(WrongPassphrase):
        import_keys(exported, PASSPHRASE + " ")


@pytest.mark.parametrize("changed", [{"did": "did:web:evil.example"}, {"name": "2020-01"}, {"multikey": "z6Mk"}])
def test_what_stands_beside_the_sealed_keys_cannot_be_changed(exported: bytes, changed: dict[str, str]) -> None:
    with pytest.raises(WrongPassphrase):
        import_keys(json.dumps(json.loads(exported) | changed), PASSPHRASE)


@pytest.mark.parametrize("text", ["", "[]", "{}", "hello", '{"format": "manabiai-issuer-keys-1"}'])
def test_what_is_no_export_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NotKeys):
        import_keys(text, PASSPHRASE)


def test_a_cost_that_would_fill_the_memory_is_refused(exported: bytes) -> None:
    head = json.loads(exported)
    head["scrypt"]["n"] = 2**30

    with pytest.raises(NotKeys):
        import_keys(json.dumps(head), PASSPHRASE)


def test_nothing_secret_is_readable(exported: bytes) -> None:
    assert b"PRIVATE" not in exported
    assert "PrivateKey" not in repr(KEYS)
    assert export_keys(KEYS, PASSPHRASE) != exported  # another salt each time


def test_public_keys_can_be_kept_as_json() -> None:
    kept = json.loads(json.dumps(asdict(KEYS.public)))

    assert PublicKeys(**kept) == KEYS.public


@pytest.mark.parametrize(("issuer", "name"), [("https://a.example", "1"), (DID, ""), (DID, "a b"), (DID, "x#y")])
def test_names_that_make_no_key_id_are_refused(issuer: str, name: str) -> None:
    with pytest.raises(ValueError, match="did:web"):
        generate_keys(did=issuer, name=name)


@pytest.mark.parametrize(
    ("url", "name", "document"),
    [
        ("https://badges.example", "did:web:badges.example", "https://badges.example/.well-known/did.json"),
        ("https://a.example:8443/", "did:web:a.example%3A8443", "https://a.example:8443/.well-known/did.json"),
        ("https://a.example/x/y/", "did:web:a.example:x:y", "https://a.example/x/y/did.json"),
    ],
)
def test_a_did_is_an_address_in_other_words(url: str, name: str, document: str) -> None:
    assert did.did_web(url) == name
    assert did.did_url(name) == document


@pytest.mark.parametrize("name", ["did:key:z6Mk", "https://a.example", "did:web:"])
def test_other_dids_have_no_address(name: str) -> None:
    with pytest.raises(ValueError, match="no did:web"):
        did.did_url(name)


def test_the_document_holds_every_generation_with_absolute_ids() -> None:
    newer = generate_keys(did=DID, name="2027-04")
    document = did.did_document(DID, [replace(KEYS.public, revoked=NOW), newer.public])
    ids = [f"{DID}#2026-11", f"{DID}#2026-11-jwt", f"{DID}#2027-04", f"{DID}#2027-04-jwt"]

    assert [method["id"] for method in document["verificationMethod"]] == document["assertionMethod"] == ids
    assert [method["type"] for method in document["verificationMethod"]] == ["Multikey", "JsonWebKey"] * 2
    assert [method.get("revoked") for method in document["verificationMethod"]] == [
        "2026-11-26T06:30:00Z",
        "2026-11-26T06:30:00Z",
        None,
        None,
    ]
    assert not {"d", "p", "q"} & {name for method in document["verificationMethod"] for name in method}


def test_a_key_is_found_as_it_was_made() -> None:
    document = did.did_document(DID, [KEYS.public])
    method = did.method_of(document, KEYS.public.proof_key_id)
    jwt_method = did.method_of(document, KEYS.public.jwt_key_id)

    assert method
    assert jwt_method
    assert did.public_key_of(method) == KEYS.ed25519.public_key()
    assert did.public_key_of(jwt_method) == KEYS.p256.public_key()


def test_a_method_embedded_for_assertions_counts_and_one_for_another_use_does_not() -> None:
    document = did.did_document(DID, [KEYS.public])
    first, second = document["verificationMethod"]
    embedded = {"id": DID, "assertionMethod": [first], "authentication": [second]}

    assert did.method_of(embedded, first["id"]) == first
    assert did.method_of(embedded, second["id"]) is None


@pytest.mark.parametrize(
    "method",
    [
        {},
        {"publicKeyMultibase": "zNo0l"},
        {"publicKeyMultibase": "z6Mk"},
        {"publicKeyMultibase": "u7QE"},
        {"publicKeyJwk": {"kty": "EC", "crv": "P-384"}},
        {"publicKeyJwk": {"kty": "oct", "k": "c2VjcmV0"}},
        {"publicKeyJwk": {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}},
    ],
)
def test_other_kinds_of_key_are_not_read(method: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of several libraries
        did.public_key_of(method)


def test_an_expired_key_has_ended_and_an_unreadable_end_is_one() -> None:
    assert did.is_ended({"expires": "2026-11-26T06:30:00Z"}, "2026-11-26T06:30:00Z")
    assert did.is_ended({"revoked": "yes"}, "2026-11-26T06:30:00Z")
    assert not did.is_ended({"expires": "2026-11-26T06:30:01Z"}, "2026-11-26T06:30:00Z")


def test_a_multikey_is_what_the_standard_writes() -> None:
    # The key of section 3.3.2 of W3C's "Data Integrity EdDSA Cryptosuites".
    known = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    key = did.public_key_of({"publicKeyMultibase": known})

    assert isinstance(key, ed25519.Ed25519PublicKey)
    assert len(key.public_bytes_raw()) == 32
