"""Other people's verifiers, offline, accept our badges and refuse what ours refuses, as far as each of them looks.

What they don't look at, by their design: Digital Bazaar's know no recipient and answer the bit of a status list without
judging it; openbadgeslib knows a recipient only by the subject's id, and signed status lists only as JWT. The validator
of Open Badges 2.0 reads every document anew from its address: what somebody holds out beside it, properties that it
doesn't know and, for hosted badges, the revocation list are nothing to it.
"""

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from openbadgeslib import baking as their_baking
from openbadgeslib.ob3 import did as their_did
from openbadgeslib.ob3.clr import bundled_clr_contexts
from openbadgeslib.ob3.contexts import bundled_contexts, document_loader
from openbadgeslib.ob3.ldp import OB3LdpVerifier, verify_data_integrity_proof
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier
from pyld.context_resolver import ContextResolver

from campus.badges.credentials import canonical as canonical_module
from campus.badges.credentials import contexts, ob2
from campus.badges.credentials.baking import bake_png, bake_svg
from campus.badges.credentials.build import CONTEXTS, credential_of
from campus.badges.credentials.canonical import canonical
from campus.badges.credentials.did import did_document, did_url
from campus.badges.credentials.facts import Document
from campus.badges.credentials.keys import generate_keys
from campus.badges.credentials.proof import sign
from campus.badges.credentials.sample import picture
from tests.campus.badges.credentials.site import (
    AWARD,
    DID,
    EMAIL,
    HOSTING,
    KEYS,
    LIST,
    NOW,
    SITE,
    STRANGER,
    Published,
    copied,
    record,
    signed,
    token,
)

ROOT = Path(__file__).resolve().parents[4]
VERIFIERS = ROOT / "tests/verifiers"
OTHER = generate_keys(did="did:web:evil.example", name="1")
NEWER = generate_keys(did=DID, name="2027-04")
# openbadgeslib looks at the clock of the machine.
TODAY = datetime.now(UTC).replace(microsecond=0)
CURRENT = replace(AWARD, awarded_on=TODAY, valid_from=TODAY, valid_until=TODAY + timedelta(days=365))
EXPIRED = replace(CURRENT, valid_from=TODAY - timedelta(days=9), valid_until=TODAY - timedelta(days=2))


def answers(program: list[str], asked: Document) -> dict[str, Any]:
    """What a verifier in a process of its own says."""
    if not Path(program[0]).exists() or not (VERIFIERS / "node_modules/.packages").exists():
        pytest.fail("the verifiers are missing: make verifiers")
    done = subprocess.run(program, input=json.dumps(asked), capture_output=True, text=True, cwd=VERIFIERS, timeout=120)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def changed(badge: Document, change: Callable[[Any], object]) -> Document:
    copy = copied(badge)
    change(copy)
    return dict(copy)


def _tampered(badge: Any) -> None:
    badge["credentialSubject"]["achievement"]["name"] = "ケーススタディ優等"


def _added(badge: Any) -> None:
    badge["credentialSubject"]["achievement"]["grade"] = "A+"


def _added_to_a_badge_in_it(record: Any) -> None:
    _added(record["credentialSubject"]["verifiableCredential"][0])


