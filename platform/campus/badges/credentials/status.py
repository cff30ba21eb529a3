"""Who was revoked, told to verifiers without telling who asks: Bitstring status lists, and 1EdTech's plain list."""

import gzip
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Self

from campus.badges.credentials.build import CONTEXTS
from campus.badges.credentials.facts import Document, IssuerFacts, Revocation
from campus.badges.credentials.text import from_base64url, plain, stamp, to_base64url

# The specification's least length: in a shorter list a place would give away too much.
LEAST_BITS = 131_072
_MOST_BYTES = 4 * 1024 * 1024


class NotAStatusList(ValueError):
    """An encoded list that can't be read, or is too short or too long."""


class StatusList:
    """A long row of bits, one for each badge; a bit that is set means revoked. Bit 0 is the first byte's highest."""

    def __init__(self, bits: int = LEAST_BITS, *, content: bytes | None = None) -> None:
        if content is None and (bits < LEAST_BITS or bits % 8):
            raise ValueError(f"a status list has at least {LEAST_BITS} bits, and whole bytes")
        self._content = bytearray(content if content is not None else bits // 8)

    def __len__(self) -> int:
        return len(self._content) * 8

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StatusList) and self._content == other._content

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __getitem__(self, index: int) -> bool:
        byte, bit = self._place(index)
        return bool(self._content[byte] & bit)

    def __setitem__(self, index: int, revoked: bool) -> None:
        byte, bit = self._place(index)
        self._content[byte] = self._content[byte] | bit if revoked else self._content[byte] & ~bit

    def _place(self, index: int) -> tuple[int, int]:
        if not 0 <= index < len(self):
            raise IndexError(index)
        return index // 8, 0x80 >> index % 8

    @classmethod
    def with_revoked(cls, indexes: Iterable[int], bits: int = LEAST_BITS) -> Self:
        """A list with these places revoked."""
        made = cls(bits)
        for index in indexes:
            made[index] = True
        return made

    def encode(self) -> str:
        """As it stands in the status credential: gzip, base 64 for addresses, "u" before it."""
        return "u" + to_base64url(gzip.compress(bytes(self._content), mtime=0))

    @classmethod
    def decode(cls, encoded: str) -> Self:
        """The list again; ``NotAStatusList`` where it is none."""
        try:
            if not encoded.startswith("u"):
                raise NotAStatusList
            reader = zlib.decompressobj(wbits=31)
            content = reader.decompress(from_base64url(encoded[1:]), _MOST_BYTES + 1)
        except (ValueError, zlib.error):
            raise NotAStatusList from None
        if not reader.eof or not LEAST_BITS <= len(content) * 8 <= _MOST_BYTES * 8:
            raise NotAStatusList
        return cls(content=content)


def status_credential(
    *,
    list_url: str,
    issuer: IssuerFacts,
    statuses: StatusList,
    valid_from: datetime,
    valid_until: datetime | None = None,
) -> Document:
    """The list as a credential, to be signed with ``proof.sign`` by the badges' issuer."""
    until = {"validUntil": stamp(valid_until)} if valid_until else {}
    return {
        "@context": CONTEXTS[:1],
        "id": list_url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.did,
        "validFrom": stamp(valid_from),
        **until,
        "credentialSubject": {
            "id": f"{list_url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": statuses.encode(),
        },
    }


def revocation_list(*, list_url: str, issuer: IssuerFacts, revoked: Sequence[Revocation]) -> Document:
    """1EdTech's revocation list: the ids of revoked badges, with reasons, for all to read."""
    return {
        "id": list_url,
        "issuer": issuer.did,
        "revokedCredential": [
            {"id": item.id, "revoked": True}
            | ({"revocationReason": plain("revocation.reason", item.reason)} if item.reason else {})
            for item in revoked
        ],
    }
