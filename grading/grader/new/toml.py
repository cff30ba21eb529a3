"""Writes a manifest as TOML that people read and edit: both languages on one line, tables in the given order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
WIDEST = 110


def to_toml(manifest: Mapping[str, Any]) -> str:
    """The manifest as text; tomllib reads back the same."""
    return "\n".join(_table(manifest, ())).lstrip("\n") + "\n"


def _table(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """First what belongs to the table itself, then the tables below it."""
    below = [(name, value) for name, value in table.items() if _is_below(value)]
    for name, value in table.items():
        if not _is_below(value):
            yield f"{_key(name)} = {_value(value)}"
    for name, value in below:
        inside = (*path, name)
        for one in value if isinstance(value, list | tuple) else [value]:
            marks = "[[{}]]" if isinstance(value, list | tuple) else "[{}]"
            yield ""
            yield marks.format(".".join(map(_key, inside)))
            yield from _table(one, inside)


def _is_below(value: Any) -> bool:
    """Whether the value gets a heading of its own: what fits on a line does not."""
    if isinstance(value, Mapping):
        return bool(value) and (len(_value(value)) > WIDEST or any(_is_below(one) for one in value.values()))
    is_tables = isinstance(value, list | tuple) and bool(value) and all(isinstance(one, Mapping) for one in value)
    return is_tables and any(len(_value(one)) > WIDEST or _has_lists(one) for one in value)


def _has_lists(table: Mapping[str, Any]) -> bool:
    return any(isinstance(value, list | tuple | Mapping) for value in table.values())


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_value, value))}]"
    return _text(str(value))


def _text(text: str) -> str:
    # JSON's escapes are TOML's, but for the one character that JSON lets stand.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
