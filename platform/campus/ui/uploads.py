"""The largest upload that any page reads: without it Django writes whatever a stranger's form holds to the disk."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

# What a form adds around the file: borders, the note, the CSRF token.
ENVELOPE = 64 * 1024


class SizeLimit(FileUploadHandler):
    """Stands before Django's own upload handlers and refuses (400) by the announced length, before a byte is read."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002 - Django's hook
        """Raise RequestDataTooBig for more than UPLOAD_LIMIT_MB and what surrounds the file."""
        length = int(args[2])  # After the input itself and the request's META.
        if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE + ENVELOPE:
            raise RequestDataTooBig(f"an upload of {length} bytes was announced")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - the same
        """Pass on what is fair."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers behind."""
