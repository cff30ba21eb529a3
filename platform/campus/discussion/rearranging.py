"""Splitting a thread, and merging one into another: posts go to where they are looked for.

A post that moves keeps its row, with thanks, mentions, files and flags, and takes a number behind the last of the
thread that it comes to. Where it stood a signpost keeps its number: no number ever means two posts, and old links lead
on. Both threads' rows stay locked meanwhile, so nobody writes into either.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from campus import live
from campus.cohorts.actions import record_audit
from campus.discussion import payloads
from campus.discussion.actions import Heading
from campus.discussion.kept_events import take_texts_out
from campus.discussion.locking import locked_threads
from campus.discussion.models import Level, Place, Post, Reading, Thread
from campus.discussion.notices import MERGED, SPLIT
from campus.discussion.places import readers_of
from campus.discussion.search.index import index as search_index
from campus.notices.actions import notify
from campus.notices.kinds import Kind
from campus.people.models import Person

# So many posts are moved at once: writers wait as long.
MOST_MOVED = 1_000

_MOVE = """
    WITH moved AS (
        SELECT id, number, %(last)s + row_number() OVER (ORDER BY number) AS next
        FROM discussion_post WHERE thread_id = %(source)s AND number = ANY(%(numbers)s)
    ), signposts AS (
        INSERT INTO discussion_signpost (thread_id, number, post_id) SELECT %(source)s, number, id FROM moved
    )
    UPDATE discussion_post AS post SET thread_id = %(target)s, number = moved.next FROM moved WHERE post.id = moved.id
"""
# What was read stays read: width_bucket() counts the moved numbers up to the last one read.
_READ_IN_NEW_THREAD = """
    INSERT INTO discussion_reading (thread_id, person_id, last_read, level)
    SELECT %(target)s, person_id, width_bucket(last_read, %(numbers)s::int[]), level
    FROM discussion_reading WHERE thread_id = %(source)s AND (last_read >= %(first)s OR level <> 'plain')
"""
# Whoever had read all of the one thread has read of the other what they read there; for whoever had not, it is new.
_READ_IN_BOTH = """
    UPDATE discussion_reading AS known SET
        last_read = CASE WHEN known.last_read = %(last)s
            THEN %(last)s + width_bucket(other.last_read, %(numbers)s::int[]) ELSE known.last_read END,
        level = CASE WHEN known.level = 'plain' AND other.level = 'follow' THEN 'follow' ELSE known.level END
    FROM discussion_reading AS other
    WHERE known.thread_id = %(target)s AND other.thread_id = %(source)s AND other.person_id = known.person_id
"""
_FOLLOW_ON = """
    INSERT INTO discussion_reading (thread_id, person_id, last_read, level)
    SELECT %(target)s, person_id, 0, level FROM discussion_reading WHERE thread_id = %(source)s AND level = 'follow'
    ON CONFLICT (person_id, thread_id) DO NOTHING
"""
_MENTIONS_READ = """
    UPDATE discussion_mention AS mention SET was_read = true
    FROM discussion_signpost AS signpost, discussion_reading AS reading
    WHERE signpost.thread_id = %(source)s AND signpost.number = ANY(%(numbers)s) AND mention.post_id = signpost.post_id
        AND reading.thread_id = %(source)s AND reading.person_id = mention.person_id
        AND reading.last_read >= signpost.number
"""
# Signposts right after the last post read are nothing that waits for anybody.
_GO_PAST_SIGNPOSTS = """
    UPDATE discussion_reading AS reading SET last_read = coalesce(
        (SELECT min(number) - 1 FROM discussion_post WHERE thread_id = %(source)s AND number > reading.last_read),
        (SELECT last_number FROM discussion_thread WHERE id = %(source)s))
    WHERE thread_id = %(source)s AND last_read + 1 = ANY(%(numbers)s)
"""


def split_thread(*, thread: Thread, numbers: Sequence[int], place: Place, heading: Heading, actor: Person) -> Thread:
    """Put these posts of the thread into a new one; raises ValidationError in words for what can't be moved."""
    if place.cohort_id != thread.place.cohort_id:
        raise ValidationError(_("A thread can only be moved within its cohort."))
    with live.atomic():
        (source,) = _locked([thread.pk])
        posts = _chosen(source, numbers)
        first = posts[0]
        target = Thread(place=place, author_id=first.author_id, created_at=first.created_at, **vars(heading))
        target.save()
        moved = [post.number for post in posts]
        _carry(source, target, moved)
        _execute([_READ_IN_NEW_THREAD, _GO_PAST_SIGNPOSTS], source, target, moved)
        _date_by_posts(source)
        _take_accepted(source, target)
        take_texts_out(source, moved)
        live.publish(source.stream, "moved", {"numbers": moved})
        live.publish(place.stream, "thread", payloads.of_thread(target))
        _record("thread.split", source, target, actor, count=len(moved))
        _tell_followers(SPLIT, source, target, actor)
    return target


