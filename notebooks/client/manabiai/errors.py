"""What can go wrong between a notebook and the site, each in words."""

from collections.abc import Mapping, Sequence
from typing import Any


class ManabiaiError(Exception):
    """Something went wrong; ``str()`` says what, and what to do."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the words alone, since the places in this package tell a learner nothing."""
        return [f"{type(self).__name__}: {self}"]


class SettingsError(ManabiaiError):
    """The site's address, the token or the case is missing or wrong."""


class ConnectionFailed(ManabiaiError):
    """The site could not be reached, also not after several tries."""


class DownloadFailed(ManabiaiError):
    """A file did not arrive as the site describes it."""


class FormatError(ManabiaiError):
    """A file breaks the format. ``problems``: one sentence each, naming row, column and value."""

    def __init__(self, summary: str, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join([summary, *(f"- {problem}" for problem in self.problems)]))


class ApiError(ManabiaiError):
    """The site refused: ``status`` and ``code`` for programs, ``problem`` is the RFC 9457 document."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        self.problem = dict(problem)
        self.status = int(problem["status"])
        self.code = str(problem.get("code", ""))
        super().__init__(str(problem.get("detail") or problem.get("title") or self.status))
