"""The quick way signs exactly what PyLD's plain way signs, on badges drawn at random."""

import re
from dataclasses import replace
from datetime import timedelta

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from campus.badges.credentials import proof
from campus.badges.credentials.build import credential_of
from campus.badges.credentials.canonical import canonical
from campus.badges.credentials.facts import AwardFacts, EvidenceFacts, RecipientFacts, StatusPlace
from campus.badges.credentials.fast import NotWhollySigned, Signer
from tests.campus.badges.credentials.site import ACHIEVEMENT, AWARD, KEYS, NOW, SITE

TEXTS = some.text(
    some.characters(exclude_categories=["Cs", "Cc", "Cn"], include_characters="\n\t\\\"'<>@_:.\u2028\u2029"),
    min_size=1,
    max_size=25,
)
ADDRESSES = some.one_of(
    some.uuids().map(lambda drawn: drawn.urn),
    some.integers(0, 10**9).map(lambda number: f"{SITE}/x/{number}?a=%E3%81%82&b=(1)"),
)
EVIDENCE = some.builds(
    EvidenceFacts,
    name=TEXTS,
    url=some.one_of(some.just(""), ADDRESSES),
    description=some.one_of(some.just(""), TEXTS),
    narrative=some.one_of(some.just(""), TEXTS),
)
AWARDS = some.builds(
    AwardFacts,
    id=ADDRESSES,
    issuer=some.just(AWARD.issuer),
    achievement=some.sampled_from([ACHIEVEMENT, replace(ACHIEVEMENT, alignments=[], tags=[], image_url="")]),
    recipient=some.builds(
        RecipientFacts,
        subject_id=ADDRESSES,
        email=some.emails(),
        salt=TEXTS,
        name=some.one_of(some.just(""), TEXTS),
    ),
    awarded_on=some.integers(0, 10**6).map(lambda seconds: NOW + timedelta(seconds=seconds)),
    valid_from=some.just(NOW),
    valid_until=some.one_of(some.none(), some.just(NOW.replace(year=2030))),
    evidence=some.lists(EVIDENCE, max_size=3),
    status=some.one_of(
        some.none(),
        some.builds(StatusPlace, list_url=ADDRESSES.filter(lambda url: "?" in url), index=some.integers(0, 131_071)),
    ),
)
SIGNER = Signer(KEYS)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(award=AWARDS)
def test_both_ways_sign_the_same(award: AwardFacts) -> None:
    credential = credential_of(award)

    assert SIGNER.sign(credential, created=NOW) == proof.sign(credential, KEYS, created=NOW)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(award=AWARDS)
def test_another_library_names_and_orders_the_statements_alike(award: AwardFacts) -> None:
    text = canonical(credential_of(award))
    renamed = re.sub(r"_:c14n(\d+)", lambda name: f"_:other{99 - int(name[1])}", text)
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(renamed.encode(), pyoxigraph.RdfFormat.N_QUADS))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)

    assert sorted(f"{quad} ." for quad in dataset) == sorted(text.removesuffix("\n").split("\n"))


def test_badges_of_one_shape_share_a_template_and_never_go_the_plain_way() -> None:
    signer = Signer(KEYS)
    for number in range(20):
        signer.sign(credential_of(replace(AWARD, id=f"{SITE}/awards/{number}")), created=NOW)

    assert signer.plainly == 0
    assert len(signer._templates) == 1


def test_two_pieces_of_evidence_that_look_alike_go_the_plain_way() -> None:
    twins = [EvidenceFacts(name="Same"), EvidenceFacts(name="Same")]
    credential, signer = credential_of(replace(AWARD, evidence=twins)), Signer(KEYS)

    assert signer.sign(credential, created=NOW) == proof.sign(credential, KEYS, created=NOW)
    assert signer.plainly == 1


def test_a_text_that_looks_like_a_marker_is_only_a_text() -> None:
    named = replace(AWARD, achievement=replace(ACHIEVEMENT, name="urn:slot:0001:"))
    filled = replace(AWARD, recipient=replace(AWARD.recipient, salt="urn:slot:0000:"))
    signer = Signer(KEYS)

    for credential in (credential_of(named), credential_of(filled)):
        assert signer.sign(credential, created=NOW) == proof.sign(credential, KEYS, created=NOW)
    assert signer.plainly == 1


@pytest.mark.parametrize("where", [(), ("credentialSubject",), ("evidence", 0), ("credentialStatus",)])
def test_what_no_signature_would_cover_is_not_signed(where: tuple[str | int, ...]) -> None:
    credential = credential_of(AWARD)
    part: object = credential
    for step in where:
        part = part[step]  # type: ignore[index]
    part["grade"] = "A"  # type: ignore[index]

    with pytest.raises(NotWhollySigned):
        Signer(KEYS).sign(credential, created=NOW)


def test_old_templates_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campus.badges.credentials.fast._MOST_TEMPLATES", 2)
    signer = Signer(KEYS)
    for number in range(4):
        signer.sign(credential_of(replace(AWARD, achievement=replace(ACHIEVEMENT, version=str(number)))), created=NOW)

    assert len(signer._templates) == 2
