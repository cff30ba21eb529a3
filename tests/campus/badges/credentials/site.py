"""An issuer with its keys, and what its site would answer at its addresses, in memory."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from campus.badges.credentials import fast, jwt, ob2, proof
from campus.badges.credentials.build import credential_of
from campus.badges.credentials.did import did_document
from campus.badges.credentials.facts import (
    AchievementFacts,
    AlignmentFacts,
    AwardFacts,
    Document,
    EvidenceFacts,
    Hosting,
    IssuerFacts,
    RecipientFacts,
    RecordFacts,
    RelatedFacts,
    StatusPlace,
)
from campus.badges.credentials.keys import IssuerKeys, PublicKeys, generate_keys
from campus.badges.credentials.record import record_of, sign_record
from campus.badges.credentials.status import StatusList, status_credential
from campus.badges.credentials.verify import Verdict, verify

SITE = "https://badges.example"
DID = "did:web:badges.example"
NOW = datetime(2026, 11, 26, 6, 30, tzinfo=UTC)
EMAIL = "hana@learners.example"
LIST = f"{SITE}/status/1"
# Keys cost nothing to use again, and every test reads the same ids.
KEYS = generate_keys(did=DID, name="2026-11")
STRANGER = generate_keys(did=DID, name="2026-11")

ISSUER = IssuerFacts(
    did=DID,
    name="学び合いプログラム",
    url=SITE,
    email="office@badges.example",
    description="事務局です。",
    image_url=f"{SITE}/logo.png",
)
ACHIEVEMENT = AchievementFacts(
    id=f"{SITE}/achievements/7/ja",
    name="ケーススタディ修了 “2026”",
    description="最後までやり遂げました。\n仲間の提出物も講評しました。",
    criteria="- 教材を3つ提出する\n- `C:\\data` を読む\n- 相互評価を3件行う",
    criteria_url=f"{SITE}/achievements/7",
    image_url=f"{SITE}/achievements/7.png",
    image_caption="修了バッジ",
    kind="CertificateOfCompletion",
    language="ja",
    version="2",
    tags=["data", "AI"],
    alignments=[
        AlignmentFacts(
            name="Data analysis",
            url=f"{SITE}/skills/2.0/data-analysis",
            description="Reads data and tells what it says",
            framework="Example skills 2.0",
            code="D-3",
            kind="CFItem",
        ),
        AlignmentFacts(name="Facilitation", url=f"{SITE}/skills/2.0/facilitation"),
    ],
    related=[RelatedFacts(id=f"{SITE}/achievements/7/en", language="en", version="2")],
)
AWARD = AwardFacts(
    id=f"{SITE}/awards/0001",
    issuer=ISSUER,
    achievement=ACHIEVEMENT,
    recipient=RecipientFacts(
        subject_id="urn:uuid:6f1c3c1e-7f5a-4e58-9d7f-1d3f0f6a2b11", email=EMAIL, salt="5a17", name="山田 花"
    ),
    awarded_on=NOW,
    valid_from=NOW,
    valid_until=NOW.replace(year=2029),
    evidence=[EvidenceFacts(name="売上予測", url=f"{SITE}/evidence/1", narrative="チームの提出物", kind="Project")],
    status=StatusPlace(LIST, 94_567),
)
HOSTING = Hosting(
    assertion_url=f"{SITE}/ob2/assertions/1.json",
    badge_class_url=f"{SITE}/ob2/classes/1.json",
    issuer_url=f"{SITE}/ob2/issuer.json",
    revocations_url=f"{SITE}/ob2/revocations.json",
    image_url=f"{SITE}/achievements/7.png",
)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


@dataclass(frozen=True)
class Published:
    """What the site answers, by DID and address."""

    generations: tuple[PublicKeys, ...] = (KEYS.public,)
    revoked: tuple[int, ...] = ()
    list_keys: IssuerKeys = KEYS
    others: Document = field(default_factory=dict)

    def documents(self) -> dict[str, Any]:
        """All of them."""
        hosted = [
            ob2.assertion(AWARD, HOSTING),
            ob2.badge_class(ACHIEVEMENT, HOSTING),
            ob2.issuer_profile(ISSUER, HOSTING),
            ob2.revocation_list([], HOSTING),
        ]
        return {
            DID: did_document(DID, self.generations),
            LIST: _signed_list(self.revoked, self.list_keys),
            **{document["id"]: document for document in hosted},
            **self.others,
        }

    def verdict(self, content: Any, *, now: datetime = NOW, email: str = EMAIL) -> Verdict:
        """What our own verification says."""
        return verify(content, self.documents().get, now, recipient_email=email)


@cache
def _signed_list(revoked: tuple[int, ...], keys: IssuerKeys) -> Document:
    """Signed once for each that is asked for: it takes the plain way."""
    listed = status_credential(list_url=LIST, issuer=ISSUER, statuses=StatusList.with_revoked(revoked), valid_from=NOW)
    return proof.sign(listed, keys, created=NOW)


def failed(verdict: Verdict) -> dict[str, str]:
    """The checks that said no, with their codes."""
    assert not verdict.is_genuine
    return {check.name: check.code for check in verdict.checks if check.ok is False}


_signer = cache(fast.Signer)


def signed(award: AwardFacts = AWARD, keys: IssuerKeys = KEYS) -> Document:
    """A badge of Open Badges 3.0 with its proof."""
    return _signer(keys).sign(credential_of(award), created=NOW)


def token(award: AwardFacts = AWARD, keys: IssuerKeys = KEYS) -> str:
    """The same as a JWT."""
    return jwt.sign_jwt(credential_of(award), keys)


def without_end(award: AwardFacts = AWARD) -> AwardFacts:
    """The award without an end of its validity."""
    return replace(award, valid_until=None)


def record(*awards: AwardFacts, keys: IssuerKeys = KEYS) -> Document:
    """A learner record of these badges."""
    facts = RecordFacts(
        id="urn:uuid:6b1d5d0e-3a55-4a1e-9b1c-3d6e1c7b9f20",
        name="学習記録",
        issuer=ISSUER,
        recipient=replace(AWARD.recipient, subject_id="urn:uuid:1f4fd1d2-4f0b-4f7c-8a37-0f0c3f0e7a55", salt="c1d2"),
        valid_from=AWARD.valid_from,
        badges=[signed(award) for award in awards],
    )
    return sign_record(record_of(facts), keys, created=NOW)


def copied(document: Document) -> Any:
    """A copy to tamper with."""
    return json.loads(json.dumps(document))
