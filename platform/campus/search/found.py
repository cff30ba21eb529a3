"""What every kind of result looks like."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from campus.cohorts.models import Cohort
from campus.discussion.search.queries import Piece
from campus.people.models import Person


@dataclass(frozen=True)
class Asker:
    """Who looks for what, and in which cohort; ``terms`` are folded, all of them must occur."""

    person: Person
    cohort: Cohort
    terms: Sequence[str]


@dataclass(frozen=True)
class Found:
    """One result: where it leads (nowhere when empty), what it belongs to, and the words around the match."""

    title: str
    address: str = ""
    context: list[str] = field(default_factory=list)
    excerpt: list[Piece] = field(default_factory=list)
    at: datetime | None = None


# Rows that can be cut into pages before they are drawn.
Rows = QuerySet[Any] | Sequence[Any]


@dataclass(frozen=True)
class Kind:
    """One kind of what can be found. ``rows`` looks for it in a bounded number of queries, ``drawn`` shows a page."""

    key: str
    label: str | Promise
    rows: Callable[[Asker], Rows]
    drawn: Callable[[Asker, Sequence[Any]], list[Found]]
