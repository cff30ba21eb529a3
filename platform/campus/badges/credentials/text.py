"""Texts, time stamps and encodings as a credential may hold them."""

import base64
import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any

# JSON-LD libraries escape control characters in different ways, so a signature over them would not verify everywhere.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ADDRESS = re.compile(r"(?:https?://|urn:|did:|mailto:)[^\s<>\"{}|\\^`\x00-\x20]+")
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class RefusedText(ValueError):
    """A text with a control character, or an address that is none. ``args[0]`` is its name in the facts."""


def plain(name: str, value: str) -> str:
    """The text with line ends as ``\\n``; control characters raise ``RefusedText``."""
    value = value.replace("\r\n", "\n")
    if _CONTROL.search(value):
        raise RefusedText(name)
    return value


def address(name: str, value: str) -> str:
    """An absolute address (or nothing), as it can stand in a badge; ``RefusedText`` for any other text."""
    if value and not _ADDRESS.fullmatch(plain(name, value)):
        raise RefusedText(name)
    return value


def stamp(moment: datetime) -> str:
    """The moment as a time stamp with its zone: 2026-11-26T06:30:00Z."""
    if moment.tzinfo is None:
        raise ValueError("a time stamp in a badge needs a time zone")
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def moment_of(value: object) -> datetime | None:
    """The moment of a time stamp, None if it is none or has no zone."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def identity_hash(email: str, salt: str) -> str:
    """How a badge names an address without showing it: sha256 of address and salt."""
    return "sha256$" + hashlib.sha256((email.strip().lower() + salt).encode()).hexdigest()


def canonical_json(document: Any) -> bytes:
    """The document as the shortest JSON, always the same for the same document."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def to_base58(data: bytes) -> str:
    """Base 58 with Bitcoin's alphabet, as multibase "z" has it."""
    number, digits = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 58)
        digits = _ALPHABET[digit] + digits
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


def from_base58(text: str) -> bytes:
    """The bytes again; ValueError where the text is no base 58."""
    number = 0
    for digit in text:
        number = number * 58 + _ALPHABET.index(digit)
    body = number.to_bytes((number.bit_length() + 7) // 8)
    return b"\0" * (len(text) - len(text.lstrip("1"))) + body


def to_base64url(data: bytes) -> str:
    """Base 64 for addresses, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """The bytes again; ValueError for anything but unpadded base 64 in its one spelling."""
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if to_base64url(data) != text:
        raise ValueError("not base64url")
    return data
