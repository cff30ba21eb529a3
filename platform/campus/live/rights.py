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
_with_presence: set[str] = set()


def readable(prefix: str, *, presence: bool = False) -> Callable[[_F], _F]:
    """Register `can_read(person, id) -> bool` for the streams "prefix:id". What nobody registers nobody reads.

    With ``presence`` the readers of a stream are told how many they are at the moment.
    """
    if parse_key(f"{prefix}:1") is None:
        raise ValueError(f"{prefix!r} can't start a stream key")

    def register(predicate: _F) -> _F:
        if _predicates.get(prefix, predicate) is not predicate:
            raise ValueError(f"two predicates for the streams {prefix}:…")
        _predicates[prefix] = predicate
        if presence:
            _with_presence.add(prefix)
        return predicate

    return register


def shows_presence(prefix: str) -> bool:
    """Whether readers of the streams "prefix:id" are told how many they are."""
    return prefix in _with_presence


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
