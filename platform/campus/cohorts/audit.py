"""The audit log in words: what each action is called, and how its subjects are named.

Each app says its own actions (`words_for`) and names its own rows (`names_of`) in its ``audit.py``, imported in
``AppConfig.ready``. A test fails for an action without words, and for words without an action.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils.functional import Promise
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from campus.cohorts.models import AuditEntry
from campus.ui.moments import moment_in_words

Words = str | Promise


@dataclass(frozen=True)
class Counted:
    """A verb phrase for one thing and for several."""

    one: str
    many: str


@dataclass(frozen=True)
class Name:
    """How a row is called on pages; ``address`` where it has a page of its own."""

    text: str
    address: str = ""


# Ids of one kind to their names; asked once for a whole page of entries. Ids that are gone are left out.
Namer = Callable[[Collection[int]], Mapping[int, Name]]

# Details keep moments as isoformat() writes them.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*([+-]\d\d:\d\d|Z)$")

# A text that somebody looks for to the ids of the rows whose names hold it.
Finder = Callable[[str], Iterable[int]]

# Beyond this a name is no way to look for something.
MOST_FOUND = 5000

_words: dict[str, Words | Counted] = {}
_finders: dict[str, Finder] = {}
_groups: dict[str, Words] = {}
_namers: dict[str, Namer] = {}
_labels: dict[str, dict[str, Words]] = {}


def counted(one: str, many: str) -> Counted:
    """Words of an action by the `count` in its details; found by `make messages` like those of ngettext."""
    return Counted(one, many)


def words_for(table: Mapping[str, Words | Counted]) -> None:
    """Say actions in words: a verb phrase that follows the actor's name, e.g. “formed the team %(subject)s”.

    ``%(subject)s`` is the row acted on, ``%(count)s`` (with `counted`) and the like are of the entry's details; a
    detail that is called like a kind of subject (``enrolment=12``) is named as that row.
    """
    _words.update(table)


def names_of(kind: str, namer: Namer, *, find: Finder | None = None) -> None:
    """Say how subjects of this kind (the part before the colon) are called, and how they are found by name."""
    _namers[kind] = namer
    if find:
        _finders[kind] = find


def group_of_actions(prefix: str, label: Words) -> None:
    """Name the actions that begin with this word, for the filter of the log."""
    _groups[prefix] = label


def groups() -> list[tuple[str, Words]]:
    """First word of actions and its name, for each that has actions; unnamed ones go by the word itself."""
    prefixes = sorted({action.partition(".")[0] for action in _words})
    return [(prefix, _groups.get(prefix, prefix)) for prefix in prefixes]


def subjects_called(text: str) -> list[str]:
    """Subjects (``kind:id``) that are called so; a text of that form is one itself."""
    _kind, _colon, number = text.strip().partition(":")
    if number.isdigit():
        return [text.strip()]
    found = ((kind, pk) for kind, find in _finders.items() for pk in find(text.strip()))
    return [f"{kind}:{pk}" for kind, pk in islice(found, MOST_FOUND)]


def labels_for(detail: str, labels: Mapping[str, Words]) -> None:
    """Say how the coded values of a detail read, e.g. of ``role`` or ``fields``."""
    _labels.setdefault(detail, {}).update(labels)


def known_actions() -> dict[str, Words | Counted]:
    """Every action that has words, in alphabetical order."""
    return dict(sorted(_words.items()))


@dataclass(frozen=True)
class Line:
    """An entry as pages and files show it. ``sentence`` is safe HTML, its names are links; ``plain`` is text."""

    entry: AuditEntry
    actor: str
    sentence: SafeString
    plain: str


Key = tuple[str, int]


def in_words(entries: Iterable[AuditEntry]) -> list[Line]:
    """The entries (read with their actors) in the language of the page, in a few queries however many they are."""
    entries = list(entries)
    named = {entry.pk: dict(_named_in(entry)) for entry in entries}
    names = _names(key for parts in named.values() for key in parts.values())
    return [_line(entry, {part: names.get(key) for part, key in named[entry.pk].items()}) for entry in entries]


def _named_in(entry: AuditEntry) -> Iterator[tuple[str, Key]]:
    """The rows that an entry names: its subject, and details that are ids of a known kind (``enrolment=12``)."""
    kind, _colon, number = entry.subject.partition(":")
    if number.isdigit():
        yield "subject", (kind, int(number))
    for kind, value in entry.details.items():
        if kind in _namers and isinstance(value, int):
            yield kind, (kind, value)


def _names(keys: Iterable[Key]) -> dict[Key, Name]:
    ids: dict[str, set[int]] = defaultdict(set)
    for kind, number in keys:
        ids[kind].add(number)
    return {
        (kind, number): name
        for kind, wanted in ids.items()
        if kind in _namers
        for number, name in _namers[kind](wanted).items()
    }


class _Parts(dict[str, str]):
    """What a sentence may name; a dash for what an old entry does not tell."""

    def __missing__(self, key: str) -> str:
        return "—"


def _phrase(entry: AuditEntry) -> str:
    """The words of the entry's action, with the names and numbers still to be filled in."""
    words = _words.get(entry.action, entry.action)
    if isinstance(words, Counted):
        return ngettext(words.one, words.many, 1 if entry.details.get("count") == 1 else 2)
    return str(words)


def _line(entry: AuditEntry, names: Mapping[str, Name | None]) -> Line:
    words = _phrase(entry)
    plain = {key: _said(value, _labels.get(key, {})) for key, value in entry.details.items()}
    plain["subject"] = entry.subject
    linked: dict[str, str] = dict(plain)
    for part, name in names.items():
        if name:
            plain[part] = name.text
            linked[part] = format_html('<a href="{}">{}</a>', name.address, name.text) if name.address else name.text
    return Line(
        entry=entry,
        actor=entry.actor.name if entry.actor else pgettext("actor", "The site"),
        # Everything that goes in has been escaped.
        sentence=mark_safe(escape(words) % _Parts({key: conditional_escape(text) for key, text in linked.items()})),  # noqa: S308
        plain=words % _Parts(plain),
    )


def _said(value: Any, labels: Mapping[str, Words]) -> str:
    """A detail as it reads in a sentence."""
    if isinstance(value, str) and value in labels:
        return str(labels[value])
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and _MOMENT.match(value):
        return moment_in_words(datetime.fromisoformat(value))
    if isinstance(value, list):
        return pgettext("list of names", ", ").join(_said(one, labels) for one in value) or "—"
    return "—" if value is None else str(value)
