"""What grouping holds of a person: slots, wishes, signals, invitations; what was judged in the team."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.grouping.models import (
    Approach,
    Availability,
    FileVersion,
    Interest,
    Judgement,
    LogEntry,
    Pair,
    Wish,
    slots_of,
)
from campus.grouping.slots import name_of_slot
from campus.people.models import Person
from campus.people.personal_data import Holding, Row, hold


def _said(person: Person) -> Iterator[Row]:
    for one in Availability.objects.filter(enrolment__person=person).select_related("enrolment__cohort"):
        slots = [name_of_slot(slot) for slot in slots_of(one)]
        yield {"what": "slots", "cohort": one.enrolment.cohort.slug, "text": "; ".join(slots), "at": one.said_at}
    for wish in Wish.objects.filter(enrolment__person=person).select_related("enrolment__cohort", "wanted__person"):
        yield {"what": "wish", "cohort": wish.enrolment.cohort.slug, "text": wish.wanted.person.name, "at": None}
    for signal in Interest.objects.filter(enrolment__person=person).select_related("enrolment__cohort"):
        yield {
            "what": "signal",
            "cohort": signal.enrolment.cohort.slug,
            "text": signal.topic,
            "at": signal.made_at,
        }
    for approach in Approach.objects.filter(Q(enrolment__person=person) | Q(made_by__person=person)).select_related(
        "team"
    ):
        yield {
            "what": "invitation" if approach.is_invitation else "request",
            "team": approach.team.name,
            "text": approach.text if approach.made_by.person_id == person.pk else "",
            "state": approach.state,
            "at": approach.made_at,
        }


def _erase_said(person: Person) -> None:
    mine = Q(enrolment__person=person)
    Availability.objects.filter(mine).delete()
    Wish.objects.filter(mine | Q(wanted__person=person)).delete()
    Interest.objects.filter(mine).delete()
    Approach.objects.filter(mine | Q(made_by__person=person)).delete()
    Pair.objects.filter(Q(first__person=person) | Q(second__person=person)).delete()


def _in_spaces(person: Person) -> Iterator[Row]:
    for one in LogEntry.objects.filter(by__person=person).select_related("team").order_by("pk"):
        yield {"what": "log", "team": one.team.name, "on": one.on, "text": one.text}
    for version in FileVersion.objects.filter(by__person=person).select_related("file__team").order_by("pk"):
        yield {
            "what": "file",
            "team": version.file.team.name,
            "on": version.uploaded_at,
            "text": f"{version.file.name} ({version.number})",
        }


def _judgements(person: Person) -> Iterator[Row]:
    rows = Judgement.objects.filter(by__person=person).select_related("evaluation__team", "about__person")
    for one in rows.order_by("pk"):
        yield {
            "team": one.evaluation.team.name,
            "about": one.about.person.name,
            "criterion": one.criterion,
            "level": one.level,
        }


def _erase_judgements(person: Person) -> None:
    Judgement.objects.filter(Q(by__person=person) | Q(about__person=person)).delete()


hold(
    Holding(
        name="grouping",
        label=pgettext_lazy("data held", "When you have time, your wishes, signals and invitations for groups"),
        rows=_said,
        erase=_erase_said,
        gone=_("Deleted."),
    )
)
hold(
    Holding(
        name="team_spaces",
        label=pgettext_lazy("data held", "What you wrote and uploaded in your teams’ spaces"),
        rows=_in_spaces,
        gone=_("Your name disappears from it."),
        kept=_("The team’s log and files: they are everybody’s work."),
    )
)
hold(
    Holding(
        name="team_evaluations",
        label=pgettext_lazy("data held", "What you said in the evaluation inside your teams"),
        rows=_judgements,
        erase=_erase_judgements,
        gone=_("Deleted, with what others said about you."),
    )
)
