"""The documents of Open Badges 2.0, as wallets in Japan read them."""

import hashlib
from dataclasses import replace

from campus.badges.credentials import ob2
from campus.badges.credentials.facts import Revocation
from tests.campus.badges.credentials.site import ACHIEVEMENT, AWARD, EMAIL, HOSTING, ISSUER


def test_the_assertion_of_an_award() -> None:
    assert ob2.assertion(AWARD, replace(HOSTING, baked_url="https://badges.example/baked/1.png")) == {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": HOSTING.assertion_url,
        "recipient": {
            "type": "email",
            "hashed": True,
            "salt": "5a17",
            "identity": "sha256$" + hashlib.sha256(f"{EMAIL}5a17".encode()).hexdigest(),
        },
        "badge": HOSTING.badge_class_url,
        "image": "https://badges.example/baked/1.png",
        "issuedOn": "2026-11-26T06:30:00Z",
        "expires": "2029-11-26T06:30:00Z",
        "verification": {"type": "HostedBadge"},
        "evidence": [{"id": "https://badges.example/evidence/1", "name": "売上予測", "narrative": "チームの提出物"}],
    }


def test_the_class_and_its_issuer_point_to_each_other() -> None:
    badge_class, issuer = ob2.badge_class(ACHIEVEMENT, HOSTING), ob2.issuer_profile(ISSUER, HOSTING)

    assert badge_class["issuer"] == issuer["id"] == HOSTING.issuer_url
    assert issuer["revocationList"] == HOSTING.revocations_url
    assert badge_class["image"] == HOSTING.image_url
    assert badge_class["alignment"][1] == {
        "targetName": "Facilitation",
        "targetUrl": "https://badges.example/skills/2.0/facilitation",
    }


def test_a_revocation_list_never_has_exactly_one_entry() -> None:
    lists = [
        ob2.revocation_list([Revocation(f"https://badges.example/{place}", "") for place in range(count)], HOSTING)
        for count in range(4)
    ]

    assert [len(document["revokedAssertions"]) for document in lists] == [2, 2, 2, 3]
    assert lists[1]["revokedAssertions"][0] == {"id": "https://badges.example/0"}


def test_what_is_revoked_says_little_but_why() -> None:
    assert ob2.revoked_assertion(HOSTING.assertion_url, "Issued by mistake") == {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": HOSTING.assertion_url,
        "revoked": True,
        "revocationReason": "Issued by mistake",
    }
