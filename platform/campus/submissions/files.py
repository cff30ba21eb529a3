"""Where the files of submissions lie: by the digest of their content (``ui/files.py``)."""

from campus.submissions.refusals import StorageFull
from campus.ui import files
from campus.ui.files import digest_of

__all__ = ["digest_of", "store"]


def store(data: bytes, *, folder: str) -> str:
    """Keep the bytes and return their storage name; a full disk is a refusal in words (StorageFull)."""
    try:
        return files.store(data, folder=folder)
    except files.DiskFull as error:
        raise StorageFull from error
