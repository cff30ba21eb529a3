"""What the audit log calls the moderators' actions, and how it names threads, posts and places."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from campus.cohorts.audit import Name, counted, group_of_actions, names_of, words_for
from campus.discussion.models import Post, Thread, Topic
from campus.discussion.places import whole_places
from campus.discussion.words import name_of

words_for(
    {
        "post.hidden": _("hid the post %(subject)s"),
        "post.shown": _("showed the post %(subject)s again"),
        "post.flags_settled": counted(
            "looked at the flagged post %(subject)s and left it as it is (%(count)s flag)",
            "looked at the flagged post %(subject)s and left it as it is (%(count)s flags)",
        ),
        "thread.locked": _("closed the thread %(subject)s to new posts"),
        "thread.unlocked": _("reopened the thread %(subject)s"),
        "thread.hidden": _("hid the thread %(subject)s"),
        "thread.shown": _("showed the thread %(subject)s again"),
        "thread.moved": _("moved the thread %(subject)s to %(place)s"),
        "thread.split": counted(
            "moved %(count)s post from the thread %(subject)s to a new thread, %(thread)s",
            "moved %(count)s posts from the thread %(subject)s to a new thread, %(thread)s",
        ),
        "thread.merged": counted(
            "merged the thread %(subject)s (%(count)s post) into %(thread)s",
            "merged the thread %(subject)s (%(count)s posts) into %(thread)s",
        ),
        "voice.suspended": _("suspended %(subject)s from posting until %(until)s"),
        "voice.restored": _("let %(subject)s post again"),
        "topic.made": _("created the topic %(subject)s"),
        "topic.changed": _("changed the topic %(subject)s"),
        "topic.removed": _("removed the topic %(name)s"),
    }
)
for _prefix, _label in (
    ("thread", _("Threads")),
    ("post", _("Posts")),
    ("voice", _("Suspensions")),
    ("topic", _("Topics")),
):
    group_of_actions(_prefix, _label)


def _threads(ids: Collection[int]) -> dict[int, Name]:
    found = Thread.objects.filter(pk__in=ids).select_related("place__cohort")
    return {one.pk: Name(one.title, one.path) for one in found}


def _posts(ids: Collection[int]) -> dict[int, Name]:
    found = Post.objects.filter(pk__in=ids).select_related("thread__place__cohort")
    return {one.pk: Name(f"{one.thread.title} #{one.number}", one.path) for one in found}


def _places(ids: Collection[int]) -> dict[int, Name]:
    return {one.pk: Name(name_of(one), one.path) for one in whole_places().filter(pk__in=ids)}


def _topics(ids: Collection[int]) -> dict[int, Name]:
    return {one.pk: Name(one.title) for one in Topic.objects.filter(pk__in=ids)}


names_of("thread", _threads)
names_of("post", _posts)
names_of("place", _places)
names_of("topic", _topics)
