"""Checks work as the site does, and looks for leaks: for every kind in one go, on this machine."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from grader.contract import Kind
from grader.csvfile import Predictions, SubmissionRejected, read_predictions
from grader.kinds import KINDS, SubmissionKind, kind_of
from grader.pack.build import read_ids
from grader.pack.handin import HandInRules
from grader.pack.hints import spec_of_programs
from manabiai import leaks
from manabiai.advice import PROGRAMS, NotLookedAt, hints_here
from manabiai.checked import Checked
from manabiai.data import Downloads
from manabiai.errors import FormatError
from manabiai.leaks import CaseColumns, Sign
from manabiai.words import Language, say
from manabiai.work import File


class Checker:
    """Checks work for one case, which is as the site's API tells it."""

    def __init__(
        self,
        case: Mapping[str, Any],
        *,
        downloads: Downloads,
        cache: Path,
        language: Language,
        tell: Callable[[str], None],
    ) -> None:
        self._case = case
        self._rules = HandInRules.from_json(case)
        self._columns = CaseColumns.of(case)
        self._downloads = downloads
        self._cache = cache
        self._language: Language = language
        self._tell = tell

    def check(self, file: File) -> Checked:
        """The file, executing nothing. Raises FormatError with everything that is wrong with it."""
        try:
            kind = kind_of(file_name=file.name, data=file.data, pack=self._rules)
            kind.check(file.data, self._rules)
            return self._checked_program(kind, file) if kind.is_executed else self._checked_rows(file)
        except SubmissionRejected as rejected:
            problems = [problem.text(self._language) for problem in rejected.problems]
            raise FormatError(say("format_refused", self._language), problems) from None

    def check_features(self, frame: pd.DataFrame, *, after: Checked | None = None) -> Checked:
        """A table that a model is trained on; the hints are added to those of an earlier check."""
        hints = self._said(leaks.in_features(frame, self._columns, horizon=self._horizon()))
        if after is not None:
            return replace(after, hints=[*after.hints, *hints])
        key = "features_hinted" if hints else "features_checked"
        return self._checked(None, say(key, self._language, count=len(frame.columns)), hints=hints)

    def hints_on(self, file: File, kind: Kind | None) -> list[str]:
        """Advice on a program's method: it is run here, on the case's files, where the case says what to look for."""
        spec = spec_of_programs(self._rules) if kind in PROGRAMS else None
        if kind is None or spec is None:
            return []
        seconds = KINDS[kind].run_limits(self._rules).seconds
        self._tell(say("looking", self._language, seconds=seconds))
        told = self._case["files"]
        aliases = {one["name"]: {column["name"]: column["alias"] for column in one["columns"]} for one in told}
        rules = {"spec": spec, "aliases": aliases}
        files = [self._path(one) for one in told]
        try:
            found = hints_here(file.data, kind=kind, rules=rules, files=files, seconds=seconds)
        except NotLookedAt as reason:
            self._tell(say("not_looked_at", self._language, reason=reason))
            return []
        return [hint.text(self._language) for hint in found]

    def _checked_program(self, kind: SubmissionKind, file: File) -> Checked:
        summary = say("checked_model", self._language, kind=kind.label)
        return self._checked(kind.kind, summary, hints=self._said(leaks.in_model(file.inputs, self._columns)))

    def _checked_rows(self, file: File) -> Checked:
        predictions = self._read(file)
        rows = len(predictions.values)
        notices = [notice.text(self._language) for notice in predictions.notices]
        names = [column.name for column in self._rules.submission.columns]
        hints = self._said(leaks.in_predictions(predictions.values, names))
        summary = say("checked", self._language, rows=rows)
        return self._checked(Kind.PREDICTIONS, summary, rows=rows, notices=notices, hints=hints)

    def _checked(
        self,
        kind: Kind | None,
        summary: str,
        *,
        hints: list[str],
        rows: int | None = None,
        notices: Iterable[str] = (),
    ) -> Checked:
        return Checked(kind, rows, list(notices), summary, hints, self._language)

    def _said(self, signs: Iterable[Sign]) -> list[str]:
        return [say(sign.key, self._language, **sign.params) for sign in signs]

    def _read(self, file: File) -> Predictions:
        sample = self._file(self._rules.submission.sample)
        ids = read_ids(self._path(sample), column=self._rules.submission.id.name)
        return read_predictions(file.data, pack=self._rules, ids=ids)

    def _horizon(self) -> int:
        """How many days are to be predicted; 0 where the case has none."""
        for file in self._case["files"]:
            times = [column["name"] for column in file["columns"] if column["role"] == "time"]
            if file["part"] == "test" and times:
                return int(pd.read_csv(self._path(file), usecols=times[:1])[times[0]].nunique())
        return 0

    def _file(self, name: str) -> Mapping[str, Any]:
        (file,) = (one for one in self._case["files"] if one["name"] == name)
        return dict(file)

    def _path(self, file: Mapping[str, Any]) -> Path:
        return self._downloads.fetch(file, self._downloads.delivered([file]) or self._cache)
