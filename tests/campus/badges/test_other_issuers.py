"""Another issuer's badge on the page: checked with the files that are brought along, never called more than that."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from campus.badges import keys, signing
from campus.badges.credentials.build import credential_of
from campus.badges.credentials.did import did_document
from campus.badges.credentials.facts import IssuerFacts
from campus.badges.credentials.keys import IssuerKeys, generate_keys
from campus.badges.credentials.proof import sign
from campus.badges.credentials.sample import ISSUER, SITE, sample_award, sample_files
from campus.badges.credentials.status import StatusList, status_credential
from campus.badges.models import Award
from tests.campus.badges.test_verifying import GENUINE, check, document_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
FITS = "The signature matches the keys you added."


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """What a stranger signed and publishes."""
    return sample_files(timezone.now())


def sent(files: dict[str, bytes], badge: str, **brought: str) -> dict[str, SimpleUploadedFile]:
    names = {"file": badge, **brought}
    return {field: SimpleUploadedFile(name, files[name]) for field, name in names.items()}


def written(documents: dict[str, Any]) -> dict[str, bytes]:
    return {name: json.dumps(document).encode() for name, document in documents.items()}


def listed(signs: IssuerKeys, url: str, issuer: IssuerFacts, *, revoked: list[int]) -> dict[str, Any]:
    """A signed list in which these places are revoked."""
    now, statuses = timezone.now(), StatusList.with_revoked(revoked)
    unsigned = status_credential(list_url=url, issuer=issuer, statuses=statuses, valid_from=now)
    return sign(unsigned, signs, created=now)


def test_the_page_says_where_the_issuers_keys_are(files: dict[str, bytes], db: None) -> None:
    assert "Open the issuer’s keys at https://badges.example/.well-known/did.json" in check(
        **sent(files, "credential.json")
    )


@pytest.mark.parametrize("badge", ["credential.json", "credential.jwt", "badge.png", "record.json", "record.jwt"])
def test_with_the_issuers_files_it_is_checked_and_called_no_more_than_fitting(
    files: dict[str, bytes], badge: str
) -> None:
    text = check(**sent(files, badge, keys="did.json", revoked="status.json"))

    assert f"{FITS} Make sure you got them from the issuer’s own site." in text
    assert GENUINE not in text
    assert ISSUER.did in text


def test_without_its_list_it_stays_open_whether_it_was_revoked(files: dict[str, bytes]) -> None:
    text = check(**sent(files, "credential.json", keys="did.json"))

    assert f"{FITS} To check whether it was revoked, add the list as well." in text
    assert f"{SITE}/status/1" in text


def test_a_revoked_one_is_not_in_force() -> None:
    stranger, now = generate_keys(did=ISSUER.did, name="key-1"), timezone.now()
    award = sample_award(now)
    files = {
        "badge.json": sign(credential_of(award), stranger, created=now),
        "did.json": did_document(ISSUER.did, [stranger.public]),
        "status.json": listed(stranger, f"{SITE}/status/1", ISSUER, revoked=[94_567]),
    }
    text = check(**sent(written(files), "badge.json", keys="did.json", revoked="status.json"))

    assert f"{FITS[:-1]}, but the badge is not in force." in text


def test_a_changed_one_is_refused_and_its_words_are_not_repeated(files: dict[str, bytes]) -> None:
    changed = json.loads(files["credential.json"]) | {"name": "Doctor of everything"}
    text = check(**sent(files | {"x.json": json.dumps(changed).encode()}, "x.json", keys="did.json"))

    assert "This badge can’t be trusted." in text
    assert "Doctor of everything" not in text


def test_nobody_brings_along_what_is_ours(public: Award) -> None:
    issuer = keys.issuer_of_site()
    forged = generate_keys(did=issuer.did, name="key-1")
    unsigned = {name: value for name, value in document_of(public).items() if name != "proof"}
    now = timezone.now()
    files = {
        "badge.json": sign(unsigned, forged, created=now),
        "did.json": did_document(issuer.did, [forged.public]),
        "status.json": listed(
            forged, issuer.base_url + public.status_list.path, signing.issuer_facts(issuer, "ja"), revoked=[]
        ),
    }
    text = check(**sent(written(files), "badge.json", keys="did.json", revoked="status.json"))

    assert "This badge can’t be trusted." in text


def test_a_hosted_badge_of_others_is_left_to_its_issuer(files: dict[str, bytes]) -> None:
    text = check(**sent(files, "assertion-2.0.json", keys="issuer-2.0.json", revoked="badge-class-2.0.json"))
    assert "It can only be checked on the issuer’s own site." in text


@pytest.mark.parametrize("content", [b"\xff", b"no json", b"[1]", b"{" * 5000])
def test_a_file_that_is_no_document_is_said_in_words(files: dict[str, bytes], content: bytes) -> None:
    text = check(**sent(files | {"bad": content}, "credential.json", keys="bad"))
    assert "This isn’t an issuer’s JSON file. Save it again from its address." in text
