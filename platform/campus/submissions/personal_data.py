"""What submissions hold of a person."""

from collections.abc import Iterator

from django.core.files import File
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.people.models import Person
from campus.people.personal_data import Holding, Row, hold
from campus.submissions.history import scores_of
from campus.submissions.models import Score, Submission


def _own(person: Person) -> "Iterator[Submission]":
    submissions = Submission.objects.filter(enrolment__person=person).with_result()
    yield from submissions.select_related(
        "step__cohort_case__cohort", "step__cohort_case__case_version", "team", "grading"
    ).order_by("pk")


def _submissions(person: Person) -> Iterator[Row]:
    """Only what the page shows too: no final score before it is out."""
    for one in _own(person):
        step = one.step
        is_out = one.shows_final_score(step)
        yield {
            "id": one.pk,
            "cohort": step.cohort.slug,
            "step": step.key,
            "team": one.team.name if one.team else "",
            "file_name": one.file_name,
            "file": _path(one),
            "note": one.note,
            "submitted_at": one.created_at,
            "state": one.grading.state,
            "provisional": scores_of(one, step=step, split=Score.Split.PUBLIC),
            "final": scores_of(one, step=step, split=Score.Split.PRIVATE) if is_out else {},
        }


def _path(submission: Submission) -> str:
    """A name that no other file has and that leads nowhere else."""
    name = "".join(sign if sign.isalnum() or sign in ".-_" else "_" for sign in submission.file_name).lstrip(".")
    return f"submissions/{submission.pk}-{name or 'file'}"


def _files(person: Person) -> Iterator[tuple[str, File]]:
    for one in _own(person):
        if one.file:
            yield _path(one), one.file


def _blank(person: Person) -> None:
    """What was typed beside the work may name people."""
    for one in Submission.objects.filter(enrolment__person=person).only("pk", "file_name"):
        ending = one.file_name.rpartition(".")[2][:10] if "." in one.file_name else "txt"
        Submission.objects.filter(pk=one.pk).update(file_name=f"submission-{one.pk}.{ending}", note="")


hold(
    Holding(
        name="submissions",
        label=pgettext_lazy("data held", "What you handed in, with its scores"),
        rows=_submissions,
        files=_files,
        erase=_blank,
        gone=_("Names of files and notes are deleted."),
        kept=_("The work and its scores, without your name: leaderboards, teams and peer reviews depend on them."),
    )
)
