"""A Manabiai site as a learner's notebook uses it: data, check, submit, scores, board."""

import hashlib
import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import urlsplit

from grader.contract import Kind
from grader.csvfile import Predictions, SubmissionRejected, read_predictions
from grader.kinds import KINDS, SubmissionKind, kind_of
from grader.pack.build import read_ids
from grader.pack.handin import HandInRules
from grader.pack.hints import spec_of_programs
from manabiai.advice import PROGRAMS, hints_here
from manabiai.connection import Connection
from manabiai.errors import ApiError, DownloadFailed, FormatError, ManabiaiError, SettingsError
from manabiai.progress import Progress
from manabiai.records import Board, Data, Measures, Scores, Submission
from manabiai.settings import Settings, cache_folder, clean_url, find_settings, write_config
from manabiai.words import Language, default_language, say
from manabiai.work import CONTENT_TYPES, File, Work, file_of

FIRST_POLL, LONGEST_POLL = 0.15, 3.0
HINTS_SECONDS = 15.0


@dataclass(frozen=True)
class Place:
    """A case in a cohort, and its graded step."""

    cohort: str
    case: Mapping[str, Any]
    step: str

    @property
    def case_path(self) -> str:
        return f"cohorts/{self.cohort}/cases/{self.case['slug']}"

    @property
    def step_path(self) -> str:
        return f"{self.case_path}/steps/{self.step}"


@dataclass(frozen=True)
class Checked:
    """A file that the site will accept. Of predictions: how many rows, and what was put right while reading.

    ``hints``: advice on the method of a program, which costs nothing.
    """

    kind: Kind
    rows: int | None
    notices: list[str]
    summary: str
    hints: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return "\n".join([self.summary, *(f"- {text}" for text in [*self.notices, *self.hints])])


