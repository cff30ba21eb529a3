"""The credential says what the facts say, as the official schema of Open Badges 3.0 wants it."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from jsonschema import Draft201909Validator

from campus.badges.credentials.build import CONTEXTS, credential_of, new_salt, new_subject_id, profile_of
from campus.badges.credentials.canonical import is_wholly_signed
from campus.badges.credentials.facts import (
    AchievementFacts,
    AwardFacts,
    EvidenceFacts,
    IssuerFacts,
    RecipientFacts,
    RevocationListPlace,
)
from campus.badges.credentials.text import RefusedText
from tests.campus.badges.credentials.site import ACHIEVEMENT, AWARD, ISSUER, LIST, NOW, SITE, signed

SCHEMAS = Path(__file__).resolve().parents[4] / ".venvs/schemas"
SPARE = AwardFacts(
    id="urn:uuid:0b9b5a0e-6a53-4f4c-8a52-0c3c1e3f7a10",
    issuer=IssuerFacts(did=ISSUER.did, name="Office"),
    achievement=AchievementFacts(id=f"{SITE}/a/1", name="A", description="B", criteria="C"),
    recipient=RecipientFacts(subject_id=new_subject_id(), email="a@b.example", salt=new_salt()),
    awarded_on=NOW,
    valid_from=NOW,
)


def schema(name: str) -> Draft201909Validator:
    if not SCHEMAS.is_dir():
        pytest.fail("the official schemas are missing: make verifiers")
    return Draft201909Validator(json.loads((SCHEMAS / f"ob_v3p0_{name}_schema.json").read_text()))


@pytest.mark.parametrize("award", [AWARD, SPARE, replace(AWARD, status=RevocationListPlace(f"{SITE}/revoked"))])
def test_the_official_schema_passes(award: AwardFacts) -> None:
    assert [error.message for error in schema("achievementcredential").iter_errors(signed(award))] == []
    assert [error.message for error in schema("profile").iter_errors(profile_of(award.issuer))] == []


def test_the_official_schema_is_asked_in_earnest() -> None:
    without_name = signed()
    del without_name["credentialSubject"]["achievement"]["name"]

    assert [error.message for error in schema("achievementcredential").iter_errors(without_name)] != []


@pytest.mark.parametrize("award", [AWARD, SPARE])
def test_every_word_is_a_statement_that_a_signature_covers(award: AwardFacts) -> None:
    assert is_wholly_signed(credential_of(award))
    assert not is_wholly_signed(credential_of(award) | {"grade": "A"})


def test_the_contexts_stand_in_their_order() -> None:
    assert (
        credential_of(AWARD)["@context"]
        == CONTEXTS
        == [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        ]
    )


def test_what_is_not_said_is_not_there() -> None:
    assert credential_of(SPARE) == {
        "@context": CONTEXTS,
        "id": SPARE.id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "A",
        "issuer": {"id": ISSUER.did, "type": ["Profile"], "name": "Office"},
        "validFrom": "2026-11-26T06:30:00Z",
        "awardedDate": "2026-11-26T06:30:00Z",
        "credentialSubject": {
            "id": SPARE.recipient.subject_id,
            "type": ["AchievementSubject"],
            "identifier": credential_of(SPARE)["credentialSubject"]["identifier"],
            "achievement": {
                "id": f"{SITE}/a/1",
                "type": ["Achievement"],
                "achievementType": "Badge",
                "name": "A",
                "description": "B",
                "criteria": {"narrative": "C"},
            },
        },
        "credentialSchema": credential_of(AWARD)["credentialSchema"],
    }


def test_the_address_of_the_holder_stands_in_no_badge() -> None:
    text = json.dumps(credential_of(AWARD))

    assert AWARD.recipient.email not in text
    assert credential_of(AWARD)["credentialSubject"]["identifier"][0]["identityHash"].startswith("sha256$")


def test_a_badge_issued_anew_keeps_its_id_and_the_day_of_the_award() -> None:
    later = NOW.replace(month=12)
    renewed = credential_of(replace(AWARD, valid_from=later))

    assert (renewed["id"], renewed["awardedDate"]) == (AWARD.id, "2026-11-26T06:30:00Z")
    assert renewed["validFrom"] == "2026-12-26T06:30:00Z"


def test_two_badges_of_one_person_share_neither_salt_nor_subject() -> None:
    assert new_salt() != new_salt()
    assert new_subject_id() != new_subject_id()


@pytest.mark.parametrize("text", ["bell \x07", "next line \x85", "escape \x1b[1m", "half \ud800", "nul \0", "del \x7f"])
def test_control_characters_are_refused_by_name(text: str) -> None:
    with pytest.raises(RefusedText, match=r"achievement\.name"):
        credential_of(replace(AWARD, achievement=replace(ACHIEVEMENT, name=text)))
    with pytest.raises(RefusedText, match=r"recipient\.name"):
        credential_of(replace(AWARD, recipient=replace(AWARD.recipient, name=text)))


def test_line_ends_of_a_form_become_plain_ones() -> None:
    badge = credential_of(replace(AWARD, achievement=replace(ACHIEVEMENT, criteria="a\r\nb\tc")))

    assert badge["credentialSubject"]["achievement"]["criteria"]["narrative"] == "a\nb\tc"


@pytest.mark.parametrize(
    "url", ["relative/path", "javascript:alert(1)", "https://a b.example", "https://x/<script>", "_:b0"]
)
def test_what_is_no_address_is_refused_by_name(url: str) -> None:
    with pytest.raises(RefusedText, match=r"evidence\.url"):
        credential_of(replace(AWARD, evidence=[EvidenceFacts(name="Work", url=url)]))


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        credential_of(replace(AWARD, valid_from=datetime(2026, 11, 26)))


def test_the_status_tells_where_to_ask() -> None:
    assert credential_of(AWARD)["credentialStatus"] == {
        "id": f"{LIST}#94567",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": LIST,
    }
