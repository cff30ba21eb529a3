"""A Manabiai site as a learner's notebook uses it: data, check, submit, scores, board."""

import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from grader.contract import Kind
from manabiai import jupyter
from manabiai.checked import Checked
from manabiai.checking import Checker
from manabiai.connection import Connection
from manabiai.data import Data, Downloads
from manabiai.errors import ApiError, FormatError, ManabiaiError, SettingsError
from manabiai.places import Place, Places
from manabiai.progress import progress_for
from manabiai.records import Board, Measures, Scores, Submission
from manabiai.settings import Settings, cache_folder, clean_token, clean_url, config_path, find_settings, write_config
from manabiai.team import Shared, TeamFiles, TeamFolder
from manabiai.words import Language, default_language, say
from manabiai.work import CONTENT_TYPES, File, Work, file_of

FIRST_POLL, LONGEST_POLL = 0.15, 3.0
HINTS_SECONDS = 15.0


class Site:
    """One site, as the person whose token it is. Address and token: given, from the environment, or kept by login.

    ``case`` is ``"cohort/case"`` or ``"cohort/case/step"`` everywhere; where it is left out, the one that the folder
    belongs to, MANABIAI_CASE, or the only one there is. ``tell`` gets a line now and then while a submission waits;
    without it, a notebook shows a panel and a program prints.
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        language: Language | None = None,
        sleep: Callable[[float], None] = time.sleep,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self.language: Language = language or default_language()
        self.settings = find_settings(url=url, token=token, language=self.language)
        self._sleep = sleep
        self._tell = tell
        self._connection = Connection(self.settings, language=self.language, sleep=sleep)
        self._places = Places(self._connection, language=self.language)
        self._downloads = Downloads(self._connection, language=self.language, tell=tell or print)

    def me(self) -> dict[str, Any]:
        """Who the token belongs to, and what it may do."""
        told: dict[str, Any] = self._connection.get("me")
        return told

    def data(self, case: str | None = None, *, folder: str | Path | None = None) -> Data:
        """The case's files, each checked against its SHA-256: those delivered beside the notebook, else downloaded.

        What was downloaded once is not fetched again. With a ``folder`` they are downloaded there.
        """
        place = self._places.find(case)
        files = place.case["files"]
        target = Path(folder) if folder else self._downloads.delivered(files) or self._cache(place)
        return self._downloads.all_of(files, target)

    def check(
        self,
        work: Work | None = None,
        case: str | None = None,
        *,
        features: pd.DataFrame | None = None,
        hints: bool = True,
    ) -> Checked:
        """Check work here, by the same code as the site. Raises FormatError with every problem.

        ``work``: a DataFrame of predictions, a fitted scikit-learn model, or the path of a file; without it, this
        notebook. ``features``: the table that a model is trained on, searched for what isn't known in time; alone it
        is all that is checked. A program is run here to look for hints, where the case has some, unless ``hints`` is
        False; nothing else is run.
        """
        place = self._places.find(case)
        checker = self._checker(place)
        if work is None and features is not None:
            return checker.check_features(features)
        file = self._file(work)
        checked = checker.check(file)
        if hints:
            checked = replace(checked, hints=[*checked.hints, *checker.hints_on(file, checked.kind)])
        return checked if features is None else checker.check_features(features, after=checked)

    def submit(
        self,
        work: Work | None = None,
        case: str | None = None,
        *,
        note: str = "",
        wait: bool = True,
        timeout: float = 600,
    ) -> Submission:
        """Check, hand in and wait for the score. Without ``work`` this notebook is handed in, as it was last saved.

        A lost connection never hands in twice. Raises FormatError before anything is sent, ApiError when the site
        refuses.
        """
        place = self._places.find(case)
        file = self._file(work)
        checked = self._checker(place).check(file)
        told = self._send(place, file=file, kind=checked.kind or Kind.PREDICTIONS, note=note)
        submission = Submission.of(told, self._measures(place))
        return self.wait_for(submission, timeout=timeout) if wait else submission

    def wait_for(self, submission: Submission, *, timeout: float = 600) -> Submission:
        """Ask until the grading has ended, ever less often. Raises ManabiaiError after ``timeout`` seconds."""
        waited, pause, progress = 0.0, FIRST_POLL, progress_for(self._tell)
        try:
            while not submission.is_final:
                if waited >= timeout:
                    raise ManabiaiError(say("still_grading", self.language, id=submission.id))
                self._sleep(pause)
                waited, pause = waited + pause, min(pause * 1.5, LONGEST_POLL)
                told = self._connection.get(f"submissions/{submission.id}")
                submission = Submission.of(told, submission.measures)
                progress.note(submission, at=waited)
        finally:
            progress.end(submission, at=waited)
        return self._with_hints(submission)

    def _with_hints(self, submission: Submission) -> Submission:
        """The score is there; advice follows soon, or is not waited for."""
        waited, pause = 0.0, FIRST_POLL
        while submission.hints is None and waited < HINTS_SECONDS:
            self._sleep(pause)
            waited, pause = waited + pause, min(pause * 1.5, LONGEST_POLL)
            told = self._connection.get(f"submissions/{submission.id}")
            submission = Submission.of(told, submission.measures)
        return submission

    def scores(self, case: str | None = None) -> Scores:
        """One's own submissions (the team's where the step is by team), the latest first."""
        place = self._places.find(case)
        measures = self._measures(place)
        return Scores(
            [Submission.of(told, measures) for told in self._connection.pages(f"{place.step_path}/submissions")],
            measures,
        )

    def board(self, case: str | None = None, *, final: bool = False, page: int = 1) -> Board:
        """A page of the leaderboard; ``final`` by the final scores, which open when the step closes."""
        place = self._places.find(case)
        split = "private" if final else "public"
        told = self._connection.get(f"{place.step_path}/leaderboard", split=split, page=page)
        return Board.of(told, self._measures(place))

    def team(self, case: str | None = None, *, group: str | None = None, folder: str | Path | None = None) -> TeamFiles:
        """Bring the files that one's group shares into a folder; what was changed here is never overwritten.

        ``group``: its name; without it the project team, else the study group. ``folder``: ``team`` beside the
        notebook, of a study group ``study-group``.
        """
        return self._team_folder(case, group=group, folder=folder).bring()

    def share(
        self,
        work: Work | None = None,
        case: str | None = None,
        *,
        note: str = "",
        group: str | None = None,
        folder: str | Path | None = None,
    ) -> Shared:
        """Share a file with one's group as the next version of its name; without ``work`` this notebook, as last saved.

        Raises ManabiaiError where somebody has shared a later version that was not brought here.
        """
        return self._team_folder(case, group=group, folder=folder).share(self._file(work), note=note)

    def close(self) -> None:
        """Close the connections."""
        self._connection.close()

    # --- parts

    def _team_folder(self, case: str | None, *, group: str | None, folder: str | Path | None) -> TeamFolder:
        cohort = self._places.find(case).cohort
        return TeamFolder.of(cohort, self._connection, self._downloads, group=group, folder=folder)

    def _measures(self, place: Place) -> Measures:
        return Measures(place.case["scoring"], self.language)

    def _cache(self, place: Place) -> Path:
        """A folder for this site and these very data."""
        host = urlsplit(self.settings.url).netloc.replace(":", "_")
        return cache_folder() / host / f"{place.case['slug']}-{place.case['features_digest'][:16]}"

    def _checker(self, place: Place) -> Checker:
        return Checker(
            place.case,
            downloads=self._downloads,
            cache=self._cache(place),
            language=self.language,
            tell=self._tell or print,
        )

    def _file(self, work: Work | None) -> File:
        return file_of(jupyter.saved_notebook(self.language) if work is None else work, language=self.language)

    def _send(self, place: Place, *, file: File, kind: Kind, note: str) -> Any:
        try:
            return self._connection.post(
                f"{place.step_path}/submissions",
                key=str(uuid.uuid4()),
                data={"note": note},
                files={"file": (file.name, file.data, CONTENT_TYPES[kind])},
            )
        except ApiError as error:
            if error.code != "format":
                raise
            problems = [one["detail"] for one in error.problem.get("errors", [])]
            raise FormatError(say("format_refused", self.language), problems) from None


def login(url: str, token: str, *, language: Language | None = None) -> tuple[str, Path]:
    """Try the token and keep it for this user; returns the person's name and the file. Raises ApiError if refused."""
    spoken: Language = language or default_language()
    settings = Settings(clean_url(url, spoken), clean_token(token, spoken))
    site = Site(settings.url, settings.token, language=spoken)
    try:
        name = str(site.me()["name"])
    finally:
        site.close()
    try:
        return name, write_config(settings)
    except OSError as error:
        raise SettingsError(say("not_written", spoken, path=config_path(), detail=error.strerror)) from error
