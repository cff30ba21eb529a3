"""What the site tells of submissions and boards: readable in a terminal and in a notebook, and as a DataFrame."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pandas as pd

from manabiai import displays
from manabiai.displays import Column, Shown
from manabiai.words import Language, duration, say, table

MISSING = "–"
# Of a long log only the end is shown: there the error is.
LOG_LINES = 20


@dataclass(frozen=True)
class Measures:
    """The case's metrics: how their values are called and written."""

    scoring: Mapping[str, Any]
    language: Language

    @property
    def metrics(self) -> list[dict[str, Any]]:
        """The ranking metric first, the business value last."""
        primary = self.scoring["primary"]
        ordered = sorted(self.scoring["metrics"], key=lambda metric: metric["key"] != primary)
        return [*ordered, *([self.scoring["business"]] if self.scoring.get("business") else [])]

    def label(self, metric: Mapping[str, Any]) -> str:
        return str(metric["label"][self.language])

    def show(self, metric: Mapping[str, Any], values: Mapping[str, float] | None) -> str:
        """The value with its digits and unit, or a dash."""
        if not values or metric["key"] not in values:
            return MISSING
        number = f"{values[metric['key']]:,.{max(0, metric['digits'])}f}"
        unit = (metric.get("unit") or {}).get(self.language, "")
        return f"{number} {unit}".rstrip()


@dataclass(frozen=True, repr=False)
class Submission(Shown):
    """A submission and what became of it. ``public`` and ``private``: scores by key, None where not (yet) known.

    ``position`` in the queue and ``expected_seconds`` until the score are None when it does not wait. ``log``: what a
    program printed on the public sample. ``hints``: advice on a scored model or program, None while it is looked for.
    """

    id: int
    kind: str
    state: str
    is_final: bool
    created_at: datetime
    file_name: str
    note: str
    is_picked: bool
    public: dict[str, float] | None
    private: dict[str, float] | None
    problems: list[str]
    notices: list[str]
    hints: list[str] | None
    position: int | None
    expected_seconds: int | None
    log: str = field(repr=False)
    measures: Measures = field(repr=False)

    @classmethod
    def of(cls, told: Mapping[str, Any], measures: Measures) -> "Submission":
        queue = told["queue"] or {}
        return cls(
            **{name: told[name] for name in ("id", "kind", "state", "is_final", "note", "is_picked", "log")},
            created_at=datetime.fromisoformat(told["created_at"]).astimezone(),
            file_name=told["file"]["name"],
            public=told["scores"].get("public"),
            private=told["scores"].get("private"),
            problems=[problem["detail"] for problem in told["problems"]],
            notices=[notice["detail"] for notice in told["notices"]],
            hints=_words(told.get("hints", [])),
            position=queue.get("position"),
            expected_seconds=queue.get("expected_seconds"),
            measures=measures,
        )

    @property
    def is_scored(self) -> bool:
        return self.state == "scored"

    @property
    def waiting(self) -> str:
        """How it waits, in a line: state, place in the queue, expected time until the score; empty once it ended."""
        language = self.measures.language
        if self.is_final:
            return ""
        if self.position is None or self.expected_seconds is None:
            return self.headline
        expected = duration(self.expected_seconds, language)
        return f"{self.headline}{say('queue', language, position=self.position, expected=expected)}"

    def __str__(self) -> str:
        lines = [self.waiting or self.headline]
        lines += [f"  {self.measures.label(one)}: {self.measures.show(one, self.public)}" for one in self._shown()]
        lines += [f"- {text}" for text in [*self.problems, *self.notices]]
        lines += [say("hint", self.measures.language, text=text) for text in self.hints or []]
        return "\n".join([*lines, *self._log_lines()])

    def html(self) -> str:
        language = self.measures.language
        parts = [displays.line(self.waiting or self.headline, strong=True)]
        if self.public:
            columns = [Column(say("head_metric", language)), Column(say("provisional", language), is_number=True)]
            rows = [((self.measures.label(one), self.measures.show(one, self.public)), False) for one in self._shown()]
            parts.append(displays.table(self.file_name, columns, rows))
        parts.append(displays.bullets("", [*self.problems, *self.notices]))
        parts.append(displays.bullets(say("hints", language), self.hints or []))
        head, *log = self._log_lines() or [""]
        return displays.panel(language, *parts, displays.printed(head, "\n".join(log)))

    @property
    def headline(self) -> str:
        """Its number and its state."""
        language = self.measures.language
        return say("headline", language, id=self.id, state=say(f"state_{self.state}", language))

    def _log_lines(self) -> list[str]:
        """The end of the log, where something went wrong."""
        printed = self.log.splitlines()
        if not printed or not self.is_final or self.is_scored:
            return []
        return [say("head_log", self.measures.language), *(f"  {line}" for line in printed[-LOG_LINES:])]

    def _shown(self) -> list[dict[str, Any]]:
        return self.measures.metrics if self.public else []


