"""The largest upload that any page reads: without it Django writes whatever a stranger's form holds to the disk."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

# What a form adds around the file: borders, the note, the CSRF token.
ENVELOPE = 64 * 1024
CHUNK = 1024 * 1024
# Browsers show our answer only when all they send is taken in; beyond this the connection is simply cut.
DRAIN_AT_MOST = 256 * 1024 * 1024


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


def announced(request: HttpRequest) -> int:
    """Bytes that the request says it brings."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def is_too_large(request: HttpRequest, *, limit: int) -> bool:
    """Whether the request must hold a file beyond the limit (bytes), by what it announces."""
    return announced(request) > limit + ENVELOPE


def drain(request: HttpRequest) -> None:
    """Take in what the browser sends and forget it."""
    left = min(announced(request), DRAIN_AT_MOST)
    while left > 0 and (chunk := request.read(min(CHUNK, left))):
        left -= len(chunk)


def upload_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page whose form brings files: one beyond UPLOAD_LIMIT_MB is told there in words, and nothing of it is read.

    Otherwise the CSRF check would read the form before the view does, and all that is seen is a bare 400.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if request.method != "POST" or not is_too_large(request, limit=limit):
            return protected(request, *args, **kwargs)
        drain(request)
        words = _("The file is too large and was not read. You can send up to %(size)s at once.")
        messages.error(request, words % {"size": filesizeformat(limit)})
        return redirect(request.path)

    return guarded
