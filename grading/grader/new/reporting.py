"""What `grader new` tells: each column with its guess, the division, the ladder, what to look at and to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from grader.contract import Split
from grader.new.words import word
from grader.new.writing import Report
from grader.problems import Language, Problem

# The option that answers a notice; pages have a field of their own for it.
ANSWERS = {
    "new_after_name": "--ahead",
    "new_alone": "--ahead",
    "new_text_tells": "--drop",
    "new_group_both": "--group",
    "new_dated_shuffle": "--time",
}


def as_json(report: Report) -> dict[str, Any]:
    """The report in plain data; texts as codes with parameters, to be worded for the reader."""
    layout, division = report.layout, report.division
    return {
        "slug": report.pack.slug,
        "file": layout.table.name,
        "rows": {
            "train": len(division.train),
            "test": len(division.test),
            "public": int(division.public.sum()),
            "private": int((~division.public).sum()),
        },
        "split": {"kind": layout.split, "column": layout.splits_by.name if layout.splits_by else None},
        "by": list(division.by),
        "columns": [
            {
                "name": column.name,
                "alias": column.alias,
                "dtype": column.field.dtype,
                "role": column.role,
                "why": column.why,
                "missing": int(column.field.missing.sum()),
                "different": column.different,
            }
            for column in layout.columns
        ],
        "primary": report.pack.scoring.primary,
        "ladder": report.ladder,
        "notices": [problem.to_json() for problem in report.notices],
        "problems": [problem.to_json() for problem in report.problems],
        "gaps": [asdict(gap) for gap in report.gaps],
    }


def lines_of(report: Report, language: Language) -> Iterator[str]:
    """The report for people who read a terminal."""
    told = as_json(report)
    yield word("told_columns", language)
    yield from _columns(told["columns"], language)
    yield ""
    split = told["split"]
    yield word(f"told_{split['kind']}", language, column=str(split["column"]), **told["rows"])
    yield ""
    yield word("told_ladder", language)
    for baseline in report.pack.baselines:
        scores = report.ladder[baseline.key]
        yield f"  {baseline.label[language]}: {_figures(report, scores, language)}"
    if report.notices:
        yield ""
        yield word("told_notices", language)
        yield from (f"  ! {_noticed(problem, language)}" for problem in report.notices)
    yield ""
    yield word("told_gaps", language, count=len(report.gaps))
    yield from (f"  {gap.file}: {gap.what}" for gap in report.gaps if gap.language == language)


def _noticed(problem: Problem, language: Language) -> str:
    """The notice, and the option that answers it."""
    option = ANSWERS.get(problem.code)
    return f"{problem.text(language)} [{option} {problem.params['column']}]" if option else problem.text(language)


def _columns(columns: list[dict[str, Any]], language: Language) -> Iterator[str]:
    for column in columns:
        role = word(f"role_{column['role'] or 'none'}", language)
        kind = word(f"dtype_{column['dtype']}", language)
        why = word(column["why"], language)
        yield f"  {column['name']} ({column['alias']}): {kind} / {role} — {why}"


def _figures(report: Report, scores: dict[str, dict[str, float]], language: Language) -> str:
    parts = []
    for metric in report.pack.scoring.metrics:
        values = [f"{scores[split.value][metric.key]:,.{max(metric.digits, 0)}f}" for split in Split]
        parts.append(f"{metric.label[language]} {values[0]} / {values[1]}")
    return ", ".join(parts)
