"""What a stream is called and what one of its events looks like on the wire."""

import json
import re
from datetime import UTC, datetime

# A prefix that an app has registered, a colon, the id of the row that the stream is about: board:12
_KEY = re.compile(r"([a-z][a-z_]{0,30}):([1-9][0-9]{0,17})", re.ASCII)
_KIND = re.compile(r"[a-z][a-z0-9_.-]{0,59}", re.ASCII)

# PostgreSQL's NOTIFY channels: which streams have news, whose rights have changed.
NEWS_CHANNEL = "live_news"
RIGHTS_CHANNEL = "live_rights"


def parse_key(key: object) -> tuple[str, int] | None:
    """Split "board:12" into ("board", 12); None for anything that is no stream key."""
    match = _KEY.fullmatch(key) if isinstance(key, str) else None
    return (match[1], int(match[2])) if match else None


def check_key(key: str) -> None:
    """Raise ValueError unless the text is a stream key."""
    if parse_key(key) is None:
        raise ValueError(f"{key!r} is no stream key: a prefix in small letters, a colon and an id, like board:12")


def check_kind(kind: str) -> None:
    """Raise ValueError unless the text can name a kind of event."""
    if not _KIND.fullmatch(kind):
        raise ValueError(f"{kind!r} is no kind of event: small letters, digits, _ . and -, at most 60")


def encode_event(*, stream: str, seq: int, kind: str, payload: str, at: datetime) -> str:
    """One event as JSON. The payload is JSON text already (of a jsonb column) and is put in as it is."""
    time = at.astimezone(UTC).isoformat(timespec="milliseconds")
    return f'{{"stream":"{stream}","seq":{seq},"kind":{json.dumps(kind)},"at":"{time}","payload":{payload}}}'
