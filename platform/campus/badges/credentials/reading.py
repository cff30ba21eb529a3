"""What somebody holds out to be verified: a picture, JSON or a token; anybody's, so nothing of it is trusted."""

import json
from dataclasses import dataclass
from typing import Any

from campus.badges.credentials.baking import OB2, OB3, NotAPicture, is_png, unbake_png, unbake_svg
from campus.badges.credentials.facts import Document
from campus.badges.credentials.jwt import is_token

MOST_BYTES = 8 * 1024 * 1024  # of a picture
MOST_TEXT = 384 * 1024  # of the badge in it
_DEEPEST = 24


class Unreadable(ValueError):
    """Nothing that we can verify; ``args[0]`` is a code of ``messages``."""


@dataclass(frozen=True)
class Held:
    """What was held out: JSON of either version, a token, or the address of a hosted assertion."""

    document: Document | None = None
    token: str = ""
    address: str = ""


def read(content: bytes | str | Document) -> Held:
    """Find the badge in what was given; ``Unreadable`` where there is none."""
    if isinstance(content, dict):
        return Held(document=_checked(content))
    if len(content) > MOST_BYTES:
        raise Unreadable("input.too_large")
    raw = content.encode(errors="replace") if isinstance(content, str) else content
    text = (_baked(raw) if is_png(raw) or _is_svg(raw) else _decoded(raw)).strip()
    if len(text) > MOST_TEXT:
        raise Unreadable("input.too_large")
    if text.startswith("https://") and len(text.split()) == 1:
        return Held(address=text)
    if is_token(text):
        return Held(token=text)
    return Held(document=parse(text))


def _is_svg(raw: bytes) -> bool:
    return raw.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("input.unknown") from None


def _baked(raw: bytes) -> str:
    try:
        found = unbake_png(raw) if is_png(raw) else unbake_svg(raw)
    except NotAPicture:
        raise Unreadable("input.damaged_picture") from None
    if not found:
        raise Unreadable("input.no_badge_in_picture")
    return found.get(OB3) or found[OB2]


def parse(text: str) -> Document:
    """The JSON object; a name that stands in it twice is refused, because readers would differ on it."""
    try:
        document = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Unreadable("input.unknown") from None
    if not isinstance(document, dict):
        raise Unreadable("input.unknown")
    return _checked(document)


def _once(pairs: list[tuple[str, Any]]) -> Document:
    if len({name for name, _value in pairs}) < len(pairs):
        raise ValueError("a name twice")
    return dict(pairs)


def _no_number(name: str) -> None:
    raise ValueError(name)


def _checked(document: Document) -> Document:
    if _depth(document) > _DEEPEST:
        raise Unreadable("input.unknown")
    return document


def _depth(document: Document) -> int:
    depth, level = 0, [document]
    while level and depth <= _DEEPEST:
        depth += 1
        level = [item for parent in level for item in _inside(parent)]
    return depth


def _inside(value: Any) -> list[Any]:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [item for item in items if isinstance(item, dict | list)]
