"""What the discussion holds of a person, and what stays of it when somebody leaves."""

import re
from collections.abc import Iterator
from html import escape

from django.core.files import File
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.discussion.kept_events import TELL_TEXT
from campus.discussion.models import (
    Attachment,
    Flag,
    Mention,
    Offer,
    Post,
    Reading,
    Revision,
    SavedSearch,
    Signpost,
    Summary,
    Thanks,
    Voice,
)
from campus.discussion.search.index import index as search_index
from campus.live.models import Event
from campus.people.erasure import NAME_OF_WHO_LEFT
from campus.people.models import Person
from campus.people.personal_data import Holding, Row, hold


def _posts(person: Person) -> Iterator[Row]:
    posts = Post.objects.filter(author=person, deleted_at=None).order_by("pk")
    for one in posts.select_related("thread__place__cohort").prefetch_related("attachments", "revisions"):
        yield {
            "cohort": one.thread.cohort.slug,
            "thread": one.thread.title,
            "number": one.number,
            "written_at": one.created_at,
            "edited_at": one.edited_at,
            "text": one.text,
            "earlier_texts": [revision.text for revision in one.revisions.all()],
            "thanks": one.thanks_count,
            "files": [_path(file) for file in one.attachments.all()],
        }


def _path(attachment: Attachment) -> str:
    """A name that no other file has and that leads nowhere else."""
    name = "".join(sign if sign.isalnum() or sign in ".-_" else "_" for sign in attachment.name).lstrip(".")
    return f"discussion/{attachment.pk}-{name or 'file'}"


def _files(person: Person) -> Iterator[tuple[str, File]]:
    for one in Attachment.objects.filter(post__author=person).order_by("pk"):
        yield _path(one), one.file


def _readings(person: Person) -> Iterator[Row]:
    rows = Reading.objects.filter(person=person).order_by("pk")
    yield from rows.values("thread__title", "last_read", "level")


def _thanks(person: Person) -> Iterator[Row]:
    rows = Thanks.objects.filter(person=person).order_by("pk")
    yield from rows.values("post__thread__title", "post__number", "at")


def _searches(person: Person) -> Iterator[Row]:
    rows = SavedSearch.objects.filter(person=person).order_by("pk")
    yield from rows.values("cohort__slug", "name", "q", "author", "accepted", "in_summary", "created_at")


def _leave_discussion(person: Person) -> None:
    """The posts stay under the name of who has left; where others named the person, the name goes too."""
    mentioned = list(Mention.objects.filter(person=person).select_related("post__thread"))
    now = {person.name, person.alias}
    _take_name_out_of_events(
        person, now.union(*(one.names for one in mentioned)), {one.post.thread_id for one in mentioned}
    )
    for mention in mentioned:
        _take_out_names(mention.post, now.union(mention.names))
    for rows in (Mention, Reading, Voice, Flag, Offer, Summary, SavedSearch):
        rows.objects.filter(person=person).delete()
    for one in Attachment.objects.filter(post__author=person):
        Attachment.objects.filter(pk=one.pk).update(name=_blank_name(one.pk, one.name))


def _blank_name(pk: int, name: str) -> str:
    return f"attachment-{pk}.{name.rpartition('.')[2][:10]}"


def _without_names(text: str, names: set[str]) -> str:
    """The text with the mentions by these names, however they were typed, turned into those of who has left."""
    spelt = {name for name in names if name}
    spelt |= {name.replace(gap, "") for name in spelt for gap in " \u3000"}
    spelt |= {escape(name, quote=False) for name in spelt}
    if not spelt:
        return text
    longest_first = "|".join(re.escape(name) for name in sorted(spelt, key=len, reverse=True))
    return re.sub(f"[@＠](?:{longest_first})", f"@{NAME_OF_WHO_LEFT}", text, flags=re.IGNORECASE)


def _take_out_names(post: Post, names: set[str]) -> None:
    for revision in Revision.objects.filter(post=post):
        Revision.objects.filter(pk=revision.pk).update(text=_without_names(revision.text, names))
    texts = {"text": _without_names(post.text, names), "html": _without_names(post.html, names)}
    Post.objects.filter(pk=post.pk).update(**texts)
    post.text = texts["text"]
    search_index(post)


def _take_name_out_of_events(person: Person, names: set[str], mentioned_in: set[int]) -> None:
    """Events of the last weeks are kept for pages that come back; they carry names as posts do."""
    threads = mentioned_in | set(Post.objects.filter(author=person).values_list("thread", flat=True))
    threads |= set(Signpost.objects.filter(post__author=person).values_list("thread", flat=True))
    threads |= set(Signpost.objects.filter(post__mentions__person=person).values_list("thread", flat=True))
    events = Event.objects.filter(stream__key__in=[f"thread:{pk}" for pk in threads], kind__in=TELL_TEXT)
    for event in events.iterator():
        payload = event.payload | {"html": _without_names(event.payload["html"], names)}
        if payload.get("author", {}).get("id") == person.pk:
            payload["author"] = payload["author"] | {"name": NAME_OF_WHO_LEFT}
            files = enumerate(payload["attachments"], 1)
            payload["attachments"] = [file | {"name": _blank_name(place, file["name"])} for place, file in files]
        Event.objects.filter(stream=event.stream_id, seq=event.seq).update(payload=payload)


hold(
    Holding(
        name="posts",
        label=pgettext_lazy("data held", "What you wrote in discussions"),
        rows=_posts,
        files=_files,
        erase=_leave_discussion,
        gone=_("Your name disappears from posts and from mentions by others, and file names are deleted."),
        kept=_(
            "The posts, without your name: other people’s answers depend on them. Before you leave, delete any posts "
            "that say things about you."
        ),
    )
)
hold(
    Holding(
        name="threads_read",
        label=pgettext_lazy("data held", "Which threads you have read and follow"),
        rows=_readings,
        gone=_("Deleted."),
    )
)
hold(
    Holding(
        name="thanks",
        label=pgettext_lazy("data held", "Posts you said thanks for"),
        rows=_thanks,
        gone=_("Your name disappears from them."),
        kept=_("That somebody said thanks, without your name."),
    )
)
hold(
    Holding(
        name="saved_searches",
        label=pgettext_lazy("data held", "Searches you saved in discussions"),
        rows=_searches,
        gone=_("Deleted."),
    )
)
