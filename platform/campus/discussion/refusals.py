"""Why a post can't be written now, in words for the writer."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from campus.cohorts.models import Role
from campus.cohorts.rules import roles_of
from campus.discussion.models import Place, Post, Thread
from campus.discussion.rules import suspended_until
from campus.people.models import Person
from campus.ui.moments import moment_in_words

WITHIN = timedelta(minutes=10)
MOST_POSTS = 30
# Somebody whose first post is younger than a day.
NEWCOMER_FOR = timedelta(days=1)
MOST_POSTS_OF_NEWCOMERS = 6


def refuse_suspended(person: Person, place: Place) -> None:
    """Raise ValidationError for whom a moderator has asked to pause."""
    if words := barred_in_words(person, place.cohort_id):
        raise ValidationError(words)


def barred_in_words(person: Person, cohort_id: int) -> str:
    """Until when the person can't post, and whom to ask; nothing where she can."""
    until = suspended_until(person, cohort_id)
    if until is None:
        return ""
    words = _("You can read here but can’t post until %(when)s. Ask your facilitator or the organiser about it.")
    return words % {"when": moment_in_words(until)}


def refuse_too_many(person: Person, place: Place) -> None:
    """Raise ValidationError for more posts in ten minutes than a person writes; newcomers have a lower limit."""
    if roles_of(person, place.cohort) & {Role.ORGANISER, Role.FACILITATOR, Role.MENTOR}:
        return
    now, own = timezone.now(), Post.objects.filter(author=person)
    is_newcomer = not own.filter(created_at__lt=now - NEWCOMER_FOR).exists()
    limit = MOST_POSTS_OF_NEWCOMERS if is_newcomer else MOST_POSTS
    if own.filter(created_at__gt=now - WITHIN)[:limit].count() >= limit:
        raise ValidationError(
            _("You have posted a lot within a short time. Your text is kept; please send it in a few minutes.")
        )


def refuse_locked(thread: Thread, *, may_moderate: bool) -> None:
    """Raise ValidationError for a thread that was closed, or hidden, meanwhile."""
    if (thread.locked_at or thread.hidden_at) and not may_moderate:
        raise ValidationError(_("This thread has been closed, so nothing more can be added."))
