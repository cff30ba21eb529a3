"""Every form of a genuine badge is found genuine; what is no badge is said to be none; every answer has words."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from django.utils import translation

import campus.badges.credentials as package
from campus.badges.credentials.baking import bake_png, bake_svg
from campus.badges.credentials.build import credential_of
from campus.badges.credentials.facts import Document
from campus.badges.credentials.jwt import claims_of
from campus.badges.credentials.messages import TITLES, WORDS, title_of, words_of
from campus.badges.credentials.reading import MOST_TEXT
from campus.badges.credentials.sample import picture
from campus.badges.credentials.text import to_base64url
from campus.badges.credentials.verify import NAMES
from tests.campus.badges.credentials.site import AWARD, KEYS, STRANGER, SVG, Published, copied, failed, signed, token


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
        ('{"id": "' + "a" * MOST_TEXT + '"}', "input.too_large"),
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


def test_every_answer_has_words(badge: Document) -> None:
    verdicts = [Published().verdict(badge), Published(revoked=(94_567,)).verdict(badge), Published().verdict("hello")]
    checks = [check for verdict in verdicts for check in verdict.checks]

    assert {check.name for check in checks} == set(TITLES) - {"contents"} == set(NAMES)
    assert all(title_of(check) and "%(" not in words_of(check) for check in checks)
    with translation.override("en"):
        assert words_of(verdicts[0]["time"]) == "Valid until Mon 26 Nov 2029, 15:30 JST."


def test_no_code_is_without_words_and_no_words_without_code() -> None:
    sources = [path.read_text() for path in Path(package.__file__).parent.glob("*.py") if path.name != "messages.py"]
    families = "input|structure|jwt|context|proof|hosted|issuer|time|status|recipient|contents"
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
