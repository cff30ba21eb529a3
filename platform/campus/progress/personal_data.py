"""What progress holds of a person: completions, the last follow-ups, and how often files were refused in a row."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.people.models import Person
from campus.people.personal_data import Holding, Row, hold
from campus.progress.models import Completion, FollowUp
from campus.submissions.models import Stumble


def _follow_ups(person: Person) -> Iterator[Row]:
    """That somebody was there, and when; what facilitators noted for each other stays with them."""
    rows = FollowUp.objects.filter(enrolment__person=person).select_related("enrolment__cohort").order_by("pk")
    for one in rows:
        yield {"cohort": one.enrolment.cohort.slug, "kind": one.kind, "done_on": one.done_on, "reasons": one.reasons}


def _erase(person: Person) -> None:
    FollowUp.objects.filter(enrolment__person=person).delete()
    Stumble.objects.filter(enrolment__person=person).delete()


hold(
    Holding(
        name="follow_ups",
        label=pgettext_lazy("data held", "When facilitators and organisers followed up on you"),
        rows=_follow_ups,
        erase=_erase,
        gone=_("All of it is deleted, including the notes."),
    )
)


def _completions(person: Person) -> Iterator[Row]:
    for one in Completion.objects.filter(enrolment__person=person).select_related("enrolment__cohort").order_by("pk"):
        yield {"cohort": one.enrolment.cohort.slug, "completed_at": one.completed_at, "taken_back_at": one.revoked_at}


hold(
    Holding(
        name="completions",
        label=pgettext_lazy("data held", "Which cohorts you have completed"),
        rows=_completions,
        gone=_("It is no longer linked to you. Only a date is left."),
        kept=_("The date of each completion, without your name: the organiser reports how many completed."),
    )
)