def _words(problems: list[dict[str, Any]] | None) -> list[str] | None:
    return None if problems is None else [problem["detail"] for problem in problems]


class Scores(Shown, list[Submission]):
    """One's own submissions, the latest first."""

    def __init__(self, submissions: list[Submission], measures: Measures) -> None:
        super().__init__(submissions)
        self.measures = measures

    def frame(self) -> pd.DataFrame:
        """A row for each; columns of final scores begin with ``private_``."""
        return pd.DataFrame([self._record(one) for one in self])

    def _record(self, one: Submission) -> dict[str, object]:
        final = {f"private_{key}": value for key, value in (one.private or {}).items()}
        shown = {"id": one.id, "created_at": one.created_at, "state": one.state, "kind": one.kind}
        return {
            **shown,
            "file": one.file_name,
            "note": one.note,
            "picked": one.is_picked,
            **(one.public or {}),
            **final,
        }

    def __str__(self) -> str:
        if not self:
            return say("nothing_yet", self.measures.language)
        return table([column.head for column in self._columns()], list(self._rows()))

    def html(self) -> str:
        language = self.measures.language
        if not self:
            return displays.panel(language, displays.line(say("nothing_yet", language)))
        rows = [(row, one.is_picked) for row, one in zip(self._rows(), self, strict=True)]
        return displays.panel(language, displays.table(say("own_scores", language), self._columns(), rows))

    @property
    def _is_closed(self) -> bool:
        return any(one.private for one in self)

    def _columns(self) -> list[Column]:
        language = self.measures.language
        labels = [self.measures.label(one) for one in self.measures.metrics]
        final = [say("final", language, label=label) for label in labels] if self._is_closed else []
        return [
            *(Column(say(f"head_{name}", language)) for name in ("id", "time", "state")),
            *(Column(label, is_number=True) for label in [*labels, *final]),
            Column(say("head_picked", language)),
            Column(say("head_note", language), is_prose=True),
        ]

    def _rows(self) -> Iterator[list[str]]:
        for one in self:
            splits = [one.public, one.private] if self._is_closed else [one.public]
            values = [self.measures.show(metric, split) for split in splits for metric in self.measures.metrics]
            state = say(f"state_{one.state}", self.measures.language)
            picked = "✓" if one.is_picked else ""
            yield [str(one.id), f"{one.created_at:%Y-%m-%d %H:%M}", state, *values, picked, one.note]


@dataclass(frozen=True, repr=False)
class Board(Shown):
    """A page of the leaderboard. ``rows``, ``own`` and ``baselines`` are as the API tells them."""

    split: str
    rows: list[dict[str, Any]]
    own: dict[str, Any] | None
    baselines: list[dict[str, Any]]
    total: int
    page: int
    pages: int
    measures: Measures = field(repr=False)

    @classmethod
    def of(cls, told: Mapping[str, Any], measures: Measures) -> "Board":
        same = {name: told[name] for name in ("split", "baselines", "total", "page", "pages")}
        return cls(rows=told["items"], own=told.get("own"), measures=measures, **same)

    def frame(self) -> pd.DataFrame:
        """A row for each place of this page."""
        names = ("place", "name", "submissions", "is_own")
        return pd.DataFrame([{**{name: row[name] for name in names}, **row["values"]} for row in self.rows])

    def __str__(self) -> str:
        return f"{table([column.head for column in self._columns()], [row for row, _ in self._lines()])}\n{self._foot}"

    def html(self) -> str:
        language = self.measures.language
        caption = say("board_final" if self.split == "private" else "board_provisional", language)
        shown = displays.table(caption, self._columns(), self._lines())
        return displays.panel(language, shown, displays.line(self._foot))

    @property
    def _foot(self) -> str:
        return say("board_page", self.measures.language, total=self.total, page=self.page, pages=self.pages)

    def _columns(self) -> list[Column]:
        language = self.measures.language
        labels = [self.measures.label(one) for one in self.measures.metrics]
        return [
            Column(say("head_place", language), is_number=True),
            Column(say("head_name", language), is_prose=True),
            *(Column(label, is_number=True) for label in [*labels, say("head_submissions", language)]),
        ]

    def _lines(self) -> Iterator[tuple[list[str], bool]]:
        """The places, one's own from another page, the baselines; each with whether it is one's own."""
        language = self.measures.language
        elsewhere = [self.own] if self.own and not any(row["is_own"] for row in self.rows) else []
        for row in [*self.rows, *elsewhere]:
            name = say("own", language, name=row["name"]) if row["is_own"] else row["name"]
            yield [str(row["place"]), name, *self._values(row), str(row["submissions"])], bool(row["is_own"])
        for row in self.baselines:
            yield ["", say("baseline", language, label=row["label"][language]), *self._values(row), ""], False

    def _values(self, row: Mapping[str, Any]) -> list[str]:
        return [self.measures.show(metric, row["values"]) for metric in self.measures.metrics]
