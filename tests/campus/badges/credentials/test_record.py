"""A learner record holds whole badges; it is genuine as it was signed, and in force with all that is in it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from campus.badges.credentials.facts import AlignmentFacts, AwardFacts, Document
from campus.badges.credentials.fast import NotWhollySigned
from campus.badges.credentials.jwt import sign_jwt
from campus.badges.credentials.record import RECORD_CONTEXTS, sign_record
from campus.badges.credentials.record_checks import MOST_BADGES
from tests.campus.badges.credentials.site import (
    ACHIEVEMENT,
    AWARD,
    EMAIL,
    KEYS,
    NOW,
    SITE,
    STRANGER,
    Published,
    copied,
    failed,
    record,
    signed,
)

# Of the same person, with the same skills, in another cohort and language.
OTHER = replace(
    AWARD,
    id=f"{SITE}/awards/0002",
    achievement=replace(ACHIEVEMENT, id=f"{SITE}/achievements/8/en", name="Helped others", language="en"),
    recipient=replace(AWARD.recipient, subject_id="urn:uuid:5f1c3c1e-7f5a-4e58-9d7f-1d3f0f6a2b12", salt="other"),
    status=replace(AWARD.status, index=7),  # type: ignore[type-var]  # it has one
    valid_until=None,
)


@pytest.fixture(scope="module")
def held() -> Document:
    return record(AWARD, OTHER)


def test_it_is_what_the_standard_calls_a_learner_record(held: Document) -> None:
    assert held["@context"] == RECORD_CONTEXTS
    assert held["type"] == ["VerifiableCredential", "ClrCredential"]
    assert held["credentialSubject"]["type"] == ["ClrSubject"]
    assert held["credentialSubject"]["verifiableCredential"] == [signed(AWARD), signed(OTHER)]
    assert EMAIL not in str(held)


def test_it_is_genuine_with_all_that_is_in_it(held: Document) -> None:
    verdict = Published().verdict(held)

    assert verdict.is_genuine
    assert {check.name: check.code for check in verdict.checks} == {
        "structure": "structure.clr",
        "context": "context.all_signed",
        "proof": "proof.data_integrity",
        "issuer": "issuer.known",
        "time": "time.unlimited",
        "status": "status.none",
        "recipient": "recipient.same",
        "contents": "contents.good",
    }
    assert [badge.document["name"] for badge in verdict.badges] == [ACHIEVEMENT.name, "Helped others"]


def test_as_a_token_it_is_genuine_too_and_a_changed_one_is_not(held: Document) -> None:
    unsigned = {name: value for name, value in held.items() if name != "proof"}
    verdict = Published().verdict(sign_jwt(unsigned, KEYS))

    assert (verdict.is_genuine, verdict.form, verdict["proof"].code) == (True, "clr", "proof.jwt")
    assert [badge.document["name"] for badge in verdict.badges] == [ACHIEVEMENT.name, "Helped others"]
    assert failed(Published().verdict(sign_jwt(unsigned, STRANGER))) == {"proof": "proof.wrong"}


def test_a_badge_taken_out_of_it_is_a_badge(held: Document) -> None:
    for badge in held["credentialSubject"]["verifiableCredential"]:
        assert Published().verdict(badge).is_genuine


def test_once_a_badge_in_it_was_revoked_it_says_so(held: Document) -> None:
    verdict = Published(revoked=(7,)).verdict(held)

    assert failed(verdict) == {"contents": "contents.over"}
    assert [badge.is_genuine for badge in verdict.badges] == [True, False]
    assert failed(Published().verdict(held, now=NOW.replace(year=2030))) == {"contents": "contents.over"}


def _renamed(held: Any) -> None:
    held["name"] = "成績証明書"


def _other_holder(held: Any) -> None:
    held["credentialSubject"]["identifier"][0]["salt"] = "x"


def _fewer(held: Any) -> None:
    held["credentialSubject"]["verifiableCredential"].pop()


def _more(held: Any) -> None:
    held["credentialSubject"]["verifiableCredential"].append(signed(_numbered(3)))


def _better(held: Any) -> None:
    held["credentialSubject"]["verifiableCredential"][0]["credentialSubject"]["achievement"]["name"] = "優等"


def _numbered(number: int) -> AwardFacts:
    return replace(OTHER, id=f"{SITE}/awards/{number:04}")


@pytest.mark.parametrize("tamper", [_renamed, _other_holder, _fewer, _more, _better])
def test_a_changed_record_is_refused(held: Document, tamper: Callable[[Any], None]) -> None:
    changed = copied(held)
    tamper(changed)

    assert failed(Published().verdict(changed, email=""))["proof"] == "proof.wrong"


@pytest.mark.parametrize(
    ("add", "found"),
    [
        (lambda it: it.update(grade="A+"), {"context": "context.unsigned"}),
        (lambda it: it["credentialSubject"].update(grade="A+"), {"context": "context.unsigned"}),
        (
            lambda it: it["credentialSubject"]["verifiableCredential"][1].update(grade="A+"),
            {"contents": "contents.forged"},
        ),
        (lambda it: it["@context"].append({"grade": None}), {"structure": "structure.missing"}),
        (lambda it: it["credentialSubject"].update({"_:grade": "A+"}), {"context": "context.unsigned"}),
    ],
)
def test_an_addition_without_signature_is_refused(
    held: Document, add: Callable[[Any], None], found: dict[str, str]
) -> None:
    added = copied(held)
    add(added)

    assert failed(Published().verdict(added)) == found


def test_a_strangers_record_of_genuine_badges_is_refused() -> None:
    assert failed(Published().verdict(record(AWARD, keys=STRANGER))) == {"proof": "proof.wrong"}


def test_a_record_of_forged_badges_is_refused_though_the_issuer_signed_it(held: Document) -> None:
    unsigned = copied({name: value for name, value in held.items() if name != "proof"})
    unsigned["credentialSubject"]["verifiableCredential"] = [signed(AWARD, STRANGER)]

    assert failed(Published().verdict(sign_record(unsigned, KEYS, created=NOW))) == {"contents": "contents.forged"}


def test_whose_record_it_is_is_checked_by_address(held: Document) -> None:
    assert failed(Published().verdict(held, email="ren@learners.example")) == {"recipient": "recipient.other"}


@pytest.mark.parametrize("badges", [[], ["a.b.c"], [{}] * (MOST_BADGES + 1), None])
def test_what_holds_no_badges_or_far_too_many_is_no_record(held: Document, badges: Any) -> None:
    changed = copied(held)
    changed["credentialSubject"]["verifiableCredential"] = badges

    assert failed(Published().verdict(changed)) == {"structure": "structure.missing"}


def test_nothing_is_signed_that_the_signature_would_not_cover(held: Document) -> None:
    with pytest.raises(NotWhollySigned):
        sign_record(held | {"grade": "A+"}, KEYS, created=NOW)


def test_skills_that_many_badges_share_keep_nobody_busy() -> None:
    skills = [AlignmentFacts(name=f"Skill {number}", url=f"{SITE}/skills/{number}") for number in range(6)]
    awards = [
        replace(_numbered(number), achievement=replace(ACHIEVEMENT, id=f"{SITE}/a/{number}", alignments=skills))
        for number in range(8)
    ]

    assert Published().verdict(record(*awards)).is_genuine
