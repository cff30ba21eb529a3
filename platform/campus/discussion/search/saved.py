"""Searches that people keep: how much is new since they last looked, on the search page and in the summary by mail."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campus.cohorts.models import Cohort
from campus.discussion.models import Post, SavedSearch, SearchText
from campus.discussion.queries import MOST_COUNTED
from campus.discussion.search.grams import terms_of
from campus.discussion.search.queries import Asked, matching, readable_ids
from campus.people.models import Person

MOST_KEPT = 20  # in a cohort


@dataclass(frozen=True)
class Finds:
    """A saved search, and how many posts of others it finds that came since; ``count`` up to MOST_COUNTED."""

    search: SavedSearch
    count: int

    @property
    def is_many(self) -> bool:
        return self.count >= MOST_COUNTED


def saved_searches(person: Person, cohort: Cohort) -> QuerySet[SavedSearch]:
    """The person's own, in the order of their names."""
    return SavedSearch.objects.filter(person=person, cohort=cohort)


def same_search(person: Person, cohort: Cohort, asked: dict[str, Any]) -> SavedSearch | None:
    """The one that the person keeps already; ``asked`` as the search form has it."""
    return saved_searches(person, cohort).filter(**_columns(asked)).first()


@transaction.atomic
def keep_search(*, person: Person, cohort: Cohort, asked: dict[str, Any], name: str, in_summary: bool) -> SavedSearch:
    """Keep a search, or rename the same one; all that is there now counts as seen. Raises ValidationError."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # Two requests at once don't keep it twice.
    found = same_search(person, cohort, asked)
    if found is None:
        if saved_searches(person, cohort).count() >= MOST_KEPT:
            text = _("You already have %(most)d saved searches. Remove one you no longer need, then save this one.")
            raise ValidationError(text % {"most": MOST_KEPT})
        found = SavedSearch(person=person, cohort=cohort, seen=_newest(), **_columns(asked))
    found.name, found.in_summary = name, in_summary
    found.save()
    return found


def look_at(search: SavedSearch) -> int:
    """Count what is there now as seen; returns up to which post it was before."""
    before = search.seen
    search.seen = max(before, _newest())
    search.save(update_fields=["seen"])
    return before


def finds_of(searches: Iterable[SavedSearch], *, since: datetime | None = None) -> list[Finds]:
    """The searches of one person with what is new, one query for each and one more for each cohort."""
    places: dict[int, list[int]] = {}
    found = []
    for one in searches:
        if one.cohort_id not in places:
            places[one.cohort_id] = readable_ids(one.person, one.cohort)
        new = _new(one, places[one.cohort_id])
        if since:
            new = new.filter(post__created_at__gt=since)
        found.append(Finds(one, new.order_by()[:MOST_COUNTED].count()))
    return found


def _new(search: SavedSearch, places: list[int]) -> QuerySet[SearchText]:
    asked = Asked(terms_of(search.q), search.author, search.place, search.topic, search.accepted)
    found = matching(places, search.cohort, asked).filter(pk__gt=search.seen)
    return found.exclude(post__author=search.person_id)


def _columns(asked: dict[str, Any]) -> dict[str, Any]:
    names = ("q", "author", "place", "topic", "accepted")
    return {name: asked.get(name, None if name == "topic" else "") for name in names}


def _newest() -> int:
    return Post.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
