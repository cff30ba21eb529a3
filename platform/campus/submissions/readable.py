"""Notebooks that may be read on a page: by whom, from when on, and where what is shown of them is kept.

A rendering is made by a worker, once for each file, and kept under the file's digest. Of all that somebody handed in,
others may read the one notebook by which she stands on the final board; drafts are not opened.
"""

import logging
from contextlib import suppress

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from procrastinate import exceptions

from campus.cases.deadlines import deadline_for
from campus.cohorts.models import Enrolment
from campus.submissions.models import Standing, Submission
from campus.submissions.rendering import Rendering, render_notebook
from grader.contract import Kind
from grader.csvfile import SubmissionRejected

logger = logging.getLogger(__name__)

# What was rendered by an earlier version of rendering.py is rendered anew.
RENDERER = 1
PRIORITY = -100


def is_notebook(submission: Submission) -> bool:
    return submission.kind == Kind.NOTEBOOK


def is_open_for(submission: Submission, reader: Enrolment | None) -> bool:
    """Whether others may read it: put forward, and no deadline ahead, neither its owner's nor the reader's own.

    ``reader`` is None for who doesn't learn in the cohort.
    """
    now = timezone.now()
    if not is_notebook(submission) or submission.owner.deadline(submission.step) > now:
        return False
    if reader is not None and deadline_for(submission.step, reader) > now:
        return False
    return Standing.objects.on_board(submission.step, "private").filter(private_submission=submission).exists()


def rendering_of(submission: Submission) -> Rendering | None:
    """What may be shown of it; None until a worker has made it."""
    return kept_rendering(submission.file_digest)


def render(submission_id: int) -> None:
    """Make the rendering where it is missing."""
    submission = Submission.objects.get(pk=submission_id)
    if not is_notebook(submission) or is_rendered(submission.file_digest):
        return
    with submission.file.open("rb") as file:
        keep_rendering(submission.file_digest, file.read())


def is_rendered(digest: str) -> bool:
    return default_storage.exists(_name(digest))


def kept_rendering(digest: str) -> Rendering | None:
    """What may be shown of the notebook with this digest; None until it was kept."""
    try:
        with default_storage.open(_name(digest)) as file:
            return Rendering.from_bytes(file.read())
    except FileNotFoundError:
        return None


def keep_rendering(digest: str, data: bytes) -> None:
    """Render the notebook and keep it; one that can't be shown is kept as empty."""
    try:
        rendering = render_notebook(data)
    except SubmissionRejected:
        logger.warning("a notebook can't be shown", extra={"digest": digest})
        rendering = Rendering(cells=[])
    default_storage.save(_name(digest), ContentFile(rendering.to_bytes()))


def defer_rendering(submission: Submission) -> None:
    """Have a notebook rendered once the caller's transaction is committed; nothing for other kinds."""
    if is_notebook(submission):
        transaction.on_commit(lambda: _defer(submission))


def _defer(submission: Submission) -> None:
    from campus.submissions import tasks

    lock = f"render:{submission.file_digest}"
    with suppress(exceptions.AlreadyEnqueued), transaction.atomic():
        tasks.render.configure(queueing_lock=lock, priority=PRIORITY).defer(submission_id=submission.pk)


def _name(digest: str) -> str:
    return f"renderings/{digest[:2]}/{digest}-{RENDERER}.json"
