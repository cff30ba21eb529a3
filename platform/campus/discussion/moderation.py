"""Keeping order: flag, hide, lock, move, suspend. What moderators do stands in the audit log."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campus import live
from campus.cohorts.actions import record_audit
from campus.cohorts.models import Cohort
from campus.discussion import payloads
from campus.discussion.kept_events import take_texts_out
from campus.discussion.locking import locked_post, locked_thread
from campus.discussion.models import Flag, Place, Post, Thread, Voice
from campus.discussion.notices import FLAGGED
from campus.discussion.places import moderated_places, moderators_of
from campus.discussion.rules import may_be_suspended_by
from campus.discussion.search.index import index as search_index
from campus.notices.actions import notify
from campus.people.models import Person


def flag(*, post: Post, person: Person, reason: str, note: str) -> Flag:
    """Ask the moderators to look; once for each reader as long as nobody has. They are told of the first."""
    with live.atomic():
        locked = locked_post(post)
        is_first = not Flag.objects.waiting().filter(post=locked).exists()
        values = {"reason": reason, "note": note}
        found, _made = Flag.objects.update_or_create(post=locked, person=person, settled_at=None, defaults=values)
        if is_first:
            _tell_moderators(found)
        return found


def _tell_moderators(flagged: Flag) -> None:
    """Never the author nor who flagged, should they keep order there themselves."""
    post = flagged.post
    notify(
        kind=FLAGGED.name,
        to=moderators_of(post.thread.place).exclude(pk__in=[post.author_id, flagged.person_id]),
        context={"title": post.thread.title, "reason": flagged.reason},
        url=f"{post.path}moderate/",
        key=f"flag:{flagged.pk}",
    )


def flagged_for(person: Person, cohort: Cohort) -> QuerySet[Post]:
    """Posts with flags that wait, where the person keeps order."""
    waiting = Flag.objects.waiting().values("post")
    return Post.objects.filter(pk__in=waiting, thread__place__in=moderated_places(person).filter(cohort=cohort))


def settle_flags(*, post: Post, actor: Person) -> None:
    """Say that the post was looked at and stays."""
    with live.atomic():
        count = Flag.objects.waiting().filter(post=post).update(settled_at=timezone.now())
        if count:
            _record("post.flags_settled", f"post:{post.pk}", post.thread, actor, count=count)


def hide_post(*, post: Post, actor: Person) -> None:
    """Take a post out of sight of all but moderators; what was flagged is settled by it."""
    with live.atomic():
        locked = locked_post(post)
        if locked.hidden_at or locked.deleted_at:
            return
        locked.hidden_at = timezone.now()
        locked.save(update_fields=["hidden_at"])
        search_index(locked)
        Flag.objects.waiting().filter(post=locked).update(settled_at=timezone.now())
        _record("post.hidden", f"post:{locked.pk}", locked.thread, actor)
        take_texts_out(locked.thread, [locked.number])
        live.publish(locked.thread.stream, "removed", {"number": locked.number, "how": "hidden"})


def show_post(*, post: Post, actor: Person) -> None:
    """Bring a hidden post back."""
    with live.atomic():
        locked = locked_post(post)
        if not locked.hidden_at or locked.deleted_at:
            return
        locked.hidden_at = None
        locked.save(update_fields=["hidden_at"])
        search_index(locked)
        _record("post.shown", f"post:{locked.pk}", locked.thread, actor)
        live.publish(locked.thread.stream, "shown", payloads.of_post(locked))


def set_locked(*, thread: Thread, is_locked: bool, actor: Person) -> None:
    """Let nobody but moderators write in the thread, or everybody again."""
    _set_moment(thread, "locked_at", is_locked, actor, "thread.locked" if is_locked else "thread.unlocked")


def set_hidden(*, thread: Thread, is_hidden: bool, actor: Person) -> None:
    """Take the thread out of sight of all but moderators, or bring it back."""
    _set_moment(thread, "hidden_at", is_hidden, actor, "thread.hidden" if is_hidden else "thread.shown")


def _set_moment(thread: Thread, name: str, is_set: bool, actor: Person, action: str) -> None:
    with live.atomic():
        locked = locked_thread(thread)
        if (getattr(locked, name) is not None) == is_set:
            return
        setattr(locked, name, timezone.now() if is_set else None)
        locked.save(update_fields=[name])
        _record(action, f"thread:{locked.pk}", locked, actor)
        _tell(locked)


def move_thread(*, thread: Thread, place: Place, actor: Person) -> None:
    """Bring the thread to another place of the cohort; who may not read there has no part in it any more."""
    if place.cohort_id != thread.place.cohort_id:
        raise ValidationError(_("A thread can only be moved within its cohort."))
    with live.atomic():
        locked = locked_thread(thread)
        before = locked.place
        if before.pk == place.pk:
            return
        live.publish(before.stream, "thread", payloads.of_thread(locked) | {"is_hidden": True})
        locked.place = place
        locked.save(update_fields=["place"])
        _record("thread.moved", f"thread:{locked.pk}", locked, actor, before=before.pk, place=place.pk)
        _tell(locked)


def suspend(*, person: Person, cohort: Cohort, until: datetime, actor: Person) -> None:
    """Let a learner read but not post until then; raises ValidationError for whom it isn't the actor's to do."""
    if not may_be_suspended_by(actor, person=person, cohort=cohort):
        raise ValidationError(_("You can suspend only learners you look after."))
    with live.atomic():
        Voice.objects.update_or_create(person=person, cohort=cohort, defaults={"suspended_until": until})
        subject = _subject(person, cohort)
        record_audit(action="voice.suspended", subject=subject, actor=actor, cohort=cohort, until=until.isoformat())


def lift_suspension(*, person: Person, cohort: Cohort, actor: Person) -> None:
    """Let the learner post again."""
    if not may_be_suspended_by(actor, person=person, cohort=cohort):
        raise ValidationError(_("You can suspend only learners you look after."))
    with live.atomic():
        lifted = Voice.objects.filter(person=person, cohort=cohort).exclude(suspended_until=None)
        if lifted.update(suspended_until=None):
            record_audit(action="voice.restored", subject=_subject(person, cohort), actor=actor, cohort=cohort)


def _subject(person: Person, cohort: Cohort) -> str:
    return f"enrolment:{cohort.enrolments.get(person=person, role='learner').pk}"


def _tell(thread: Thread) -> None:
    """Tell open pages; whoever had opened the thread and may no longer read it stops hearing of it at once."""
    for person in thread.readings.values_list("person", flat=True):
        live.recheck(person)
    live.publish(thread.stream, "thread", payloads.of_thread(thread))
    live.publish(thread.place.stream, "thread", payloads.of_thread(thread))


def _record(action: str, subject: str, thread: Thread, actor: Person, **details: object) -> None:
    record_audit(action=action, subject=subject, actor=actor, cohort=thread.cohort, **details)
