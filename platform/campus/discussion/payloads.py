"""What the events of a thread carry: a whole post, so that everybody's page shows it without asking for it."""

from typing import Any

from django.urls import reverse

from campus.discussion.models import Attachment, Post, Thread
from campus.discussion.names import speakers_in

Payload = dict[str, Any]


def of_post(post: Post, *, mentions: list[int] | None = None) -> Payload:
    """A post as it was just written; neutral to the reader, who is told apart by the page."""
    speaker = speakers_in(post.thread.place.cohort_id, [post.author_id])[post.author_id]
    return {
        "id": post.pk,
        "number": post.number,
        "key": str(post.request_key or ""),
        "author": {"id": speaker.pk, "name": speaker.name, "role": speaker.role},
        "at": post.created_at,
        "edited_at": post.edited_at,
        "thanks": post.thanks_count,
        "html": post.html,
        "mentions": mentions or [],
        "attachments": [of_attachment(one, post) for one in post.attachments.all()],
    }


def of_attachment(attachment: Attachment, post: Post) -> dict[str, Any]:
    return {
        "name": attachment.name,
        "size": attachment.size,
        "is_picture": attachment.is_picture,
        "url": reverse("discussion:attachment", args=[post.thread.cohort.slug, attachment.pk]),
    }


def of_edit(post: Post) -> Payload:
    return {"number": post.number, "html": post.html, "edited_at": post.edited_at}


def of_thread(thread: Thread) -> Payload:
    """A line of a list of threads."""
    return {
        "id": thread.pk,
        "title": thread.title,
        "url": thread.path,
        "is_question": thread.is_question,
        "is_answered": thread.is_answered,
        "is_locked": thread.locked_at is not None,
        "is_hidden": thread.hidden_at is not None,
        "posts": thread.last_number,
        "at": thread.last_post_at,
    }
