"""What forms hold of a person. Answers to anonymous forms lead to nobody, so they are in no copy and stay."""

from collections.abc import Iterator

from django.core.files import File
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.people.models import Person
from campus.people.personal_data import Holding, Row, hold
from campus.questionnaires.models import AnswerFile, Response


def _responses(person: Person) -> Iterator[Row]:
    mine = Response.objects.filter(person=person).select_related("questionnaire__cohort")
    for one in mine.prefetch_related("answer_sets").order_by("pk"):
        yield {
            "cohort": one.questionnaire.cohort.slug,
            "form": one.questionnaire.title,
            "started_at": one.started_at,
            "submitted_at": one.submitted_at,
            "draft": one.draft,
            "answers": [{"at": answers.submitted_at, "answers": answers.answers} for answers in one.answer_sets.all()],
        }


def _files(person: Person) -> Iterator[tuple[str, File]]:
    for one in AnswerFile.objects.filter(response__person=person):
        name = "".join(sign if sign.isalnum() or sign in ".-_" else "_" for sign in one.name).lstrip(".")
        yield f"forms/{one.pk}-{name or 'file'}", one.file


hold(
    Holding(
        name="forms",
        label=pgettext_lazy("data held", "Your answers to forms"),
        rows=_responses,
        files=_files,
        erase=lambda person: Response.objects.filter(person=person).delete(),
        gone=_("Deleted, with the files you added."),
        kept=_("Answers to anonymous forms, which can’t be traced to anybody."),
    )
)
