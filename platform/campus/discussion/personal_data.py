"""What the discussion holds of a person, and what stays of it when somebody leaves."""

from collections.abc import Iterator

from django.core.files import File
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.discussion.models import Attachment, Flag, Mention, Post, Reading, Revision, Thanks, Voice
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


def _leave_discussion(person: Person) -> None:
    """The posts stay under the name of who has left; where others named the person, the name goes too."""
    for mention in Mention.objects.filter(person=person).select_related("post__thread__place"):
        _take_out_name(mention.post, person)
    for rows in (Mention, Reading, Voice, Flag):
        rows.objects.filter(person=person).delete()
    for one in Attachment.objects.filter(post__author=person):
        ending = one.name.rpartition(".")[2][:10]
        Attachment.objects.filter(pk=one.pk).update(name=f"attachment-{one.pk}.{ending}")
    _take_name_out_of_events(person)


def _take_out_name(post: Post, person: Person) -> None:
    names = {name for name in (person.name, person.alias) if name}
    for name in sorted(names | {name.replace(" ", "") for name in names}, key=len, reverse=True):
        post.text = post.text.replace(f"@{name}", f"@{NAME_OF_WHO_LEFT}")
        post.html = post.html.replace(f"@{name}", f"@{NAME_OF_WHO_LEFT}")
        for revision in Revision.objects.filter(post=post, text__contains=f"@{name}"):
            revision.text = revision.text.replace(f"@{name}", f"@{NAME_OF_WHO_LEFT}")
            revision.save(update_fields=["text"])
    Post.objects.filter(pk=post.pk).update(text=post.text, html=post.html)


def _take_name_out_of_events(person: Person) -> None:
    """Events of the last weeks carry names for open pages; they are kept for those who come back."""
    for event in _events_of(person).iterator():
        event.payload["author"]["name"] = NAME_OF_WHO_LEFT
        Event.objects.filter(stream=event.stream_id, seq=event.seq).update(payload=event.payload)


def _events_of(person: Person) -> QuerySet[Event]:
    threads = Post.objects.filter(author=person).values_list("thread", flat=True).distinct()
    return Event.objects.filter(stream__key__in=[f"thread:{pk}" for pk in threads], payload__author__id=person.pk)


hold(
    Holding(
        name="posts",
        label=pgettext_lazy("data held", "What you wrote in discussions"),
        rows=_posts,
        files=_files,
        erase=_leave_discussion,
        gone=_("Your name disappears from posts and from where others mentioned you, and names of files are deleted."),
        kept=_(
            "The posts, without your name: the answers of others rest on them. Delete posts that tell about yourself"
            " before you leave."
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
        label=pgettext_lazy("data held", "For which posts you said thanks"),
        rows=_thanks,
        gone=_("Your name disappears from them."),
        kept=_("That somebody said thanks, without your name."),
    )
)
