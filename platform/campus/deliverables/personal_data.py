"""What deliverables hold of a person."""

from collections.abc import Iterator

from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.deliverables.files import open_file
from campus.deliverables.models import Deliverable, DeliverableFile, DeliverableLink, Draft, DraftFile, Exhibit
from campus.people.models import Person
from campus.people.personal_data import Holding, Row, hold


def _own(person: Person) -> Iterator[Deliverable]:
    rows = Deliverable.objects.filter(enrolment__person=person).with_step().with_owner().with_content()
    yield from rows.order_by("pk")


def _deliverables(person: Person) -> Iterator[Row]:
    for one in _own(person):
        yield {
            "id": one.pk,
            "cohort": one.step.cohort.slug,
            "step": one.step.key,
            "team": one.team.name if one.team else "",
            "version": one.number,
            "handed_in_at": one.handed_in_at,
            "late": one.is_late,
            "text": one.text,
            "generative_ai": one.ai_use,
            "links": [link.url for link in one.links.all()],
            "files": [_path(file) for file in one.files.all()],
        }


def _path(file: DeliverableFile) -> str:
    """A name that no other file has and that leads nowhere else."""
    name = "".join(sign if sign.isalnum() or sign in ".-_" else "_" for sign in file.name).lstrip(".")
    return f"deliverables/{file.deliverable_id}-{file.position}-{name or 'file'}"


def _files(person: Person) -> Iterator[tuple[str, File]]:
    for one in _own(person):
        for file in one.files.all():
            yield _path(file), File(open_file(file))


def _blank(person: Person) -> None:
    """What was typed beside the work may name people, and so may addresses."""
    for one in DeliverableFile.objects.filter(deliverable__enrolment__person=person).only("pk", "name"):
        ending = one.name.rpartition(".")[2][:10]
        DeliverableFile.objects.filter(pk=one.pk).update(name=f"file-{one.pk}.{ending}")
    DeliverableLink.objects.filter(deliverable__enrolment__person=person).delete()
    Draft.objects.filter(enrolment__person=person).delete()
    alone = Exhibit.objects.filter(enrolment__person=person, team=None)
    alone.update(write_up="", withdrawn_at=timezone.now())


def _drafts(person: Person) -> Iterator[Row]:
    for one in (
        Draft.objects.filter(enrolment__person=person).select_related("step__cohort_case__cohort").order_by("pk")
    ):
        yield {
            "cohort": one.step.cohort.slug,
            "step": one.step.key,
            "saved_at": one.saved_at,
            "text": one.text,
            "generative_ai": one.ai_use,
            "links": one.links,
            "files": list(DraftFile.objects.filter(draft=one).values_list("name", flat=True)),
        }


def _exhibits(person: Person) -> Iterator[Row]:
    for one in Exhibit.objects.filter(enrolment__person=person).with_owner().order_by("pk"):
        yield {
            "cohort": one.step.cohort.slug,
            "step": one.step.key,
            "write_up": one.write_up,
            "shown_at": one.shown_at,
            "withdrawn_at": one.withdrawn_at,
        }


hold(
    Holding(
        name="deliverables",
        label=pgettext_lazy("data held", "Texts, slides and other work that people judge"),
        rows=_deliverables,
        files=_files,
        erase=_blank,
        gone=_("File names, links and drafts you didn’t hand in are deleted."),
        kept=_("The work itself, without your name: reviews and teams depend on it."),
    )
)
hold(
    Holding(
        name="exhibits",
        label=pgettext_lazy("data held", "What you show to your cohort"),
        rows=_exhibits,
        gone=_("It is no longer shown, and your description is deleted. What your team shows stays."),
    )
)
hold(
    Holding(
        name="deliverable_drafts",
        label=pgettext_lazy("data held", "Drafts you didn’t hand in"),
        rows=_drafts,
        gone=_("Deleted."),
    )
)