def merge_threads(*, thread: Thread, into: Thread, actor: Person) -> Thread:
    """Put all posts of the thread behind those of another; its address leads there from now on.

    Raises ValidationError in words for what can't be merged.
    """
    if thread.pk == into.pk or thread.place.cohort_id != into.place.cohort_id:
        raise ValidationError(_("A thread can only be merged into another one of its cohort."))
    with live.atomic():
        source, target = _locked([thread.pk, into.pk])
        numbers = _all_numbers(source)
        last = target.last_number
        _carry(source, target, numbers)
        _execute([_READ_IN_BOTH, _FOLLOW_ON], source, target, numbers, last=last)
        source.merged_into, source.hidden_at = target, timezone.now()
        source.save(update_fields=["merged_into", "hidden_at"])
        source.merged.update(merged_into=target)
        _take_accepted(source, target)
        take_texts_out(source, numbers)
        live.publish(source.stream, "merged", {})
        live.publish(source.place.stream, "thread", payloads.of_thread(source))
        live.publish(target.stream, "joined", {"last": target.last_number, "count": len(numbers)})
        live.publish(target.place.stream, "thread", payloads.of_thread(target))
        _record("thread.merged", source, target, actor, count=len(numbers))
        _tell_followers(MERGED, source, target, actor)
        Reading.objects.filter(thread=source).delete()
    return target


def _locked(ids: Sequence[int]) -> list[Thread]:
    """The threads, held, in the order asked for; raises ValidationError where one is gone from the lists."""
    found = locked_threads(ids)
    if any(one.hidden_at for one in found):
        raise ValidationError(
            _("This thread is hidden or has been merged. Show it again first, or go to the thread it was merged into.")
        )
    return found


def _chosen(source: Thread, numbers: Sequence[int]) -> list[Post]:
    wanted = set(numbers)
    if not wanted:
        raise ValidationError(_("Choose the posts to move to the new thread."))
    if 1 in wanted:
        raise ValidationError(
            _("The first post can’t be moved, because the thread is about it. Unselect it, or move the whole thread.")
        )
    _refuse_many(len(wanted))
    posts = list(Post.objects.filter(thread=source, number__in=wanted).order_by("number"))
    if len(posts) < len(wanted):
        raise ValidationError(
            _("Some of these posts have been moved elsewhere in the meantime. Look at the thread again.")
        )
    if not posts[0].is_shown:
        raise ValidationError(
            _("The new thread would begin with a post that is deleted or hidden. Choose another post to begin with.")
        )
    return posts


def _all_numbers(source: Thread) -> list[int]:
    numbers = list(Post.objects.filter(thread=source).order_by("number").values_list("number", flat=True))
    _refuse_many(len(numbers))
    return numbers


def _refuse_many(count: int) -> None:
    if count > MOST_MOVED:
        raise ValidationError(_("You can move at most %(most)d posts at once.") % {"most": MOST_MOVED})


def _carry(source: Thread, target: Thread, numbers: list[int]) -> None:
    """Move the posts behind the last of the target; those that begin a thread, or did, are indexed with their title."""
    _execute([_MOVE, _MENTIONS_READ], source, target, numbers, last=target.last_number)
    target.last_number += len(numbers)
    target.save(update_fields=["last_number"])
    _date_by_posts(target)
    heads = Post.objects.filter(signposts__thread=source, signposts__number__in=numbers[:1])
    search_index(heads.select_related("thread").get())


def _date_by_posts(thread: Thread) -> None:
    """Lists are sorted by the latest post."""
    thread.last_post_at = Post.objects.filter(thread=thread).latest("created_at").created_at
    thread.save(update_fields=["last_post_at"])


def _take_accepted(source: Thread, target: Thread) -> None:
    """The accepted answer goes with its post to a question without one.

    Where there is one already, a merged thread keeps its own on record: its author has earned it.
    """
    accepted = source.accepted
    if accepted is None or not accepted.signposts.filter(thread=source).exists():
        return
    takes = target.is_question and target.accepted_id is None and accepted.number > 1
    if source.merged_into_id and not takes:
        return
    at, source.accepted, source.accepted_at = source.accepted_at, None, None
    source.save(update_fields=["accepted", "accepted_at"])
    live.publish(source.stream, "accepted", {"number": None})
    if takes:
        target.accepted, target.accepted_at = accepted, at
        target.save(update_fields=["accepted", "accepted_at"])
        live.publish(target.stream, "accepted", {"number": accepted.number})


def _tell_followers(kind: Kind, source: Thread, target: Thread, actor: Person) -> None:
    """Once, in the page; nothing to those who may not read where the posts are now."""
    followers = Reading.objects.filter(thread=source, level=Level.FOLLOW).exclude(person=actor).values("person")
    notify(
        kind=kind.name,
        to=readers_of(target.place).filter(pk__in=followers),
        context={"title": source.title, "other": target.title},
        url=target.path,
        mail=False,
        key=f"{kind.name}:{source.pk}:{target.pk}",
    )


def _record(action: str, source: Thread, target: Thread, actor: Person, *, count: int) -> None:
    details = {"thread": target.pk, "count": count}
    record_audit(action=action, subject=f"thread:{source.pk}", actor=actor, cohort=source.cohort, **details)


def _execute(statements: Sequence[str], source: Thread, target: Thread, numbers: list[int], *, last: int = 0) -> None:
    values: dict[str, Any] = {
        "source": source.pk,
        "target": target.pk,
        "numbers": numbers,
        "first": numbers[0],
        "last": last,
    }
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql, values)
