"""File storage on disk in which a file is either whole or not there, as it is in S3."""

import os
import tempfile
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage


class AtomicFileStorage(FileSystemStorage):
    """Writes beside the target, syncs, then renames: no reader sees half a file, a full disk leaves none."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:  # noqa: ARG002
        """Keep the name: equal names have equal content here."""
        return name

    def _save(self, name: str, content: File) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, work = tempfile.mkstemp(prefix=".new-", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            Path(work).replace(target)
            _sync_folder(target.parent)
        except BaseException:
            Path(work).unlink(missing_ok=True)
            raise
        return name


def _sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut, so that no committed row ever lacks its file."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
