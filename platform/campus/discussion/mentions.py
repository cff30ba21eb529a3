"""Who is named in a post: ``@`` and the name, as it is shown there, of somebody who may read it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from campus.discussion.markdown import AT, render_post
from campus.discussion.models import Place
from campus.discussion.names import with_shown_names
from campus.discussion.places import readers_of
from campus.people.models import Person

MOST = 20  # in one post
LONGEST_NAME = 100  # characters, as Person has it
SUGGESTIONS = 8


class Mentioned(NamedTuple):
    """Somebody who is named in a post, and the name that was shown there then: nicknames change."""

    person: Person
    name: str


@dataclass
class Named:
    """The names that can be mentioned in a text, and who of them was."""

    by_name: dict[str, list[Mentioned]]
    people: dict[int, Mentioned] = field(default_factory=dict)

    def length_at(self, text: str) -> int:
        """The length of the longest name that the text begins with; whoever bears it has been mentioned."""
        text = text[:LONGEST_NAME].lower()
        name = max((name for name in self.by_name if text.startswith(name)), key=len, default="")
        for one in self.by_name.get(name, []):
            self.people[one.person.pk] = one
        return len(name)


def with_mentions(text: str, *, place: Place, author: Person) -> tuple[str, list[Mentioned]]:
    """The post as HTML, and who is mentioned in it (never the author); a name that several bear means all of them."""
    named = _names_in(text, place)
    html = render_post(text, name_at=named.length_at)
    return html, [one for pk, one in named.people.items() if pk != author.pk][:MOST]


def _names_in(text: str, place: Place) -> Named:
    """One query where there is an @ in the text, none elsewhere. Names are found with and without their space."""
    beginnings = {part[:1] for part in _after_signs(text)}
    if not beginnings:
        return Named({})
    by_name: dict[str, list[Mentioned]] = {}
    for person in _readers_called(place, beginnings):
        name = person.shown_name.lower()
        for spelling in {name, name.replace(" ", ""), name.replace("　", "")}:
            by_name.setdefault(spelling, []).append(Mentioned(person, person.shown_name))
    return Named(by_name)


def _after_signs(text: str) -> Iterable[str]:
    starts = [match.end() for match in AT.finditer(text)][:MOST]
    return [text[start : start + LONGEST_NAME] for start in starts]


def _readers_called(place: Place, beginnings: set[str]) -> QuerySet[Any]:
    """Readers whose shown name starts with one of these characters."""
    wanted = Q()
    for first in beginnings:
        wanted |= Q(shown_name__istartswith=first)
    return with_shown_names(readers_of(place), place.cohort_id).filter(wanted)


def suggestions(place: Place, beginning: str, *, reader: Person) -> list[str]:
    """Names of readers of the place that begin so, or a part of which does."""
    beginning = beginning.strip()
    people = with_shown_names(readers_of(place), place.cohort_id).exclude(pk=reader.pk)
    begins = Q(shown_name__istartswith=beginning) | Q(shown_name__icontains=f" {beginning}")
    names = people.filter(begins).order_by("shown_name").values_list("shown_name", flat=True).distinct()
    return list(names[:SUGGESTIONS])
