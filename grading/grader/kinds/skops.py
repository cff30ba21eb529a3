"""scikit-learn models saved by skops: a ZIP file whose types are all on our list."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any, ClassVar

from grader.contract import Kind
from grader.kinds.base import Rules, SubmissionKind, refusal
from grader.kinds.skops_types import ALLOWED_TYPES
from grader.pack.form import RunLimits
from grader.problems import shown

SCHEMA = "schema.json"
MOST_FILES = 20_000
LARGEST_SCHEMA = 50_000_000
LARGEST_UNPACKED = 400_000_000
_ENTRY = b"PK\x01\x02"


class SkopsKind(SubmissionKind):
    """A scikit-learn model, loaded in the sandbox with the types that we allow."""

    kind: ClassVar[Kind] = Kind.SKOPS
    label: ClassVar[str] = "skops (.skops)"
    suffixes: ClassVar[tuple[str, ...]] = (".skops",)
    limits: ClassVar[RunLimits] = RunLimits(kind=Kind.SKOPS, bytes=20 * 1024**2, seconds=20, memory_mb=2048)

    def inspect(self, data: bytes, rules: Rules) -> None:
        if rules.submission.model is None:
            raise refusal("model_unwanted")
        try:
            schema = _schema(data)
        # RuntimeError is zipfile's for a way to pack that it doesn't know, and Python's for too deep a schema.
        except (zipfile.BadZipFile, ValueError, KeyError, RuntimeError, EOFError, OSError):
            raise refusal("skops_damaged") from None
        if forbidden := sorted(set(_types(schema)) - ALLOWED_TYPES):
            raise refusal("skops_types", types=", ".join(shown(name) for name in forbidden[:3]))


def _schema(data: bytes) -> Any:
    if data.count(_ENTRY) > MOST_FILES:
        raise refusal("skops_bomb", limit=LARGEST_UNPACKED)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
            raise refusal("skops_bomb", limit=LARGEST_UNPACKED)
        if archive.getinfo(SCHEMA).file_size > LARGEST_SCHEMA:
            raise refusal("skops_bomb", limit=LARGEST_UNPACKED)
        return json.loads(archive.read(SCHEMA))


def _types(schema: Any) -> Iterator[str]:
    """Every type and function that the file names; the sandbox asks skops itself once more."""
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if isinstance(module := node.get("__module__"), str) and "__class__" in node:
                yield f"{module}.{node['__class__']}"
            if isinstance(module := node.get("module_path"), str) and "function" in node:
                yield f"{module}.{node['function']}"
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
