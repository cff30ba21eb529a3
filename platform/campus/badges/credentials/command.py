"""`campus badge verify` and `campus badge sample`: without the site, its database or its settings."""

import http.client
import json
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from campus.badges.credentials.did import did_url
from campus.badges.credentials.facts import Document
from campus.badges.credentials.reading import MOST_BYTES, Unreadable, parse
from campus.badges.credentials.sample import write_sample
from campus.badges.credentials.verify import Check, Verdict, as_json, verify

Say = Callable[[str], None]
_SECONDS = 10


def verify_file(file: Path, *, documents: Path | None, is_offline: bool, email: str, in_json: bool, say: Say) -> bool:
    """Verify the badge in the file and say what was found; answers whether it is genuine.

    The issuer's DID document and status list come from the JSON files in ``documents`` that have the wanted id, else
    over https from where they are published, unless ``is_offline``.
    """
    given = _documents_in(documents) if documents else {}

    def resolver(name: str) -> Document | None:
        return given.get(name) or (None if is_offline else fetch(name))

    verdict = verify(file.read_bytes(), resolver, datetime.now(UTC), recipient_email=email)
    for line in [json.dumps(as_json(verdict), ensure_ascii=False)] if in_json else _lines(verdict):
        say(line)
    return verdict.is_genuine


def _lines(verdict: Verdict) -> list[str]:
    from campus.badges.credentials.messages import title_of, words_of

    def line(check: Check) -> str:
        mark = {True: "yes", False: "NO ", None: " - "}[check.ok]
        return f"{mark}  {title_of(check)}: {words_of(check)}"

    return [*map(line, verdict.checks), "genuine" if verdict.is_genuine else "NOT genuine"]


def _documents_in(folder: Path) -> dict[str, Document]:
    found = {}
    for path in sorted(folder.glob("*.json")):
        try:
            document = parse(path.read_text())
        except (Unreadable, UnicodeDecodeError):
            continue
        found[str(document.get("id"))] = document
    return found


def fetch(name: str) -> Document | None:
    """What is published under a did:web or an https address; None where there is nothing to read."""
    try:
        url = did_url(name) if name.startswith("did:") else name
        if not url.startswith("https://"):
            return None
        request = urllib.request.Request(url, headers={"Accept": "application/json, application/vc+ld+json"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            if not answer.url.startswith("https://"):  # sent on to where anybody could answer
                return None
            return parse(answer.read(MOST_BYTES).decode())
    except (OSError, http.client.HTTPException, ValueError):
        return None


def sample(folder: Path, *, say: Say) -> None:
    """Write a sample badge with throw-away keys."""
    for name in write_sample(folder, datetime.now(UTC)):
        say(f"{folder / name}")
