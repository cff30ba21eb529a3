"""Everything people do in a discussion. A post is written once, whatever the network does, and told to all pages.

The row of the thread is locked from taking the post's number to the commit, so numbers have no holes and are visible in
their order; texts are rendered and files stored before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from campus import live
from campus.discussion import markdown, payloads
from campus.discussion.files import StoredFile
from campus.discussion.kept_events import take_texts_out
from campus.discussion.locking import locked_post, locked_thread, locked_with_thread
from campus.discussion.mentions import Mentioned, with_mentions
from campus.discussion.models import (
    Attachment,
    Level,
    Mention,
    Place,
    Post,
    Reading,
    Revision,
    Thanks,
    Thread,
    ThreadKind,
    Topic,
    Voice,
)
from campus.discussion.notices import ABOUT_WORK, MENTION
from campus.discussion.places import owners_of
from campus.discussion.reading import mark_written
from campus.discussion.refusals import refuse_locked, refuse_suspended, refuse_too_many
from campus.discussion.rules import may_write_in, moderates_thread
from campus.discussion.search.index import index as search_index
from campus.notices.actions import notify
from campus.people.models import Person


@dataclass(frozen=True)
class Writing:
    """What somebody typed, with the files they attached and the key under which it is written once."""

    text: str
    files: Sequence[StoredFile] = field(default_factory=list)
    key: UUID | None = None


@dataclass(frozen=True)
class Heading:
    """What a new thread is called and what it is for."""

    title: str
    kind: ThreadKind = ThreadKind.QUESTION
    topic: Topic | None = None


def start_thread(*, place: Place, author: Person, heading: Heading, writing: Writing) -> Thread:
    """Begin a thread with its first post. Raises ValidationError in words for what can't be taken now."""
    if earlier := _written_before(author, writing):
        return earlier.thread
    refuse_suspended(author, place)
    refuse_too_many(author, place)
    html, mentioned = with_mentions(writing.text, place=place, author=author)
    try:
        with live.atomic():
            thread = Thread.objects.create(place=place, author=author, **vars(heading))
            first = _add_post(thread, author=author, writing=writing, html=html, mentioned=mentioned)
            _tell_owners(first, mentioned)
    except IntegrityError:
        if earlier := _written_before(author, writing):
            return earlier.thread  # The same request came twice at once.
        raise
    return thread


def _tell_owners(first: Post, mentioned: list[Mentioned]) -> None:
    """Tell those whose work a new thread is about, unless they began it or are mentioned in it."""
    told = {first.author_id, *(one.person.pk for one in mentioned)}
    notify(
        kind=ABOUT_WORK.name,
        to=owners_of(first.thread.place).exclude(pk__in=told),
        context={"post": first.pk, "title": first.thread.title},
        url=first.path,
        key=f"about-work:{first.thread_id}",
    )


def write_post(*, thread: Thread, author: Person, writing: Writing) -> Post:
    """Add a post. Called again with the same key it returns what was written, with ``is_new`` False."""
    if earlier := _written_before(author, writing):
        return earlier
    refuse_suspended(author, thread.place)
    refuse_too_many(author, thread.place)
    html, mentioned = with_mentions(writing.text, place=thread.place, author=author)
    may_moderate = bool(moderates_thread(author, thread))
    with live.atomic():
        thread = locked_thread(thread)
        if earlier := _written_before(author, writing):
            return earlier
        if not thread.merged_into_id:
            refuse_locked(thread, may_moderate=may_moderate)
            return _add_post(thread, author=author, writing=writing, html=html, mentioned=mentioned)
    return write_post(thread=_where_it_is(thread, author), author=author, writing=writing)


def _where_it_is(thread: Thread, author: Person) -> Thread:
    """Into what the thread was merged while somebody wrote; raises ValidationError where they may not write there."""
    target = Thread.objects.select_related("place__cohort").get(merged=thread)
    if not may_write_in(author, target):
        raise ValidationError(_("This thread has been merged into another one, where you can’t post."))
    return target


def _written_before(author: Person, writing: Writing) -> Post | None:
    if writing.key is None:
        return None
    found = Post.objects.filter(author=author, request_key=writing.key)
    return found.select_related("thread__place__cohort").first()


def _add_post(thread: Thread, *, author: Person, writing: Writing, html: str, mentioned: list[Mentioned]) -> Post:
    """Write the post under the next number; the thread's row is locked by the caller or new."""
    now = timezone.now()
    thread.last_number, thread.last_post_at = thread.last_number + 1, now
    thread.save(update_fields=["last_number", "last_post_at"])
    post = Post.objects.create(
        thread=thread,
        number=thread.last_number,
        author=author,
        text=writing.text,
        html=html,
        html_version=markdown.VERSION,
        created_at=now,
        request_key=writing.key,
    )
    post.is_new = True
    Attachment.objects.bulk_create(
        Attachment(post=post, name=one.name, file=one.path, size=one.size, content_type=one.content_type)
        for one in writing.files
    )
    search_index(post)
    _mention(post, mentioned)
    mark_written(thread=thread, person=author, number=post.number)
    live.publish(thread.stream, "post", payloads.of_post(post, mentions=[one.person.pk for one in mentioned]))
    live.publish(thread.place.stream, "thread", payloads.of_thread(thread))
    return post


