"""Digests of data and files: equal contents, equal digest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path


def digest_of_json(data: object) -> str:
    """SHA-256 of the data as JSON in a fixed form."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def digest_of_file(path: Path) -> str:
    """SHA-256 of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