class TestDigitalBazaar:
    """npm: @digitalbazaar/vc with data-integrity and eddsa-rdfc-2022-cryptosuite."""

    @pytest.fixture(scope="class")
    @staticmethod
    def said() -> dict[str, Any]:
        good = signed()
        revoked, forged_list = Published(revoked=(94_567,)).documents(), Published(list_keys=STRANGER).documents()
        evil = {OTHER.did: did_document(OTHER.did, [OTHER.public])}
        cases: list[Document] = [
            {"name": "good", "credential": good},
            {"name": "plain way", "credential": sign(credential_of(AWARD), KEYS, created=NOW)},
            {
                "name": "with tabs",
                "credential": signed(replace(AWARD, recipient=replace(AWARD.recipient, name="a\tb"))),
            },
            {"name": "newer keys", "credential": signed(keys=NEWER)},
            {"name": "tampered", "credential": changed(good, _tampered)},
            {"name": "added", "credential": changed(good, _added)},
            {"name": "wrong key", "credential": signed(keys=STRANGER)},
            {"name": "other issuer's key", "credential": signed(keys=OTHER), "documents": evil},
            {
                "name": "unknown context",
                "credential": changed(good, lambda it: it["@context"].append("https://x.example")),
            },
            {"name": "revoked", "credential": good, "documents": {LIST: revoked[LIST]}},
            {"name": "forged list", "credential": good, "documents": {LIST: forged_list[LIST]}},
            {"name": "expired", "credential": good, "now": NOW.replace(year=2030).isoformat()},
            {"name": "not yet valid", "credential": good, "now": (NOW - timedelta(days=1)).isoformat()},
            {"name": "record", "credential": record(AWARD)},
            {"name": "record, tampered", "credential": changed(record(AWARD), lambda it: it.update(name="成績証明書"))},
            {"name": "record, added", "credential": changed(record(AWARD), _added_to_a_badge_in_it)},
            {"name": "record, wrong key", "credential": record(AWARD, keys=STRANGER)},
        ]
        documents = Published(generations=(KEYS.public, NEWER.public)).documents()
        documents[contexts.CLR] = contexts.context_of(contexts.CLR)
        asked = {"documents": documents, "cases": [{"now": NOW.isoformat()} | case for case in cases]}
        return answers([str(ROOT / ".venv/bin/node"), "verify.mjs"], asked)

    @pytest.mark.parametrize("name", ["good", "plain way", "with tabs", "newer keys", "record"])
    def test_it_accepts_ours(self, said: dict[str, Any], name: str) -> None:
        assert said[name] == {"verified": True, "revoked": False, "error": ""}

    @pytest.mark.parametrize(
        "name",
        [
            "tampered",
            "added",
            "wrong key",
            "other issuer's key",
            "unknown context",
            "forged list",
            "expired",
            "not yet valid",
            "record, tampered",
            "record, added",
            "record, wrong key",
        ],
    )
    def test_it_refuses_what_ours_refuses(self, said: dict[str, Any], name: str) -> None:
        assert said[name]["verified"] is False, name
        assert said[name]["error"]

    def test_it_reads_that_a_badge_was_revoked(self, said: dict[str, Any]) -> None:
        assert (said["revoked"]["verified"], said["revoked"]["revoked"]) == (True, True)


class TestOpenbadgeslib:
    """PyPI: openbadgeslib."""

    def download(self, published: Published) -> Callable[..., bytes]:
        documents = published.documents()

        def answer(url: str, *_args: object, **_options: object) -> bytes:
            name = DID if url == did_url(DID) else url
            return json.dumps(documents[name]).encode()

        return answer

    def asks(self, badge: Any, published: Published | None = None) -> Any:
        given: dict[str, Any] = {"download": self.download(published or Published(revoked=(1,)))}
        given |= {"check_status": True, "verify_status_list": False}
        if isinstance(badge, str):
            return OB3Verifier.for_issuer_did(DID, download=given["download"]).verify(badge, **given)
        return OB3LdpVerifier.for_issuer_did(DID).verify(badge, **given)

    @pytest.fixture(params=["proof", "jwt"])
    def form(self, request: pytest.FixtureRequest) -> Callable[..., Any]:
        return signed if request.param == "proof" else token

    def test_it_accepts_ours(self, form: Callable[..., Any]) -> None:
        read = self.asks(form(CURRENT))

        assert (read.id, read.issuer.id, read.achievement.name) == (AWARD.id, DID, AWARD.achievement.name)

    def test_it_takes_the_key_of_each_generation(self, form: Callable[..., Any]) -> None:
        published = Published(generations=(KEYS.public, NEWER.public))

        assert self.asks(form(CURRENT, keys=NEWER), published).id == AWARD.id
        assert self.asks(form(CURRENT, keys=KEYS), published).id == AWARD.id

    def test_it_refuses_a_strangers_key(self, form: Callable[..., Any]) -> None:
        for keys in (STRANGER, OTHER):
            with pytest.raises(OB3VerificationError):
                self.asks(form(CURRENT, keys=keys))

    def test_it_refuses_what_expired_or_was_revoked(self, form: Callable[..., Any]) -> None:
        with pytest.raises(OB3VerificationError, match="expired"):
            self.asks(form(EXPIRED))
        with pytest.raises(OB3VerificationError, match="revocation"):
            self.asks(form(CURRENT), Published(revoked=(94_567,)))

    @pytest.mark.parametrize("tamper", [_tampered, _added])
    def test_it_refuses_tampered_ones_and_additions(self, tamper: Callable[[Any], object]) -> None:
        with pytest.raises(OB3VerificationError):
            self.asks(changed(signed(CURRENT), tamper))

    def test_it_refuses_a_tampered_token(self) -> None:
        head, _body, signature = token(CURRENT).split(".")
        other = token(replace(CURRENT, id=f"{SITE}/awards/2")).split(".")[1]

        with pytest.raises(OB3VerificationError):
            self.asks(f"{head}.{other}.{signature}")

    def test_it_refuses_another_subject(self) -> None:
        verifier = OB3LdpVerifier.for_issuer_did(DID)
        download = self.download(Published())

        assert verifier.verify(signed(CURRENT), AWARD.recipient.subject_id, download=download)
        with pytest.raises(OB3VerificationError, match="Recipient"):
            verifier.verify(signed(CURRENT), EMAIL, download=download)

    def test_it_verifies_a_learner_record_and_refuses_a_changed_one(self) -> None:
        held, key = record(AWARD), KEYS.ed25519.public_key()
        pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()

        verify_data_integrity_proof(held, pem, extra_contexts=bundled_clr_contexts())
        with pytest.raises(OB3VerificationError):
            verify_data_integrity_proof(held | {"name": "x"}, pem, extra_contexts=bundled_clr_contexts())
        assert bundled_clr_contexts() == {contexts.CLR: contexts.context_of(contexts.CLR)}

    def test_it_finds_the_badge_in_our_pictures(self) -> None:
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"/>'

        assert OB3Verifier.extract_token_from_png(bake_png(picture(8), "a.b.c")) == "a.b.c"
        assert OB3Verifier.extract_token_from_svg(bake_svg(svg, "a.b.c")) == "a.b.c"
        assert their_baking.extract_png(bake_png(picture(8), "{}"), keyword=b"openbadgecredential") == "{}"

    def test_our_badges_say_the_same_under_its_contexts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # They are captured from 1EdTech; npm's copy of 3.0.3 lacks endorsementJwt and jti, which we don't use.
        ours, theirs = canonical(credential_of(AWARD)), bundled_contexts()
        options = {"documentLoader": document_loader(), "contextResolver": ContextResolver({}, document_loader())}
        monkeypatch.setattr(canonical_module, "_OPTIONS", options)

        assert canonical(credential_of(AWARD)) == ours
        assert [contexts.context_of(url) == theirs[url] for url in CONTEXTS] == [True, False, True]

    def test_it_reads_our_keys_from_the_did_document(self) -> None:
        key = their_did.resolve_verification_method(KEYS.public.proof_key_id, download=self.download(Published()))

        assert b"PUBLIC KEY" in key


