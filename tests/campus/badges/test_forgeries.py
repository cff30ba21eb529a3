"""What a forger would try on the verification page: it never falls over, and never says yes."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from campus.badges import keys, signing
from campus.badges.credentials.baking import OB2, bake_png
from campus.badges.credentials.build import credential_of
from campus.badges.credentials.jwt import sign_jwt
from campus.badges.credentials.keys import generate_keys
from campus.badges.credentials.proof import sign
from campus.badges.credentials.sample import picture, sample_files
from campus.badges.models import Award
from tests.campus.badges.test_verifying import GENUINE, check, document_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def _with_status(document: Any, url: str) -> Any:
    document["credentialStatus"]["statusListCredential"] = url
    return document


def _other_status(document: Any) -> Any:
    """A place of the list that nobody revoked."""
    document["credentialStatus"] |= {"statusListIndex": "1", "id": document["credentialStatus"]["id"] + "1"}
    return document


def _in_the_name_of(document: Any, did: str) -> Any:
    document["issuer"]["id"] = did
    return document


def _redefined(document: Any) -> Any:
    document["@context"].append({"name": "https://schema.org/alternateName"})
    return document


def _proof_of_another(document: Any) -> Any:
    document["proof"]["verificationMethod"] = "did:web:evil.example#key-1"
    return document


CHANGES: list[Callable[[Any], Any]] = [
    lambda document: _with_status(document, "https://["),
    lambda document: _with_status(document, "//[x"),
    lambda document: _with_status(document, "https://evil.example/status"),
    lambda document: _in_the_name_of(document, "did:web:evil.example"),
    lambda document: _in_the_name_of(document, "https://["),
    lambda document: document | {"id": "https://[", "@context": "https://w3id.org/openbadges/v2", "type": "Assertion"},
    lambda document: document | {"credentialSubject": [document["credentialSubject"]]},
    lambda document: document | {"evidence": [{"type": ["Evidence"], "name": "\ud800"}]},
    _other_status,
    _redefined,
    _proof_of_another,
]


def test_a_forged_badge_is_refused_in_words(public: Award) -> None:
    for change in CHANGES:
        forged = json.dumps(change(document_of(public)))
        assert GENUINE not in check(text=forged)
        assert GENUINE not in check(file=SimpleUploadedFile("badge", bake_png(picture(8), forged)))


def test_what_is_no_badge_is_refused_in_words() -> None:
    for text in ["http://[", "https://[/badges/", "https://quest.example.jp/badges/\x00", "a.b.c", "{}", "\x00"]:
        assert GENUINE not in check(text=text)
        assert GENUINE not in check(link=text)
        assert GENUINE not in check(file=SimpleUploadedFile("badge", text.encode()))
        assert GENUINE not in check(file=SimpleUploadedFile("badge.png", bake_png(picture(8), text, OB2)))


def test_a_strangers_sample_is_called_another_issuers() -> None:
    files = sample_files(timezone.now())

    for name in ("credential.json", "credential.jwt", "badge.png", "assertion-2.0.json", "badge-2.0.png"):
        text = check(file=SimpleUploadedFile(name, files[name]))
        assert GENUINE not in text
        assert "names another issuer" in text, name


def test_keys_of_a_stranger_sign_nothing_in_our_name(public: Award) -> None:
    issuer = keys.issuer_of_site()
    facts = signing.Facts(issuer).of(public)
    own = generate_keys(did=issuer.did, name="key-1")
    elsewhere = generate_keys(did="did:web:evil.example", name="key-1")

    for stranger in (own, elsewhere):
        credential = credential_of(replace(facts, id=f"{issuer.base_url}/badges/{public.uid}/"))
        assert GENUINE not in check(text=json.dumps(sign(credential, stranger, created=timezone.now())))
        assert GENUINE not in check(text=sign_jwt(credential, stranger))
