"""What intake holds of a person: applications, invitations, rows of uploads that nobody confirmed yet."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.intake.models import Application, ImportRow, Invitation, PeopleImport, RosterPerson
from campus.people.models import Person
from campus.people.personal_data import Holding, Row, hold


def _applications(person: Person) -> Iterator[Row]:
    """Without decisions that were not announced: a copy of one's data is no way to learn them early."""
    mine = Application.objects.filter(enrolment__person=person).select_related("enrolment__cohort").order_by("pk")
    for one in mine:
        yield {
            "cohort": one.enrolment.cohort.slug,
            "submitted_at": one.submitted_at,
            "withdrawn_at": one.withdrawn_at,
            "result": one.announced,
            "announced_at": one.announced_at,
        }


def _erase_applications(person: Person) -> None:
    mine = Application.objects.filter(enrolment__person=person)
    mine.update(note="")
    mine.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())


def _invitations(person: Person) -> Iterator[Row]:
    mine = Invitation.objects.filter(enrolment__person=person).order_by("pk")
    yield from mine.values("enrolment__cohort__slug", "number", "queued_at", "expires_at", "opened_at", "accepted_at")


def _erase_invitations(person: Person) -> None:
    Invitation.objects.filter(enrolment__person=person).delete()
    ImportRow.objects.filter(email__iexact=person.email).delete()
    PeopleImport.objects.filter(owner=person, done_at=None).delete()


hold(
    Holding(
        name="applications",
        label=pgettext_lazy("data held", "Your applications"),
        rows=_applications,
        erase=_erase_applications,
        gone=_(
            "They are withdrawn. Organisers’ notes about them are deleted, and your answers are deleted with the forms."
        ),
        kept=_(
            "The fact that somebody applied, when and with what result, without your name: the programme’s figures "
            "need it."
        ),
    )
)


def _roster_ids(person: Person) -> Iterator[Row]:
    yield from RosterPerson.objects.filter(person=person).values("cohort__slug", "sourced_id")


hold(
    Holding(
        name="roster-ids",
        label=pgettext_lazy("data held", "Your number in the roster of your university or company"),
        rows=_roster_ids,
        erase=lambda person: RosterPerson.objects.filter(person=person).delete(),
        gone=_("Deleted."),
    )
)
hold(
    Holding(
        name="invitations",
        label=pgettext_lazy("data held", "Invitations you were sent"),
        rows=_invitations,
        erase=_erase_invitations,
        gone=_("Deleted. Their links no longer work."),
    )
)