class TestValidatorOfVersion2:
    """PyPI: openbadges 1.1.2, which 1EdTech's validator of 2.0 is."""

    @pytest.fixture(scope="class")
    @staticmethod
    def said() -> dict[str, Any]:
        documents = Published().documents()
        url = HOSTING.assertion_url
        held = documents[url]
        elsewhere = "https://evil.example/issuer.json"
        cases = [
            {"name": "good", "input": url, "email": EMAIL},
            {"name": "held", "input": json.dumps(held), "email": EMAIL},
            {"name": "wrong recipient", "input": url, "email": "ren@learners.example"},
            {"name": "revoked", "input": url, "documents": {url: ob2.revoked_assertion(url, "By mistake")}},
            {"name": "gone", "input": url, "documents": {url: None}},
            {
                "name": "expired",
                "input": url,
                "documents": {url: held | {"issuedOn": "2019-01-01T00:00:00Z", "expires": "2020-01-01T00:00:00Z"}},
            },
            {
                "name": "other issuer",
                "input": url,
                "documents": {
                    HOSTING.badge_class_url: documents[HOSTING.badge_class_url] | {"issuer": elsewhere},
                    elsewhere: documents[HOSTING.issuer_url] | {"id": elsewhere},
                },
            },
        ]
        pictures = [HOSTING.image_url, documents[HOSTING.issuer_url]["image"]]
        hosted = {name: document for name, document in documents.items() if name not in (DID, LIST)}
        program = [str(ROOT / ".venvs/verifiers/bin/python"), "openbadges2.py"]
        return answers(program, {"documents": hosted, "pictures": pictures, "cases": cases})

    @pytest.mark.parametrize("name", ["good", "held"])
    def test_it_accepts_ours(self, said: dict[str, Any], name: str) -> None:
        assert said[name] == {"valid": True, "messages": []}

    @pytest.mark.parametrize("name", ["wrong recipient", "revoked", "gone", "expired", "other issuer"])
    def test_it_refuses_what_ours_refuses(self, said: dict[str, Any], name: str) -> None:
        assert said[name]["valid"] is False, name
        assert said[name]["messages"]
