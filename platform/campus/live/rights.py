"""Who may read which stream: each app registers a predicate for the prefix of its keys."""

from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any, TypeVar

from django.conf import settings
from django.contrib import auth
from django.utils.module_loading import import_string

from campus.live.streams import parse_key

CanRead = Callable[[Any, int], bool]
_F = TypeVar("_F", bound=CanRead)
_predicates: dict[str, CanRead] = {}


def readable(prefix: str) -> Callable[[_F], _F]:
    """Register `can_read(person, id) -> bool` for the streams "prefix:id". What nobody registers nobody reads."""
    if parse_key(f"{prefix}:1") is None:
        raise ValueError(f"{prefix!r} can't start a stream key")

    def register(predicate: _F) -> _F:
        if _predicates.get(prefix, predicate) is not predicate:
            raise ValueError(f"two predicates for the streams {prefix}:…")
        _predicates[prefix] = predicate
        return predicate

    return register


def can_read(person: Any, key: object) -> bool:
    """Whether the person may read the stream now. Keys that mean nothing are readable by nobody."""
    parsed = parse_key(key)
    if parsed is None or not person.is_authenticated or not person.is_active:
        return False
    prefix, row_id = parsed
    predicate = _predicates.get(prefix)
    return predicate is not None and bool(predicate(person, row_id))


def readable_of(person: Any, keys: Iterable[str]) -> set[str]:
    """The keys among those given that the person may read."""
    return {key for key in keys if can_read(person, key)}


def person_of_session(session_key: str | None) -> Any | None:
    """The signed-in, active person of a session, read afresh; None once it has ended."""
    if not session_key:
        return None
    store = import_string(f"{settings.SESSION_ENGINE}.SessionStore")(session_key)
    person = auth.get_user(SimpleNamespace(session=store))  # type: ignore[arg-type]
    return person if person.is_authenticated and person.is_active else None
