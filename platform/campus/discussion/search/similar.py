"""Threads whose titles are like one that somebody is typing, so that a question is asked once."""

import unicodedata
from dataclasses import dataclass

from django.db.models import BooleanField, FloatField
from django.db.models.expressions import RawSQL

from campus.cohorts.models import Cohort
from campus.discussion.models import Thread
from campus.discussion.places import readable_places
from campus.discussion.queries import whole_threads
from campus.discussion.search.grams import fold, quoted
from campus.people.models import Person

MOST = 5
# So many are looked at more closely, and of a long title so many pairs are asked for.
CANDIDATES, MOST_PAIRS = 50, 30
# The least share of what was typed that a title must have.
LEAST_SHARE = 0.3
_PAIRS = '"discussion_searchtitle"."pairs"'


@dataclass(frozen=True)
class Similar:
    """A thread, and which share of the typed title's pairs its own has."""

    thread: Thread
    share: float


def similar_threads(person: Person, cohort: Cohort, title: str) -> list[Similar]:
    """Up to MOST threads of the cohort that the person may read, the likest first; answered ones before others."""
    typed = telling_pairs(fold(title))
    if not typed:
        return []
    query = " | ".join(quoted(pair) for pair in sorted(typed)[:MOST_PAIRS])
    places = list(readable_places(person).filter(cohort=cohort).values_list("pk", flat=True))
    threads = whole_threads().filter(
        RawSQL(f"{_PAIRS} @@ %s::tsquery", [query], BooleanField()),  # noqa: S611 - a parameter
        search_title__isnull=False,
        place__in=places,
        hidden_at=None,
    )
    rank = RawSQL(f"ts_rank({_PAIRS}, %s::tsquery)", [query], FloatField())  # noqa: S611 - a parameter
    found = [
        Similar(one, len(typed & telling_pairs(fold(one.title))) / len(typed))
        for one in threads.annotate(rank=rank).order_by("-rank", "-last_post_at")[:CANDIDATES]
    ]
    like = [one for one in found if one.share >= LEAST_SHARE]
    return sorted(like, key=lambda one: (-one.share, not one.thread.is_answered, -one.thread.pk))[:MOST]


def telling_pairs(folded: str) -> set[str]:
    """The pairs that say what a title is about: of kanji, katakana, letters and digits, not of particles."""
    pairs = (folded[at : at + 2] for at in range(len(folded) - 1))
    return {pair for pair in pairs if all(_tells(character) for character in pair)}


def _tells(character: str) -> bool:
    return character == "ー" or (character.isalnum() and not unicodedata.name(character, "").startswith("HIRAGANA"))
