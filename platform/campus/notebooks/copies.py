"""Copies of notebooks that were handed in, for the reader's own notebook: the ticket, and what is written there.

A copy has words and code, nothing else: outputs, attachments and metadata of the file may hold what its page leaves
out (names, folders, scripts).
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from campus.notebooks.delivery import delivery_of
from campus.people.models import Person
from campus.submissions.models import Submission
from campus.submissions.rendering import sources_of

# The wait for a free place and for the server's start counts too.
TICKET_LIFE = timedelta(hours=2)
_SALT = "campus.notebooks.copies"
# What file systems, or JupyterLab, take for something else than a part of a name.
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_MOST_CHARACTERS = 50  # of a name: at most 200 bytes of the 255 that a file's may have
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!<>|~$&-])")
_KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


@dataclass(frozen=True)
class Copy:
    """A notebook to be written into ``folder`` of a home under ``name``, or a name beside it."""

    folder: str
    name: str
    notebook: dict[str, Any]


def ticket_for(reader: Person, submission: Submission) -> str:
    """What lets the reader's server, and no other, fetch this notebook; so no address made by others has any effect."""
    return signing.dumps([reader.pk, submission.pk], salt=_SALT)


def submission_of(ticket: str, reader: Person) -> Submission | None:
    """What the ticket stands for; None where it is forged, too old or another's, or the reader may not copy it now."""
    try:
        person_id, submission_id = signing.loads(ticket, salt=_SALT, max_age=TICKET_LIFE)
    except signing.BadSignature:
        return None
    if person_id != reader.pk:
        return None
    whole = Submission.objects.select_related("enrolment__person", "team", "step__cohort_case__cohort")
    found = whole.filter(pk=submission_id).first()
    return found if found is not None and reader.has_perm("notebooks.copy", found) else None


def copy_of(submission: Submission, reader: Person) -> Copy:
    """The notebook as it comes into the reader's home. Raises SubmissionRejected where the file is none."""
    delivery = delivery_of(reader, submission.step.cohort_case)
    if delivery is None:
        raise ValueError("the reader doesn't work on the case; see the permission notebooks.copy")
    with submission.file.open("rb") as file:
        cells = sources_of(file.read())
    title = _title(submission, reader)
    notebook = _notebook([("markdown", _origin(submission, title)), *cells])
    return Copy(delivery.folder, f"{_as_name(title)}.ipynb", notebook)


def _title(submission: Submission, reader: Person) -> str:
    """Others are called as on the board, also for staff: a copy may go on to third ones."""
    if submission.team is None and submission.enrolment.person_id == reader.pk:
        return _("%(name)s (as handed in)") % {"name": PurePath(submission.file_name).stem}
    name = submission.team.name if submission.team else submission.enrolment.shown_name
    return _("Copy of %(name)s’s notebook") % {"name": name}


def _as_name(title: str) -> str:
    """Begins with neither a dot, which would hide it, nor a space."""
    return _NOT_IN_NAMES.sub("_", title)[:_MOST_CHARACTERS].strip(". ") or "notebook"


def _origin(submission: Submission, title: str) -> str:
    step = submission.step
    names = [step.cohort.slug, step.cohort_case.slug, step.key, submission.pk]
    page = settings.SITE_URL + reverse("submissions:notebook", args=names)
    told = _(
        "Copied without outputs from [the page of this notebook](%(page)s). Changes here stay in your own notebook."
    )
    heading = _MARKDOWN.sub(r"\\\1", title)
    return f"**{heading}**\n\n" + told % {"page": page}


def _notebook(cells: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": _KERNEL, "language_info": {"name": "python"}},
        "cells": [_cell(number, *cell) for number, cell in enumerate(cells)],
    }


def _cell(number: int, kind: str, source: str) -> dict[str, Any]:
    cell = {"id": f"cell-{number}", "cell_type": kind, "metadata": {}, "source": source}
    return cell if kind == "markdown" else {**cell, "execution_count": None, "outputs": []}
