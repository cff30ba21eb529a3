"""What people are told about the discussion at once; everything else waits on the list of what is unread."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campus.discussion.markdown import post_as_text
from campus.discussion.models import FlagReason, Post
from campus.discussion.names import speakers_in
from campus.notices.kinds import Context, Group, register
from campus.notices.writing import NotNeeded
from campus.people.models import Person

DISCUSSION = Group("discussion", _("Discussion"))


def for_mail(context: Context) -> Context:
    """Who wrote, and what: read when the mail is sent, so that it says nothing that has been removed meanwhile."""
    post = Post.objects.select_related("thread__place").filter(pk=context["post"]).first()
    if post is None or not post.is_shown or post.thread.hidden_at:
        return {"speaker": None, "text": ""}
    speaker = speakers_in(post.thread.place.cohort_id, [post.author_id])[post.author_id]
    text = post_as_text(post.text)
    return {
        "speaker": speaker,
        "text": text[:EXCERPT],
        "is_cut": len(text) > EXCERPT,
        "site": settings.SITE_URL,
    }


def for_summary(context: Context) -> Context:
    """What is unread and what saved searches find now; NotNeeded where the reader has seen all of it meanwhile."""
    from campus.discussion.models import SavedSearch
    from campus.discussion.queries import lines_of, unread_threads
    from campus.discussion.search.saved import finds_of

    person = Person.objects.get(pk=context["reader_id"])
    threads = list(unread_threads(person).order_by("-last_post_at", "-pk")[: MOST_IN_SUMMARY + 1])
    kept = SavedSearch.objects.filter(person=person, in_summary=True).select_related(
        "person", "cohort", "place", "topic"
    )
    since = datetime.fromisoformat(context["since"]) if "since" in context else None
    finds = [one for one in finds_of(kept[:MOST_SEARCHES], since=since) if one.count]
    if not threads and not finds:
        raise NotNeeded("nothing unread")
    lines = lines_of(threads[:MOST_IN_SUMMARY], reader=person, with_authors=False)
    has_more = len(threads) > MOST_IN_SUMMARY
    return {"lines": lines, "has_more": has_more, "finds": finds, "site": settings.SITE_URL}


def for_flag(context: Context) -> Context:
    """Why a post was flagged, in words."""
    return {"why": FlagReason(context["reason"]).label}


MOST_IN_SUMMARY = 10
MOST_SEARCHES = 20
EXCERPT = 600  # characters
MENTION = register("discussion.mention", group=DISCUSSION, gather=for_mail)
SUMMARY = register(
    "discussion.summary",
    group=Group("discussion-summary", _("Summary of unread discussion"), is_mail_only=True),
    gather=for_summary,
)
OFFER = register("discussion.offer", group=DISCUSSION, gather=for_mail)
# Those whose work somebody asks about.
ABOUT_WORK = register("discussion.about_work", group=DISCUSSION, gather=for_mail)
# Those who keep order there, once until somebody has looked.
FLAGGED = register("discussion.flagged", group=DISCUSSION, gather=for_flag)
# The thread's followers, once each.
SPLIT = register("discussion.split", group=DISCUSSION)
MERGED = register("discussion.merged", group=DISCUSSION)
