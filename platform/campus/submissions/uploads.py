"""What files a step takes, and the refusal of one that is too large."""

from django.http import HttpRequest

from campus.submissions.refusals import FormatRefused
from campus.ui.uploads import announced
from grader.kinds import KINDS
from grader.pack import Pack
from grader.problems import Problem


def largest_file(pack: Pack) -> int:
    """Bytes that any file handed in may have; each kind has a limit of its own besides."""
    return max(KINDS[kind].largest(pack) for kind in pack.submission.kinds)


def suffixes(pack: Pack) -> list[str]:
    """What file names may end with."""
    return [suffix for kind in pack.submission.kinds for suffix in KINDS[kind].suffixes]


def too_large(request: HttpRequest, *, limit: int) -> FormatRefused:
    """The refusal in words."""
    return FormatRefused([Problem("file_too_large", {"bytes": announced(request), "limit": limit})])
