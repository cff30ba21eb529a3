"""What people are told about the discussion at once; everything else waits on the list of what is unread."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campus.discussion.models import Post
from campus.discussion.names import speakers_in
from campus.notices.kinds import Context, Group, register

DISCUSSION = Group("discussion", _("Discussion"))


def for_mail(context: Context) -> Context:
    """Who wrote, and what: read when the mail is sent, so that it says nothing that has been removed meanwhile."""
    post = Post.objects.select_related("thread__place").filter(pk=context["post"]).first()
    if post is None or not post.is_shown or post.thread.hidden_at:
        return {"speaker": None, "text": ""}
    speaker = speakers_in(post.thread.place.cohort_id, [post.author_id])[post.author_id]
    return {
        "speaker": speaker,
        "text": post.text[:EXCERPT],
        "is_cut": len(post.text) > EXCERPT,
        "site": settings.SITE_URL,
    }


EXCERPT = 600  # characters
MENTION = register("discussion.mention", group=DISCUSSION, gather=for_mail)
OFFER = register("discussion.offer", group=DISCUSSION, gather=for_mail)
