"""Every form of a genuine badge is found genuine; every way of tampering fails the check that it should."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from django.utils import translation

import campus.badges.credentials as package
from campus.badges.credentials import proof
from campus.badges.credentials.baking import OB2, bake_png, bake_svg
from campus.badges.credentials.build import credential_of
from campus.badges.credentials.did import did_document
from campus.badges.credentials.facts import Document, Revocation, RevocationListPlace
from campus.badges.credentials.jwt import claims_of
from campus.badges.credentials.keys import generate_keys
from campus.badges.credentials.messages import TITLES, WORDS, title_of, words_of
from campus.badges.credentials.ob2 import revoked_assertion
from campus.badges.credentials.sample import picture
from campus.badges.credentials.status import StatusList, revocation_list, status_credential
from campus.badges.credentials.text import to_base64url
from campus.badges.credentials.verify import NAMES, Verdict
from tests.campus.badges.credentials.site import (
    AWARD,
    DID,
    EMAIL,
    ISSUER,
    KEYS,
    LIST,
    NOW,
    SITE,
    STRANGER,
    Published,
    copied,
    signed,
    token,
    without_end,
)

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


def failed(verdict: Verdict) -> dict[str, str]:
    """The checks that said no, with their codes."""
    assert not verdict.is_genuine
    return {check.name: check.code for check in verdict.checks if check.ok is False}


@pytest.fixture(scope="module")
def badge() -> Document:
    return signed()


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(lambda: signed(), id="object"),
        pytest.param(lambda: json.dumps(signed(), ensure_ascii=False), id="text"),
        pytest.param(lambda: json.dumps(signed(), indent=2).encode("utf-8-sig"), id="bytes"),
        pytest.param(lambda: f"  {token()}\n", id="jwt"),
        pytest.param(lambda: bake_png(picture(8), json.dumps(signed())), id="png"),
        pytest.param(lambda: bake_png(picture(8), token()), id="png with jwt"),
        pytest.param(lambda: bake_svg(SVG, json.dumps(signed())), id="svg"),
        pytest.param(lambda: bake_svg(SVG, token()), id="svg with jwt"),
    ],
)
def test_every_form_of_a_genuine_badge_is_genuine(form: Callable[[], Any]) -> None:
    verdict = Published().verdict(form())

    assert {check.name: check.ok for check in verdict.checks} == dict.fromkeys(NAMES, True)
    assert verdict.is_genuine
    assert verdict.document["credentialSubject"]["achievement"]["name"] == "ケーススタディ修了 “2026”"


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


@pytest.mark.parametrize("add", [_grade, _deep, _alias, _relative])
def test_an_addition_without_signature_is_refused(badge: Document, add: Callable[[Any], None]) -> None:
    added = copied(badge)
    add(added)

    assert failed(Published().verdict(added))["context"] == "context.unsigned"


def test_an_addition_that_pyld_alone_would_let_pass_is_the_guards_to_refuse(badge: Document) -> None:
    verdict = Published().verdict(copied(badge) | {"grade": "A+"})

    assert verdict["proof"].ok
    assert failed(verdict) == {"context": "context.unsigned"}


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


@pytest.mark.parametrize("form", [signed, token])
def test_a_revoked_badge_is_refused_and_its_neighbours_are_not(form: Callable[[], Any]) -> None:
    assert failed(Published(revoked=(94_567,)).verdict(form())) == {"status": "status.revoked"}
    assert Published(revoked=(94_566, 94_568)).verdict(form()).is_genuine


@pytest.mark.parametrize(
    ("listed", "code"),
    [
        pytest.param(lambda _good: None, "status.unresolved", id="not there"),
        pytest.param(lambda good: good | {"id": f"{SITE}/status/2"}, "status.unreadable", id="another list"),
        pytest.param(lambda good: good | {"issuer": "did:web:evil.example"}, "status.unreadable", id="another issuer"),
        pytest.param(lambda good: good | {"proof": {}}, "status.unreadable", id="unsigned"),
        pytest.param(lambda good: good | {"note": "x"}, "status.unreadable", id="with an addition"),
        pytest.param(lambda _good: _signed_by(STRANGER), "status.unreadable", id="signed by a stranger"),
        pytest.param(lambda _good: _ended_list(), "status.unreadable", id="out of date"),
        pytest.param(lambda _good: "not JSON", "status.unresolved", id="no object"),
    ],
)
def test_a_list_that_cannot_be_trusted_is_no_answer(
    badge: Document, listed: Callable[[Document], Any], code: str
) -> None:
    published = Published(others={LIST: listed(Published().documents()[LIST])})

    assert failed(published.verdict(badge)) == {"status": code}


def _signed_by(keys: Any) -> Document:
    return Published(list_keys=keys).documents()[LIST]


def _ended_list() -> Document:
    ended = status_credential(
        list_url=LIST, issuer=ISSUER, statuses=StatusList(), valid_from=NOW - timedelta(days=9), valid_until=NOW
    )
    return proof.sign(ended, KEYS, created=NOW)


def test_a_plain_revocation_list_is_understood_too() -> None:
    url = f"{SITE}/revoked"
    badge = signed(replace(AWARD, status=RevocationListPlace(url)))

    def published(revoked: list[Revocation]) -> Published:
        return Published(others={url: revocation_list(list_url=url, issuer=ISSUER, revoked=revoked)})

    assert published([Revocation("urn:uuid:other")]).verdict(badge).is_genuine
    assert failed(published([Revocation(AWARD.id, "By mistake")]).verdict(badge)) == {"status": "status.revoked"}


def test_a_badge_without_status_is_not_asked_for_one() -> None:
    verdict = Published().verdict(signed(replace(AWARD, status=None)))

    assert (verdict["status"].ok, verdict.is_genuine) == (None, True)


def test_whose_badge_it_is_is_checked_by_address(badge: Document) -> None:
    assert Published().verdict(badge, email=f" {EMAIL.upper()} ").is_genuine
    assert failed(Published().verdict(badge, email="ren@learners.example")) == {"recipient": "recipient.other"}
    assert Published().verdict(badge, email="")["recipient"].ok is None


@pytest.mark.parametrize("name", ["id", "type", "issuer", "validFrom", "credentialSubject", "proof"])
def test_what_the_standard_requires_is_asked_for(badge: Document, name: str) -> None:
    partly = copied(badge)
    del partly[name]

    assert set(failed(Published().verdict(partly))) == {"structure"}


def _token_with(header: Document, payload: Document) -> str:
    parts = [to_base64url(json.dumps(part).encode()) for part in (header, payload)]
    return ".".join([*parts, to_base64url(b"0" * 64)])


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "HS256", "kid": KEYS.public.jwt_key_id},
        {"alg": "EdDSA", "kid": KEYS.public.proof_key_id},
        {"alg": "ES256", "kid": KEYS.public.jwt_key_id, "jwk": STRANGER.public.jwk},
        {"alg": "ES256"},
    ],
)
def test_a_header_that_proves_nothing_is_refused(header: Document) -> None:
    forged = _token_with(header, credential_of(AWARD))

    assert failed(Published().verdict(forged)) == {"structure": "jwt.header"}


def test_claims_that_contradict_the_badge_are_refused() -> None:
    payload = credential_of(AWARD) | claims_of(credential_of(AWARD)) | {"sub": "urn:uuid:somebody-else"}
    headers = {"kid": KEYS.public.jwt_key_id}
    twisted = jwt.encode(payload, KEYS.p256, algorithm="ES256", headers=headers)

    assert failed(Published().verdict(twisted)) == {"proof": "jwt.claims"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "input.unknown"),
        (b"\xff\xfe\x00", "input.unknown"),
        ("[]", "input.unknown"),
        ("hello", "input.unknown"),
        ('{"id": 1, "id": 2}', "input.unknown"),
        ('{"id": NaN}', "input.unknown"),
        ("[" * 5000, "input.unknown"),
        ('{"a":' * 30 + "1" + "}" * 30, "input.unknown"),
        (b" " * 300_000 + b"{" + b" " * 300_000, "input.unknown"),
        ('{"id": "' + "a" * 300_000 + '"}', "input.too_large"),
        (b"\x89PNG\r\n\x1a\n", "input.damaged_picture"),
        (picture(8)[:-6], "input.damaged_picture"),
        (picture(8), "input.no_badge_in_picture"),
        (SVG, "input.no_badge_in_picture"),
        ("<html></html>", "input.damaged_picture"),
        ("a.b.c", "jwt.unreadable"),
        ({}, "structure.missing"),
    ],
)
def test_what_is_no_badge_is_said_to_be_none(content: Any, code: str) -> None:
    verdict = Published().verdict(content)

    assert failed(verdict) == {"structure": code}
    assert verdict["proof"].code == "not_asked"


@pytest.mark.parametrize("count", [40, 400])
def test_nodes_that_all_look_alike_do_not_keep_us_busy(badge: Document, count: int) -> None:
    poisoned = copied(badge)
    poisoned["evidence"] = [{"type": ["Evidence"]}] * count

    assert failed(Published().verdict(poisoned))["proof"] == "proof.wrong"


class TestHosted:
    """Open Badges 2.0."""

    def held(self) -> Any:
        return copied(Published().documents()[f"{SITE}/ob2/assertions/1.json"])

    def test_the_hosted_assertion_is_genuine_in_every_form(self) -> None:
        held = self.held()
        forms: list[Any] = [held, held["id"], bake_png(picture(8), json.dumps(held), OB2)]
        forms += [bake_png(picture(8), held["id"], OB2), bake_svg(SVG, json.dumps(held), OB2)]

        assert [Published().verdict(form).is_genuine for form in forms] == [True] * 5

    def test_another_content_than_the_hosted_one_is_refused(self) -> None:
        held = self.held() | {"issuedOn": "2020-01-01T00:00:00Z"}

        assert failed(Published().verdict(held)) == {"proof": "hosted.different"}

    def test_one_that_is_hosted_nowhere_is_refused(self) -> None:
        held = self.held()
        verdict = Published(others={held["id"]: None}).verdict(held)

        assert failed(verdict) == {"proof": "hosted.missing"}

    def test_a_revoked_one_is_refused(self) -> None:
        held = self.held()
        published = Published(others={held["id"]: revoked_assertion(held["id"], "By mistake")})

        assert failed(published.verdict(held)) == {"status": "status.revoked"}

    def test_an_expired_one_is_refused(self) -> None:
        assert failed(Published().verdict(self.held(), now=NOW.replace(year=2030))) == {"time": "time.expired"}

    def test_a_class_of_an_issuer_elsewhere_is_refused(self) -> None:
        elsewhere = "https://evil.example/issuer.json"
        documents = Published().documents()
        badge_class = documents[f"{SITE}/ob2/classes/1.json"] | {"issuer": elsewhere}
        issuer = documents[f"{SITE}/ob2/issuer.json"] | {"id": elsewhere}
        published = Published(others={badge_class["id"]: badge_class, elsewhere: issuer})

        assert failed(published.verdict(self.held())) == {"issuer": "issuer.other"}

    def test_another_persons_is_refused(self) -> None:
        assert failed(Published().verdict(self.held(), email="ren@learners.example")) == {
            "recipient": "recipient.other"
        }


def test_every_answer_has_words(badge: Document) -> None:
    verdicts = [Published().verdict(badge), Published(revoked=(94_567,)).verdict(badge), Published().verdict("hello")]
    checks = [check for verdict in verdicts for check in verdict.checks]

    assert {check.name for check in checks} == set(TITLES) == set(NAMES)
    assert all(title_of(check) and "%(" not in words_of(check) for check in checks)
    with translation.override("en"):
        assert words_of(verdicts[0]["time"]) == "Valid until Nov. 26, 2029, 3:30 p.m.."


def test_no_code_is_without_words_and_no_words_without_code() -> None:
    sources = [path.read_text() for path in Path(package.__file__).parent.glob("*.py") if path.name != "messages.py"]
    families = "input|structure|jwt|context|proof|hosted|issuer|time|status|recipient"
    used = set(re.findall(rf'"((?:{families})\.[a-z0-9_]+)"', "\n".join(sources)))

    assert used - {name for name in used if _is_a_facts_name(name)} | {"not_asked"} == set(WORDS)


def _is_a_facts_name(name: str) -> bool:
    return name.split(".")[1] in {
        "id",
        "json",
        "did",
        "url",
        "image_url",
        "name",
        "email",
        "description",
        "subject_id",
        "list_url",
    }
