"""The topics by which a cohort's threads are sorted; its organisers keep them."""

from django.db import transaction

from campus.cohorts.actions import record_audit
from campus.discussion.models import Topic
from campus.people.models import Person


@transaction.atomic
def save_topic(*, topic: Topic, actor: Person) -> None:
    """Keep a new topic or what was changed of one."""
    action = "topic.changed" if topic.pk else "topic.made"
    topic.save()
    record_audit(action=action, subject=f"topic:{topic.pk}", actor=actor, cohort=topic.cohort)


@transaction.atomic
def remove_topic(*, topic: Topic, actor: Person) -> None:
    """Remove the topic; its threads stay, without one."""
    record_audit(
        action="topic.removed", subject=f"topic:{topic.pk}", actor=actor, cohort=topic.cohort, name=topic.title_ja
    )
    topic.delete()
