"""Work with a Manabiai site from a notebook: ``manabiai.data()``, ``check``, ``submit``, ``scores``, ``board``.

Each takes the case as ``"cohort/case"``, which may be left out where there is only one. Address and token come
from MANABIAI_URL and MANABIAI_TOKEN, or from ``manabiai login``; ``Site(url, token)`` takes them by hand.
"""

from contextlib import closing
from pathlib import Path

from manabiai.errors import ApiError, ConnectionFailed, DownloadFailed, FormatError, ManabiaiError, SettingsError
from manabiai.records import Board, Data, Scores, Submission
from manabiai.site import Checked, Site, login
from manabiai.work import Work

__all__ = [
    "ApiError",
    "Board",
    "Checked",
    "ConnectionFailed",
    "Data",
    "DownloadFailed",
    "FormatError",
    "ManabiaiError",
    "Scores",
    "SettingsError",
    "Site",
    "Submission",
    "board",
    "check",
    "data",
    "login",
    "scores",
    "submit",
]


def data(case: str | None = None, *, folder: str | Path | None = None) -> Data:
    """Download the case's data; see Site.data."""
    with closing(Site()) as site:
        return site.data(case, folder=folder)


def check(work: Work, case: str | None = None, *, hints: bool = True) -> Checked:
    """Check a file, a DataFrame or a model without handing it in; see Site.check."""
    with closing(Site()) as site:
        return site.check(work, case, hints=hints)


def submit(work: Work, case: str | None = None, *, note: str = "", wait: bool = True) -> Submission:
    """Hand in a file, a DataFrame or a fitted model and wait for its score; see Site.submit."""
    with closing(Site()) as site:
        return site.submit(work, case, note=note, wait=wait)


def scores(case: str | None = None) -> Scores:
    """One's own submissions and scores; see Site.scores."""
    with closing(Site()) as site:
        return site.scores(case)


def board(case: str | None = None, *, final: bool = False, page: int = 1) -> Board:
    """A page of the leaderboard; see Site.board."""
    with closing(Site()) as site:
        return site.board(case, final=final, page=page)
