"""The JSON-LD contexts, read from what the locks brought; nothing is ever asked of the network.

`make node_modules/.packages` lays each context of two npm packages into a file named after its address. The one of the
Comprehensive Learner Record comes with openbadgeslib, as a file: no code of that library runs here.
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

from campus.badges.credentials.facts import Document
from campus.environment import ROOT

FOLDER = ROOT / "node_modules/.contexts"
CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"


class UnknownContext(Exception):
    """A document names a context that is none of ours; ``args[0]`` is its address."""


@cache
def context_of(url: str) -> Document:
    """The context document of this address; ``UnknownContext`` for all that we don't have."""
    path = _clr() if url == CLR else FOLDER / f"{quote(url, safe='')}.json"
    if not FOLDER.is_dir():
        raise FileNotFoundError(f"{FOLDER} is missing: make node_modules/.packages")
    if len(url) > 200 or not path.is_file():
        raise UnknownContext(url)
    document: Document = json.loads(path.read_text())
    return document


def _clr() -> Path:
    package = find_spec("openbadgeslib")
    if package is None or package.origin is None:
        raise FileNotFoundError("openbadgeslib is missing: make .venv/.packages")
    return Path(package.origin).parent / "ob3/contexts/clr_context_2.0.1.json"


def load(url: str, _options: object = None) -> dict[str, Any]:
    """The same as PyLD asks for it. Tagged as unchanging, so that it is processed once."""
    return {"contextUrl": None, "documentUrl": url, "document": context_of(url), "tag": "static"}
