"""Files by the digest of their content: the same bytes are stored once, and a name never changes meaning."""

import errno
import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class DiskFull(Exception):
    """The storage has no room for a file."""


def digest_of(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def name_of(digest: str, *, folder: str) -> str:
    """Where the storage keeps the file of this digest."""
    return f"{folder}/{digest[:2]}/{digest}"


def store(data: bytes, *, folder: str) -> str:
    """Keep the bytes and return their storage name. Raises DiskFull when the disk has no room.

    Call it before the transaction that refers to the file: what fails then leaves at most a file that
    nobody names, never a row without its file.
    """
    name = name_of(digest_of(data), folder=folder)
    try:
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(data))
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull from error
        raise
    return name
