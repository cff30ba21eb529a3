"""Work with a Manabiai site from a notebook: ``manabiai.data()``, ``check``, ``submit``, ``scores``, ``board``; with
the files of one's group: ``team``, ``share``.

Each takes the case as ``"cohort/case"``, which may be left out where there is only one, or in a case's own folder.
Address and token come from MANABIAI_URL and MANABIAI_TOKEN, or from ``manabiai login``; ``Site(url, token)`` takes
them by hand. What they answer shows itself as a table in a notebook, in the language of MANABIAI_LANGUAGE.
"""

from contextlib import closing
from pathlib import Path

import pandas as pd

from manabiai import jupyter
from manabiai.checked import Checked
from manabiai.data import Data
from manabiai.errors import ApiError, ConnectionFailed, DownloadFailed, FormatError, ManabiaiError, SettingsError
from manabiai.jupyter import NotebookNotSaved, NotebookUnknown
from manabiai.records import Board, Scores, Submission
from manabiai.site import Site, login
from manabiai.team import Shared, TeamFiles
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
    "NotebookNotSaved",
    "NotebookUnknown",
    "Scores",
    "SettingsError",
    "Shared",
    "Site",
    "Submission",
    "TeamFiles",
    "board",
    "check",
    "data",
    "login",
    "scores",
    "share",
    "submit",
    "team",
]


def data(case: str | None = None, *, folder: str | Path | None = None) -> Data:
    """The case's data: those beside the notebook, else downloaded; see Site.data."""
    with closing(Site()) as site:
        return site.data(case, folder=folder)


def check(
    work: Work | None = None, case: str | None = None, *, features: pd.DataFrame | None = None, hints: bool = True
) -> Checked:
    """Check format and leaks without handing in: predictions, a model, a file, or this notebook; see Site.check."""
    with closing(Site()) as site:
        return site.check(work, case, features=features, hints=hints)


def submit(work: Work | None = None, case: str | None = None, *, note: str = "", wait: bool = True) -> Submission:
    """Hand in predictions, a fitted model, a file, or this notebook, and wait for the score; see Site.submit."""
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


def team(case: str | None = None, *, group: str | None = None, folder: str | Path | None = None) -> TeamFiles:
    """Bring the files of one's group here; what was changed here stays; see Site.team."""
    with closing(Site()) as site:
        return site.team(case, group=group, folder=folder)


def share(
    work: Work | None = None,
    case: str | None = None,
    *,
    note: str = "",
    group: str | None = None,
    folder: str | Path | None = None,
) -> Shared:
    """Share a file, or this notebook, with one's group as its next version; see Site.share."""
    with closing(Site()) as site:
        return site.share(work, case, note=note, group=group, folder=folder)


jupyter.watch()
