"""What the draft's page shows of its proof and of the guesses: for the reader, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from campus.cases.authoring.words import CHECKS, reader_language, worded
from campus.cases.models import CaseDraft
from campus.cases.queries import BaselineRow
from grader.new.words import word


@dataclass(frozen=True)
class CheckLine:
    """A check in words. problems: None where it could not be tried."""

    label: str | Promise
    problems: list[str] | None


@dataclass(frozen=True)
class Rung:
    """A baseline with its scores by split, in the order of the metrics."""

    label: dict[str, str]
    is_trivial: bool
    public: Mapping[str, float]
    private: Mapping[str, float]


@dataclass(frozen=True)
class GuessLine:
    """A column of the table: what was guessed, and why."""

    name: str
    alias: str
    kind: str
    role: str
    why: str
    missing: int


def checks_of(draft: CaseDraft) -> list[CheckLine]:
    """Each check of the last proof by name."""
    found = (draft.proof or {}).get("checks", [])
    return [
        CheckLine(CHECKS.get(one["name"], one["name"]), None if one["problems"] is None else worded(one["problems"]))
        for one in found
    ]


def ladder_of(draft: CaseDraft, manifest: Mapping[str, Any]) -> list[Rung]:
    """The baselines with their scores, the worst by the primary score first."""
    scores = (draft.proof or {}).get("ladder", {})
    primary = next(one for one in manifest["scoring"]["metrics"] if one["key"] == manifest["scoring"]["primary"])
    sign = -1 if primary["direction"] == "lower" else 1
    rungs = [
        Rung(one["label"], one.get("trivial", False), scores[one["key"]]["public"], scores[one["key"]]["private"])
        for one in manifest["baselines"]
        if one["key"] in scores
    ]
    return sorted(rungs, key=lambda rung: sign * rung.public[primary["key"]])


def provisional(rungs: list[Rung]) -> list[BaselineRow]:
    """The baselines as learners see them: best first, without final scores."""
    return [BaselineRow(rung.label, dict(rung.public)) for rung in reversed(rungs)]


def guesses_of(draft: CaseDraft) -> list[GuessLine]:
    """The columns of the table that the draft began from."""
    language = reader_language()
    return [
        GuessLine(
            name=one["name"],
            alias=one["alias"],
            kind=word(f"dtype_{one['dtype']}", language),
            role=word(f"role_{one['role'] or 'none'}", language),
            why=word(one["why"], language),
            missing=one["missing"],
        )
        for one in (draft.report or {}).get("columns", [])
    ]


def division_of(draft: CaseDraft) -> str:
    """How the rows of the table were divided, in words; empty for an uploaded pack."""
    if not draft.report:
        return ""
    split = draft.report["split"]
    return word(f"told_{split['kind']}", reader_language(), column=split["column"], **draft.report["rows"])


def notices_of(draft: CaseDraft) -> list[str]:
    """What was noticed in the table."""
    return worded((draft.report or {}).get("notices", []))
