"""Rows as they are now, held until the transaction ends: threads first, in the order of their ids, then posts.

A row is locked alone and read with what belongs to it afterwards: a join in the locking statement would lose a row that
somebody else is moving to another thread or place meanwhile.
"""

from collections.abc import Sequence

from django.db.models import QuerySet

from campus.discussion.models import Post, Thread


def locked_threads(ids: Sequence[int]) -> list[Thread]:
    """The threads, in the order asked for."""
    rows = Thread.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    list(rows.values_list("pk", flat=True))
    found = Thread.objects.select_related("place__cohort").in_bulk(ids)
    return [found[pk] for pk in ids]


def locked_thread(thread: Thread) -> Thread:
    """The thread."""
    return locked_threads([thread.pk])[0]


def locked_post(post: Post) -> Post:
    """The post, with the thread in which it stands now."""
    Post.objects.select_for_update(no_key=True).values_list("pk").get(pk=post.pk)
    return _whole_posts().get(pk=post.pk)


def locked_with_thread(post: Post) -> Post:
    """The post and its thread, for what changes both."""
    while True:
        thread = Post.objects.values_list("thread", flat=True).get(pk=post.pk)
        locked_threads([thread])
        found = locked_post(post)
        if found.thread_id == thread:
            return found


def _whole_posts() -> QuerySet[Post]:
    return Post.objects.select_related("thread__place__cohort", "thread__accepted", "author")
