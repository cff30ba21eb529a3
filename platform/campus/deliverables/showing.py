"""What a page may show of a file: made by a worker once for each content, and kept under its digest.

PDF and pictures are shown as pictures of their pages, notebooks as safe HTML, tables by their first rows. So nothing
that somebody handed in reaches a reader's browser as it is, and nothing but these is read where reviews are blind.
"""

from collections.abc import Iterable
from contextlib import suppress
from functools import partial

from django.db import transaction
from procrastinate import exceptions

from campus.deliverables.files import open_file
from campus.deliverables.models import DeliverableFile, File, FileKind
from campus.deliverables.pages import kept
from campus.submissions import readable

PRIORITY = -100


def is_made(file: File) -> bool:
    """Whether everything is there that a page shows of it."""
    if file.has_pages:
        return kept.is_drawn(file.digest)
    return file.kind != FileKind.NOTEBOOK or readable.is_rendered(file.digest)


def make(file_id: int) -> None:
    """Make what is shown of the file, unless it is there already."""
    file = DeliverableFile.objects.get(pk=file_id)
    if is_made(file):
        return
    with open_file(file) as content:
        data = content.read()
    if file.has_pages:
        kept.draw(FileKind(file.kind), file.digest, data)
    else:
        readable.keep_rendering(file.digest, data)


def prepare(files: Iterable[DeliverableFile]) -> None:
    """Have it made once the caller's transaction is committed."""
    for file in files:
        if not is_made(file):
            transaction.on_commit(partial(_defer, file))


def _defer(file: DeliverableFile) -> None:
    from campus.deliverables import tasks

    with suppress(exceptions.AlreadyEnqueued), transaction.atomic():
        tasks.show.configure(queueing_lock=f"show:{file.digest}", priority=PRIORITY).defer(file_id=file.pk)