class Site:
    """One site, as the person whose token it is. Address and token: given, from the environment, or kept by login.

    ``case`` is ``"cohort/case"`` or ``"cohort/case/step"`` everywhere; MANABIAI_CASE, or the only one there is, where
    it is left out. While a submission waits, ``tell`` gets a line on its place in the queue now and then.
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        language: Language | None = None,
        sleep: Callable[[float], None] = time.sleep,
        tell: Callable[[str], None] = print,
    ) -> None:
        self.language: Language = language or default_language()
        self.settings = find_settings(url=url, token=token, language=self.language)
        self._sleep = sleep
        self._tell = tell
        self._connection = Connection(self.settings, language=self.language, sleep=sleep)
        self._places: dict[str, Place] = {}

    def me(self) -> dict[str, Any]:
        """Who the token belongs to, and what it may do."""
        told: dict[str, Any] = self._connection.get("me")
        return told

    def data(self, case: str | None = None, *, folder: str | Path | None = None) -> Data:
        """Download the case's files, each checked against its SHA-256; what is there already is not fetched again."""
        place = self._place(case)
        target = Path(folder) if folder else self._folder(place)
        return Data({file["name"]: self._fetch(file, target) for file in place.case["files"]}, target)

    def check(self, work: Work, case: str | None = None, *, hints: bool = True) -> Checked:
        """Check work here, by the same code as the site. Raises FormatError with every problem.

        ``work``: the path of a file, a DataFrame of predictions, or a fitted scikit-learn model. A program is run here
        to look for hints, where the case has some, unless ``hints`` is False; nothing else is run.
        """
        file, place = file_of(work, language=self.language), self._place(case)
        checked = self._check(file, place)
        return replace(checked, hints=self._hints(file, checked.kind, place)) if hints else checked

    def _hints(self, file: File, kind: Kind, place: Place) -> list[str]:
        rules = HandInRules.from_json(place.case)
        spec = spec_of_programs(rules) if kind in PROGRAMS else None
        if spec is None:
            return []
        seconds = KINDS[kind].run_limits(rules).seconds
        self._tell(say("looking", self.language, seconds=seconds))
        files = [self._fetch(one, self._folder(place)) for one in place.case["files"]]
        found = hints_here(file.data, kind=kind, spec=spec, files=files, seconds=seconds)
        return [say("hint", self.language, text=hint.text(self.language)) for hint in found]

    def submit(
        self, work: Work, case: str | None = None, *, note: str = "", wait: bool = True, timeout: float = 600
    ) -> Submission:
        """Check, hand in and wait for the score. A lost connection never hands in twice.

        Raises FormatError before anything is sent, ApiError when the site refuses.
        """
        place = self._place(case)
        file = file_of(work, language=self.language)
        checked = self._check(file, place)
        told = self._send(place, file=file, kind=checked.kind, note=note)
        submission = Submission.of(told, self._measures(place))
        return self.wait_for(submission, timeout=timeout) if wait else submission

    def wait_for(self, submission: Submission, *, timeout: float = 600) -> Submission:
        """Ask until the grading has ended, ever less often. Raises ManabiaiError after ``timeout`` seconds."""
        waited, pause, progress = 0.0, FIRST_POLL, Progress(self._tell)
        while not submission.is_final:
            if waited >= timeout:
                raise ManabiaiError(say("still_grading", self.language, id=submission.id))
            self._sleep(pause)
            waited, pause = waited + pause, min(pause * 1.5, LONGEST_POLL)
            told = self._connection.get(f"submissions/{submission.id}")
            submission = Submission.of(told, submission.measures)
            progress.note(submission, at=waited)
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
        place = self._place(case)
        measures = self._measures(place)
        return Scores(
            [Submission.of(told, measures) for told in self._pages(f"{place.step_path}/submissions")], measures
        )

    def board(self, case: str | None = None, *, final: bool = False, page: int = 1) -> Board:
        """A page of the leaderboard; ``final`` by the final scores, which open when the step closes."""
        place = self._place(case)
        split = "private" if final else "public"
        told = self._connection.get(f"{place.step_path}/leaderboard", split=split, page=page)
        return Board.of(told, self._measures(place))

    def close(self) -> None:
        """Close the connections."""
        self._connection.close()

    # --- which case

    def _place(self, case: str | None) -> Place:
        wanted = case or os.environ.get("MANABIAI_CASE") or ""
        if wanted not in self._places:
            self._places[wanted] = self._named_place(wanted) if wanted else self._only_place()
        return self._places[wanted]

    def _named_place(self, wanted: str) -> Place:
        cohort, *rest = parts = wanted.strip("/").split("/")
        if not 2 <= len(parts) <= 3 or not all(part.replace("-", "").replace("_", "").isalnum() for part in parts):
            raise SettingsError(say("bad_place", self.language, place=wanted))
        case = self._connection.get(f"cohorts/{cohort}/cases/{rest[0]}")
        return Place(cohort, case, self._step(case, rest[1] if len(rest) > 1 else None))

    def _step(self, case: Mapping[str, Any], key: str | None) -> str:
        """The graded step of that key; without one, the open step that closes first, else the last."""
        graded = [step for step in case["steps"] if step["is_graded"]]
        if key is not None:
            graded = [step for step in graded if step["key"] == key]
        if not graded:
            raise SettingsError(say("no_step", self.language, case=case["slug"], step=key or ""))
        still_open = [step for step in graded if step["state"] == "open"]
        chosen = min(still_open, key=lambda step: step["closes_at"]) if still_open else graded[-1]
        return str(chosen["key"])

    def _only_place(self) -> Place:
        names = [
            f"{cohort['slug']}/{case['slug']}"
            for cohort in self._pages("cohorts")
            for case in self._connection.get(f"cohorts/{cohort['slug']}/cases")
            if any(step["is_graded"] for step in case["steps"])
        ]
        if not names:
            raise SettingsError(say("no_case", self.language))
        if len(names) > 1:
            raise SettingsError(say("which_case", self.language, choices=", ".join(names)))
        return self._named_place(names[0])

    def _pages(self, path: str) -> Iterator[dict[str, Any]]:
        page = pages = 1
        while page <= pages:
            told = self._connection.get(path, page=page, per_page=100)
            yield from told["items"]
            page, pages = page + 1, told["pages"]

    def _measures(self, place: Place) -> Measures:
        return Measures(place.case["scoring"], self.language)

    # --- files

    def _folder(self, place: Place) -> Path:
        """A folder for this site and these very data."""
        host = urlsplit(self.settings.url).netloc.replace(":", "_")
        return cache_folder() / host / f"{place.case['slug']}-{place.case['features_digest'][:16]}"

    def _fetch(self, file: Mapping[str, Any], folder: Path) -> Path:
        name = file["name"]
        if PurePath(name).name != name or name.startswith("."):
            raise DownloadFailed(say("bad_name", self.language, name=name))
        target = folder / name
        if not (target.is_file() and _digest(target) == file["sha256"]):
            folder.mkdir(parents=True, exist_ok=True)
            self._download(file, target)
        return target

    def _download(self, file: Mapping[str, Any], target: Path) -> None:
        """Write beside the target and move it there once its digest is right."""
        part = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
        try:
            with self._connection.download(file["url"]) as response, part.open("wb") as out:
                for chunk in response.iter_bytes():
                    out.write(chunk)
            if _digest(part) != file["sha256"]:
                raise DownloadFailed(say("digest_differs", self.language, name=target.name))
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)

    # --- work

    def _check(self, file: File, place: Place) -> Checked:
        rules = HandInRules.from_json(place.case)
        try:
            kind = kind_of(file_name=file.name, data=file.data, pack=rules)
            kind.check(file.data, rules)
            return self._checked_model(kind) if kind.is_executed else self._checked_rows(file, place, rules)
        except SubmissionRejected as rejected:
            raise self._format_error([problem.text(self.language) for problem in rejected.problems]) from None

    def _checked_model(self, kind: SubmissionKind) -> Checked:
        return Checked(kind.kind, None, [], say("checked_model", self.language, kind=kind.label))

    def _checked_rows(self, file: File, place: Place, rules: HandInRules) -> Checked:
        predictions = self._read(file, place, rules)
        rows = len(predictions.values)
        notices = [notice.text(self.language) for notice in predictions.notices]
        return Checked(Kind.PREDICTIONS, rows, notices, say("checked", self.language, rows=rows))

    def _read(self, file: File, place: Place, rules: HandInRules) -> Predictions:
        sample = next(one for one in place.case["files"] if one["name"] == rules.submission.sample)
        ids = read_ids(self._fetch(sample, self._folder(place)), column=rules.submission.id.name)
        return read_predictions(file.data, pack=rules, ids=ids)

    def _format_error(self, problems: list[str]) -> FormatError:
        return FormatError(say("format_refused", self.language), problems)

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
            raise self._format_error([one["detail"] for one in error.problem.get("errors", [])]) from None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def login(url: str, token: str, *, language: Language | None = None) -> tuple[str, Path]:
    """Try the token and keep it for this user; returns the person's name and the file. Raises ApiError if refused."""
    spoken: Language = language or default_language()
    settings = Settings(clean_url(url, spoken), token.strip())
    site = Site(settings.url, settings.token, language=spoken)
    try:
        name = str(site.me()["name"])
    finally:
        site.close()
    return name, write_config(settings)
