"""The posts of a page as their reader sees them; a post that an older renderer made is rendered anew."""

from campus.discussion import markdown, payloads
from campus.discussion.mentions import with_mentions
from campus.discussion.models import Post, Thread
from campus.discussion.names import Speaker, speakers_in
from campus.discussion.queries import (
    MovedLine,
    PostLine,
    PostPage,
    mentioning,
    moved_from,
    posts_on,
    thanked_by,
)
from campus.people.models import Person


def page_of_posts(thread: Thread, number: int, *, reader: Person, read: int) -> PostPage:
    """One page; ``read`` is up to where the reader had come before."""
    posts = posts_on(thread, number)
    speakers = speakers_in(thread.place.cohort_id, [one.author_id for one in posts])
    thanked, mentioned = thanked_by(reader, posts), mentioning(reader, posts)
    lines: list[PostLine | MovedLine] = []
    for post in posts:
        _render_again(post)
        line = _line(post, speakers[post.author_id], reader)
        line.has_thanked, line.is_mentioned = post.pk in thanked, post.pk in mentioned
        line.is_first_unread = 0 < read == post.number - 1
        lines.append(line)
    lines = sorted([*lines, *moved_from(thread, number, posts)], key=lambda one: one.number)
    return PostPage(number, lines, last=thread.page_of(max(1, thread.last_number)))


def _line(post: Post, speaker: Speaker, reader: Person) -> PostLine:
    attachments = [payloads.of_attachment(one, post) for one in post.attachments.all()]
    return PostLine(post, speaker, is_own=post.author_id == reader.pk, attachments=attachments)


def _render_again(post: Post) -> None:
    """Bring the HTML up to date after the renderer has changed."""
    if post.html_version == markdown.VERSION or post.deleted_at:
        return
    post.html, _people = with_mentions(post.text, place=post.thread.place, author=post.author)
    post.html_version = markdown.VERSION
    Post.objects.filter(pk=post.pk).update(html=post.html, html_version=post.html_version)


def pages_near(number: int, *, last: int) -> list[int]:
    """The first, neighbouring and last pages: so many links, however long a thread is."""
    return sorted({1, last, *range(max(1, number - 2), min(last, number + 2) + 1)})


def blank_line(thread: Thread) -> PostLine:
    """A post with nothing in it, of which the page makes those that arrive live."""
    post = Post(thread=thread, number=0, author_id=0)
    return PostLine(post, Speaker(0, ""), is_own=True)
