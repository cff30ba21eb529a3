"""A freshly signed badge with throw-away keys, for integrators who want to try their readers on one of ours."""

import json
import struct
import zlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from campus.badges.credentials import ob2
from campus.badges.credentials.baking import OB2, bake_png
from campus.badges.credentials.build import credential_of, new_salt, new_subject_id
from campus.badges.credentials.did import did_document
from campus.badges.credentials.facts import (
    AchievementFacts,
    AlignmentFacts,
    AwardFacts,
    Document,
    Hosting,
    IssuerFacts,
    RecipientFacts,
    RecordFacts,
    StatusPlace,
)
from campus.badges.credentials.jwt import sign_jwt
from campus.badges.credentials.keys import generate_keys
from campus.badges.credentials.proof import sign
from campus.badges.credentials.record import record_of, sign_record
from campus.badges.credentials.status import StatusList, status_credential

SITE = "https://badges.example"
ISSUER = IssuerFacts(
    did="did:web:badges.example", name="Example Programme 学び合いの例", url=SITE, email="office@badges.example"
)
ACHIEVEMENT = AchievementFacts(
    id=f"{SITE}/achievements/1/ja",
    name="ケーススタディ修了",
    description="3つの教材に最後まで取り組み、仲間の提出物を講評しました。",
    criteria="- 3つの教材を提出する\n- 相互評価を3件行う",
    kind="CertificateOfCompletion",
    language="ja",
    version="1",
    alignments=[AlignmentFacts(name="Data analysis", url=f"{SITE}/skills/data-analysis", framework="Example skills")],
)
EMAIL = "learner@badges.example"
HOSTING = Hosting(
    assertion_url=f"{SITE}/ob2/assertions/1.json",
    badge_class_url=f"{SITE}/ob2/classes/1.json",
    issuer_url=f"{SITE}/ob2/issuer.json",
    revocations_url=f"{SITE}/ob2/revocations.json",
    image_url=f"{SITE}/pictures/1.png",
)


def sample_award(now: datetime) -> AwardFacts:
    """An award of somebody who does not exist."""
    return AwardFacts(
        id=f"{SITE}/awards/1",
        issuer=ISSUER,
        achievement=ACHIEVEMENT,
        recipient=RecipientFacts(subject_id=new_subject_id(), email=EMAIL, salt=new_salt()),
        awarded_on=now,
        valid_from=now,
        status=StatusPlace(list_url=f"{SITE}/status/1", index=94_567),
    )


def sample_files(now: datetime) -> dict[str, bytes]:
    """The sample by file name."""
    keys, award = generate_keys(did=ISSUER.did, name="sample"), sample_award(now)
    credential = credential_of(award)
    badge = sign(credential, keys, created=now)
    signed = _as_json(badge)
    status = status_credential(
        list_url=f"{SITE}/status/1", issuer=ISSUER, statuses=StatusList.with_revoked([7]), valid_from=now
    )
    record = record_of(_sample_record(award, badge))
    return {
        "credential.json": signed,
        "credential.jwt": sign_jwt(credential, keys).encode(),
        "badge.png": bake_png(picture(), signed.decode()),
        "did.json": _as_json(did_document(ISSUER.did, [keys.public])),
        "status.json": _as_json(sign(status, keys, created=now)),
        "record.json": _as_json(sign_record(record, keys, created=now)),
        "record.jwt": sign_jwt(record, keys).encode(),
        **_of_version_2(award),
    }


def _sample_record(award: AwardFacts, badge: Document) -> RecordFacts:
    holder = replace(award.recipient, subject_id=new_subject_id(), salt=new_salt())
    return RecordFacts(new_subject_id(), "Learner record", ISSUER, holder, award.valid_from, [badge])


def _of_version_2(award: AwardFacts) -> dict[str, bytes]:
    assertion = _as_json(ob2.assertion(award, HOSTING))
    return {
        "assertion-2.0.json": assertion,
        "badge-2.0.png": bake_png(picture(), assertion.decode(), OB2),
        "badge-class-2.0.json": _as_json(ob2.badge_class(ACHIEVEMENT, HOSTING)),
        "issuer-2.0.json": _as_json(ob2.issuer_profile(ISSUER, HOSTING)),
        "revocations-2.0.json": _as_json(ob2.revocation_list([], HOSTING)),
    }


def write_sample(folder: Path, now: datetime) -> list[str]:
    """Write the sample into the folder; answers the names of the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = sample_files(now)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return list(files)


def _as_json(document: Document) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def picture(size: int = 128) -> bytes:
    """A disc on white, as a PNG."""
    middle = size / 2
    rows = b"".join(
        b"\0" + b"".join(_dot(x + 0.5 - middle, y + 0.5 - middle, middle) for x in range(size)) for y in range(size)
    )
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


def _dot(x: float, y: float, radius: float) -> bytes:
    return b"\x00\x31\xd8" if x * x + y * y < (radius * 0.9) ** 2 else b"\xff\xff\xff"
