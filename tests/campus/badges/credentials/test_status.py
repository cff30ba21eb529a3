"""Status lists carry one bit for each badge and survive being read by anybody."""

import gzip
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from openbadgeslib.ob3.status import decode_encoded_list, set_indices

from campus.badges.credentials.facts import Revocation
from campus.badges.credentials.status import (
    LEAST_BITS,
    NotAStatusList,
    StatusList,
    revocation_list,
    status_credential,
)
from campus.badges.credentials.text import from_base64url
from tests.campus.badges.credentials.site import DID, ISSUER, LIST, NOW, SITE


@settings(max_examples=15, deadline=None)
@given(indexes=some.sets(some.integers(0, LEAST_BITS - 1), max_size=30))
def test_a_list_comes_back_and_another_library_reads_the_same_places(indexes: set[int]) -> None:
    encoded = StatusList.with_revoked(indexes).encode()

    assert StatusList.decode(encoded) == StatusList.with_revoked(indexes)
    assert set_indices(decode_encoded_list(encoded)) == indexes


def test_the_first_place_is_the_first_bit_of_all() -> None:
    statuses = StatusList.with_revoked([0])

    assert statuses[0]
    assert not statuses[1]
    assert gzip.decompress(_decoded(statuses.encode()))[0] == 0b1000_0000


def _decoded(encoded: str) -> bytes:
    return from_base64url(encoded[1:])


def test_a_place_is_given_back_and_its_neighbours_stay() -> None:
    statuses = StatusList.with_revoked([6, 7, 8])
    statuses[7] = False

    assert [statuses[place] for place in (5, 6, 7, 8, 9)] == [False, True, False, True, False]


@pytest.mark.parametrize("index", [-1, LEAST_BITS])
def test_a_place_outside_is_none(index: int) -> None:
    with pytest.raises(IndexError):
        StatusList()[index]


@pytest.mark.parametrize("bits", [LEAST_BITS - 8, LEAST_BITS + 1])
def test_a_list_that_is_too_short_is_not_made(bits: int) -> None:
    with pytest.raises(ValueError, match="at least"):
        StatusList(bits)


def _encoded(content: bytes) -> str:
    return "u" + urlsafe_b64encode(gzip.compress(content, mtime=0)).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "encoded",
    [
        "",
        "zH4sI",
        "u!!!",
        "uAAAA",
        _encoded(bytes(100)),
        _encoded(bytes(5 * 1024 * 1024)),
        StatusList().encode()[:-9],
    ],
)
def test_what_is_no_list_or_a_bomb_is_refused(encoded: str) -> None:
    with pytest.raises(NotAStatusList):
        StatusList.decode(encoded)


def test_the_same_list_is_always_written_alike() -> None:
    assert StatusList.with_revoked([5]).encode() == StatusList.with_revoked([5]).encode()


def test_the_credential_says_whose_list_it_is() -> None:
    until = NOW.replace(month=12)
    made = status_credential(list_url=LIST, issuer=ISSUER, statuses=StatusList(), valid_from=NOW, valid_until=until)

    assert made == {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": LIST,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": DID,
        "validFrom": "2026-11-26T06:30:00Z",
        "validUntil": "2026-12-26T06:30:00Z",
        "credentialSubject": {
            "id": f"{LIST}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": StatusList().encode(),
        },
    }


def test_the_plain_list_names_what_was_revoked() -> None:
    made = revocation_list(list_url=f"{SITE}/revoked", issuer=ISSUER, revoked=[Revocation("urn:uuid:1", "By mistake")])

    assert made["revokedCredential"] == [{"id": "urn:uuid:1", "revoked": True, "revocationReason": "By mistake"}]
