"""Keeping the search up to date: called in the transaction that writes, changes or removes a post."""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.db.models import Func, QuerySet, TextField, Value

from campus.discussion.models import Post, SearchText, SearchTitle
from campus.discussion.search.grams import fold, lexemes_of


def searched_text(post: Post) -> str:
    """What is looked through: the text as written, after the title where the post begins a thread."""
    return f"{post.thread.title}\n{post.text}" if post.number == 1 else post.text


def index(post: Post) -> None:
    """Make the post as it is now findable; what is deleted or hidden is found by nobody."""
    if post.is_shown:
        _index_shown([post])
    else:
        SearchText.objects.filter(post=post).delete()


def _index_shown(posts: Iterable[Post]) -> None:
    posts = list(posts)
    titles = (
        SearchTitle(thread=post.thread, pairs=_pairs(fold(post.thread.title))) for post in posts if post.number == 1
    )
    SearchTitle.objects.bulk_create(titles, update_conflicts=True, unique_fields=["thread"], update_fields=["pairs"])
    SearchText.objects.bulk_create(
        (_row(post) for post in posts), update_conflicts=True, unique_fields=["post"], update_fields=["text", "pairs"]
    )


def _row(post: Post) -> SearchText:
    folded = fold(searched_text(post))
    return SearchText(post=post, text=folded, pairs=_pairs(folded))


def _pairs(folded: str) -> Func:
    return Func(Value(lexemes_of(folded), output_field=ArrayField(TextField())), function="array_to_tsvector")


def index_all(*, at_once: int = 1000) -> int:
    """Index all shown posts anew, as after a change of `fold`; return how many. Harmless while people write."""
    count = after = 0
    while posts := list(_shown().filter(pk__gt=after).order_by("pk")[:at_once]):
        with transaction.atomic():
            # Locked, so that nobody's edit is overwritten by what was read before it.
            _index_shown(_shown().filter(pk__in=[post.pk for post in posts]).select_for_update(of=("self",)))
        after, count = posts[-1].pk, count + len(posts)
    return count


def _shown() -> QuerySet[Post]:
    return Post.objects.filter(deleted_at=None, hidden_at=None).select_related("thread")
