"""The JSON-LD contexts, read from what the lock of package.json brought; nothing is ever asked of the network.

`make node_modules/.packages` lays each context of the two packages into a file named after its address.
"""

import json
from functools import cache
from typing import Any
from urllib.parse import quote

from campus.badges.credentials.facts import Document
from campus.environment import ROOT

FOLDER = ROOT / "node_modules/.contexts"


class UnknownContext(Exception):
    """A document names a context that is none of ours; ``args[0]`` is its address."""


@cache
def context_of(url: str) -> Document:
    """The context document of this address; ``UnknownContext`` for all that we don't have."""
    path = FOLDER / f"{quote(url, safe='')}.json"
    if not FOLDER.is_dir():
        raise FileNotFoundError(f"{FOLDER} is missing: make node_modules/.packages")
    if len(url) > 200 or not path.is_file():
        raise UnknownContext(url)
    document: Document = json.loads(path.read_text())
    return document


def load(url: str, _options: object = None) -> dict[str, Any]:
    """The same as PyLD asks for it. Tagged as unchanging, so that it is processed once."""
    return {"contextUrl": None, "documentUrl": url, "document": context_of(url), "tag": "static"}
