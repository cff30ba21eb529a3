"""What the search finds: posts that the person may read, the newest first, each with the words around the first match.

Pages are cut by number of the last post seen, so a page deep in a list of a hundred thousand costs what the first does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, F, Q, QuerySet
from django.db.models.expressions import RawSQL

from campus.cohorts.models import Cohort
from campus.discussion.models import Place, Post, SearchText, Topic
from campus.discussion.names import Speaker, speakers_in, with_shown_names
from campus.discussion.places import readable_places
from campus.discussion.plain import plain_text
from campus.discussion.queries import WHOLE_THREAD
from campus.discussion.search.grams import places_of, tsquery_of
from campus.people.models import Person

RESULTS_ON_PAGE = 20
# Characters shown before the first match and from it on.
BEFORE, AFTER = 40, 160


@dataclass(frozen=True)
class Asked:
    """What is looked for: folded terms, of which all must stand in a post, and what narrows it down."""

    terms: Sequence[str]
    author: str = ""
    place: Place | None = None
    topic: Topic | None = None
    accepted_only: bool = False


@dataclass(frozen=True)
class Piece:
    """A part of an excerpt; ``is_match`` where a term stands."""

    text: str
    is_match: bool


@dataclass(frozen=True)
class Result:
    """A post that was found, as its reader sees it."""

    post: Post
    author: Speaker
    excerpt: list[Piece]
    is_accepted: bool


@dataclass(frozen=True)
class Results:
    """A page of them. ``before`` leads to the next one; None at the end."""

    lines: list[Result]
    before: int | None


def search(person: Person, cohort: Cohort, asked: Asked, *, before: int | None = None) -> Results:
    """The newest posts of the cohort that the person may read and that have all terms; five queries at most."""
    found = _matching(person, cohort, asked).order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    posts = [one.post for one in found[: RESULTS_ON_PAGE + 1]]
    shown = posts[:RESULTS_ON_PAGE]
    speakers = speakers_in(cohort.pk, [post.author_id for post in shown])
    lines = [_result(post, speakers[post.author_id], asked) for post in shown]
    return Results(lines, before=shown[-1].pk if len(posts) > RESULTS_ON_PAGE else None)


def _matching(person: Person, cohort: Cohort, asked: Asked) -> QuerySet[SearchText]:
    whole = [f"post__thread__{row}" for row in WHOLE_THREAD]
    return matching(readable_ids(person, cohort), cohort, asked).select_related("post__thread", *whole)


def readable_ids(person: Person, cohort: Cohort) -> list[int]:
    """The places to look in; by their ids instead of a subquery the planner knows that the pairs narrow down more."""
    return list(readable_places(person).filter(cohort=cohort).values_list("pk", flat=True))


def matching(places: Sequence[int], cohort: Cohort, asked: Asked) -> QuerySet[SearchText]:
    """What of these places of the cohort has all that is asked for."""
    if asked.place:
        places = [pk for pk in places if pk == asked.place.pk]
    narrowed = Q(post__thread__place__in=places, post__thread__hidden_at=None)
    if asked.topic:
        narrowed &= Q(post__thread__topic=asked.topic)
    if asked.accepted_only:
        narrowed &= Q(post__thread__accepted=F("post"))
    if asked.author:
        narrowed &= Q(post__author__in=_called(asked.author, cohort))
    return having(asked.terms).filter(narrowed)


def having(terms: Sequence[str]) -> QuerySet[SearchText]:
    """The texts that contain all folded terms; all texts where there is none."""
    texts = SearchText.objects.defer("pairs")
    if not terms:
        return texts
    pairs = RawSQL('"discussion_searchtext"."pairs" @@ %s::tsquery', [tsquery_of(list(terms))], BooleanField())
    texts = texts.filter(pairs)
    for term in terms:
        texts = texts.filter(text__contains=term)
    return texts


def _called(name: str, cohort: Cohort) -> QuerySet[Any]:
    """Ids of those who appear in the cohort under a name with this in it, never of those who keep that name back."""
    members = Person.objects.filter(enrolments__cohort=cohort)
    return with_shown_names(members, cohort.pk).filter(shown_name__icontains=name).values("pk")


def _result(post: Post, author: Speaker, asked: Asked) -> Result:
    is_accepted = post.thread.accepted_id == post.pk
    return Result(post, author, excerpt_of(plain_text(post), asked.terms), is_accepted)


def excerpt_of(text: str, terms: Sequence[str]) -> list[Piece]:
    """The text around the first match, every match in it apart; its beginning where nothing matches."""
    matches = sorted(place for term in terms for place in places_of(term, text))
    first = matches[0][0] if matches else 0
    start, end = max(0, first - BEFORE), min(len(text), first + AFTER)
    pieces = [Piece("…", is_match=False)] if start else []
    at = start
    for begin, stop in matches:
        if begin < at or stop > end:
            continue  # Terms may overlap; what is cut off is not marked.
        pieces += [Piece(text[at:begin], is_match=False), Piece(text[begin:stop], is_match=True)]
        at = stop
    pieces.append(Piece(text[at:end] + ("…" if end < len(text) else ""), is_match=False))
    return [piece for piece in pieces if piece.text]
