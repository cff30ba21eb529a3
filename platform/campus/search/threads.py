"""Finding posts, by the search of the discussion (discussion/search), which knows who may read what."""

from collections.abc import Sequence

from campus.discussion.models import Place
from campus.discussion.search.queries import Asked, Result, search
from campus.discussion.words import name_of
from campus.search.found import Asker, Found


def posts(asker: Asker) -> list[Result]:
    """The newest posts that have all terms: a page of the discussion's search."""
    return search(asker.person, asker.cohort, Asked(asker.terms)).lines


def drawn(_asker: Asker, lines: Sequence[Result]) -> list[Found]:
    return [_drawn(line) for line in lines]


def _drawn(line: Result) -> Found:
    thread = line.post.thread
    place: Place = thread.place
    return Found(thread.title, line.post.path, [name_of(place), line.author.name], line.excerpt, line.post.created_at)
