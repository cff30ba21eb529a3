"""Uploads that are too large, noticed before they are read to disk."""

from django.http import HttpRequest

from campus.submissions.refusals import FormatRefused
from grader.kinds import KINDS
from grader.pack import Pack
from grader.problems import Problem

# What a browser's form adds around the file.
ENVELOPE = 64 * 1024
CHUNK = 1024 * 1024
# Browsers show our answer only when all they send is taken in; beyond this the connection is simply cut.
DRAIN_AT_MOST = 256 * 1024 * 1024


def largest_file(pack: Pack) -> int:
    """Bytes that any file handed in may have; each kind has a limit of its own besides."""
    return max(KINDS[kind].largest(pack) for kind in pack.submission.kinds)


def suffixes(pack: Pack) -> list[str]:
    """What file names may end with."""
    return [suffix for kind in pack.submission.kinds for suffix in KINDS[kind].suffixes]


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def is_too_large(request: HttpRequest, *, limit: int) -> bool:
    """Whether the request must hold a file beyond the limit (bytes), by what it announces."""
    return _length(request) > limit + ENVELOPE


def too_large(request: HttpRequest, *, limit: int) -> FormatRefused:
    """The refusal in words."""
    return FormatRefused([Problem("file_too_large", {"bytes": _length(request), "limit": limit})])


def drain(request: HttpRequest) -> None:
    """Take in what the browser sends and forget it."""
    left = min(_length(request), DRAIN_AT_MOST)
    while left > 0 and (chunk := request.read(min(CHUNK, left))):
        left -= len(chunk)