def _mention(post: Post, mentioned: list[Mentioned]) -> None:
    """Keep who is mentioned and tell them, except those who muted the thread. Nobody is told twice."""
    known = {one.person_id: one for one in post.mentions.all()} if mentioned else {}
    for one in mentioned:
        if (mention := known.get(one.person.pk)) and one.name not in mention.names:
            mention.names.append(one.name)
            mention.save(update_fields=["names"])
    new = [one for one in mentioned if one.person.pk not in known]
    if not new:
        return
    Mention.objects.bulk_create(Mention(post=post, person=one.person, names=[one.name]) for one in new)
    people = [one.person for one in new]
    muted = Reading.objects.filter(thread=post.thread_id, level=Level.MUTE).values_list("person", flat=True)
    silent = set(muted.filter(person__in=people))
    notify(
        kind=MENTION.name,
        to=[one for one in people if one.pk not in silent],
        context={"post": post.pk, "title": post.thread.title},
        url=post.path,
        key=f"mention:{post.pk}",
    )


def edit_post(*, post: Post, text: str) -> None:
    """Change what one wrote; what it said before stays readable. Who is mentioned only now is told now."""
    html, mentioned = with_mentions(text, place=post.thread.place, author=post.author)
    with live.atomic():
        locked = locked_post(post)
        if not locked.is_shown:
            raise ValidationError(_("This post has since been removed and can no longer be changed."))
        if locked.text == text:
            return
        Revision.objects.create(post=locked, text=locked.text, written_at=locked.edited_at or locked.created_at)
        locked.text, locked.html, locked.html_version = text, html, markdown.VERSION
        locked.edited_at = timezone.now()
        locked.save(update_fields=["text", "html", "html_version", "edited_at"])
        search_index(locked)
        _mention(locked, mentioned)
        live.publish(locked.thread.stream, "edited", payloads.of_edit(locked))


def delete_post(*, post: Post) -> None:
    """Leave a tombstone; text, earlier versions and files are gone. A thread of this post alone goes from the lists."""
    with live.atomic():
        locked = locked_with_thread(post)
        if locked.deleted_at:
            return
        files = list(locked.attachments.values_list("file", flat=True))
        for rows in (locked.revisions, locked.attachments, locked.mentions):
            rows.all().delete()
        locked.text, locked.html, locked.deleted_at = "", "", timezone.now()
        locked.save(update_fields=["text", "html", "deleted_at"])
        search_index(locked)
        thread = locked.thread
        if thread.accepted_id == locked.pk:
            _set_accepted(thread, None)
        if thread.last_number == 1:
            thread.hidden_at = timezone.now()
            thread.save(update_fields=["hidden_at"])
            live.publish(thread.place.stream, "thread", payloads.of_thread(thread))
        take_texts_out(thread, [locked.number])
        live.publish(thread.stream, "removed", {"number": locked.number, "how": "deleted"})
        transaction.on_commit(lambda: _forget_files(files))


def _forget_files(names: list[str]) -> None:
    """Delete bytes that no post refers to any more: equal files are stored once."""
    storage = Attachment._meta.get_field("file").storage
    for name in names:
        if not Attachment.objects.filter(file=name).exists():
            storage.delete(name)


def set_thanks(*, post: Post, person: Person, is_thankful: bool) -> int:
    """Thank for a post of somebody else, or take it back; return how many have thanked."""
    if post.author_id == person.pk:
        raise ValidationError(_("You can only thank others."))
    with live.atomic():
        locked = locked_post(post)
        if is_thankful:
            changed = not Thanks.objects.filter(post=locked, person=person).exists() and locked.is_shown
            if changed:
                Thanks.objects.create(post=locked, person=person)
        else:
            changed = bool(Thanks.objects.filter(post=locked, person=person).delete()[0])
        if changed:
            Post.objects.filter(pk=locked.pk).update(thanks_count=F("thanks_count") + (1 if is_thankful else -1))
            locked.refresh_from_db(fields=["thanks_count"])
            live.publish(locked.thread.stream, "thanks", {"number": locked.number, "count": locked.thanks_count})
        return locked.thanks_count


def accept_answer(*, thread: Thread, post: Post | None) -> None:
    """Say which post answered the question, or that none has; raises ValidationError for what is no answer."""
    with live.atomic():
        thread = locked_thread(thread)
        post = Post.objects.get(pk=post.pk) if post else None  # It may have been moved meanwhile.
        if post and (post.thread_id != thread.pk or post.number == 1 or not post.is_shown or not thread.is_question):
            raise ValidationError(_("Only an answer to a question can be marked as the accepted answer."))
        _set_accepted(thread, post)


def _set_accepted(thread: Thread, post: Post | None) -> None:
    thread.accepted, thread.accepted_at = post, timezone.now() if post else None
    thread.save(update_fields=["accepted", "accepted_at"])
    live.publish(thread.stream, "accepted", {"number": post.number if post else None})
    live.publish(thread.place.stream, "thread", payloads.of_thread(thread))


def choose_name(*, person: Person, cohort_id: int, uses_alias: bool, shows_typing: bool = True) -> None:
    """Appear by nickname or by name in a cohort's discussion, also in what was written before; and while typing."""
    chosen = {"uses_alias": uses_alias, "shows_typing": shows_typing}
    Voice.objects.update_or_create(person=person, cohort_id=cohort_id, defaults=chosen)
