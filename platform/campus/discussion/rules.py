"""Who may read, write and keep order. Everything follows from the place of a thread (places.py)."""

from datetime import datetime

import rules
from django.utils import timezone

from campus.cohorts.models import Cohort
from campus.cohorts.queries import learners_looked_after
from campus.cohorts.rules import is_facilitator, is_member, is_organiser
from campus.discussion.models import Place, Post, Thread, Voice
from campus.discussion.places import readable_places
from campus.people.models import Person


@rules.predicate
def reads_place(person: Person, place: Place) -> bool:
    return readable_places(person).filter(pk=place.pk).exists()


@rules.predicate
def moderates_place(person: Person, place: Place) -> bool:
    """Organisers everywhere, facilitators wherever they read, as `moderated_places` has it."""
    keeps = is_organiser(person, place.cohort) or is_facilitator(person, place.cohort)
    return bool(keeps and reads_place(person, place))


@rules.predicate
def reads_thread(person: Person, thread: Thread) -> bool:
    """A hidden thread is there for those who keep order only."""
    return bool(reads_place(person, thread.place) and (not thread.hidden_at or moderates_place(person, thread.place)))


@rules.predicate
def moderates_thread(person: Person, thread: Thread) -> bool:
    return bool(moderates_place(person, thread.place))


@rules.predicate
def is_not_suspended(person: Person, place: Place) -> bool:
    return not is_suspended(person, place.cohort_id)


@rules.predicate
def is_own_thread(person: Person, thread: Thread) -> bool:
    return thread.author_id == person.pk


@rules.predicate
def is_own_post(person: Person, post: Post) -> bool:
    return post.author_id == person.pk and post.is_shown


@rules.predicate
def reads_post(person: Person, post: Post) -> bool:
    """A deleted post is read by nobody any more, a hidden one by moderators."""
    if post.deleted_at or not reads_thread(person, post.thread):
        return False
    return post.hidden_at is None or bool(moderates_thread(person, post.thread))


@rules.predicate
def may_write_in(person: Person, thread: Thread) -> bool:
    if not reads_thread(person, thread) or is_suspended(person, thread.place.cohort_id):
        return False
    return thread.locked_at is None or bool(moderates_thread(person, thread))


@rules.predicate
def may_change_post(person: Person, post: Post) -> bool:
    """One's own, as long as one may write there."""
    return bool(is_own_post(person, post) and may_write_in(person, post.thread))


@rules.predicate
def may_delete_post(person: Person, post: Post) -> bool:
    """One's own, also from a locked thread."""
    return bool(is_own_post(person, post) and reads_thread(person, post.thread))


@rules.predicate
def may_accept(person: Person, thread: Thread) -> bool:
    """Who asked says what answered it; where that doesn't happen, those who keep order."""
    if not thread.is_question or not reads_thread(person, thread):
        return False
    return bool(is_own_thread(person, thread) or moderates_thread(person, thread))


@rules.predicate
def may_suspend_in(person: Person, cohort: Cohort) -> bool:
    return bool(is_organiser(person, cohort) or is_facilitator(person, cohort))


def may_be_suspended_by(actor: Person, *, person: Person, cohort: Cohort) -> bool:
    """Learners whom the actor looks after; whoever has another role there too is for organisers to speak with."""
    others = cohort.enrolments.taking_part().filter(person=person).exclude(role="learner")
    return learners_looked_after(actor, cohort).filter(person=person).exists() and not others.exists()


def is_suspended(person: Person, cohort_id: int) -> bool:
    return suspended_until(person, cohort_id) is not None


def suspended_until(person: Person, cohort_id: int) -> datetime | None:
    """Until when a moderator lets the person read but not post; None where she may."""
    paused = Voice.objects.filter(person=person, cohort=cohort_id, suspended_until__gt=timezone.now())
    return paused.values_list("suspended_until", flat=True).first()


rules.add_perm("discussion.view", is_member)
rules.add_perm("discussion.read_place", reads_place)
rules.add_perm("discussion.start_thread", reads_place & is_not_suspended)
rules.add_perm("discussion.read_thread", reads_thread)
rules.add_perm("discussion.write_post", may_write_in)
rules.add_perm("discussion.read_post", reads_post)
rules.add_perm("discussion.change_post", may_change_post)
rules.add_perm("discussion.delete_post", may_delete_post)
rules.add_perm("discussion.accept_answer", may_accept)
rules.add_perm("discussion.moderate_place", moderates_place)
rules.add_perm("discussion.moderate_thread", moderates_thread)
rules.add_perm("discussion.moderate", may_suspend_in)
rules.add_perm("discussion.keep_topics", is_organiser)
