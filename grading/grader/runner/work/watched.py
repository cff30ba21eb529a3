"""Runs a program once more, watched, to give advice on its method. Nothing of it decides on a score.

Where the case looks for the future in features, the program runs a second time on files whose later days were
changed, and, if something moved, a third time unchanged: what differs by itself is no finding.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from grader.runner.work import findings
from grader.runner.work.findings import Finding, Table
from grader.runner.work.recording import Notes, recording

CHANGED = Path("changed")
# Of the file's days, the last part is changed.
KEPT_SHARE = 0.8

# Runs the program on the files in the working folder's "data".
Program = Callable[[], None]


def look(program: Program, spec: dict[str, Any], *, seconds: float) -> list[Finding]:
    """What can be said of the program's method; the working folder has the case's files in ``data``."""
    began = time.monotonic()
    notes, took = _passed(program)
    table = Table(pd.read_csv(f"data/{spec['table']}"), spec)
    found = [each for hint in spec["look_for"] if hint != "future" for each in _found(hint, notes, table, spec)]
    if "future" in spec["look_for"] and notes.fits:
        left = seconds - (time.monotonic() - began)
        with suppress(Exception, SystemExit):  # no room for changed files, or a program that they don't suit
            found = _future(program, notes, spec, left=left, took=took) + found
    return found


def _found(hint: str, notes: Notes, table: Table, spec: dict[str, Any]) -> list[Finding]:
    if hint == "single_feature":
        return findings.first_of(
            ({**each, "target": spec["target"]} for each in findings.single_features(notes, table)), most=3
        )
    if hint == "fit_before_split":
        return findings.first_of(findings.early_fits(notes, table))
    if hint == "time_folds" and spec["time"]:
        return findings.first_of(findings.folds_in_time(notes, table, spec["time"]))
    if hint == "group_folds":
        each_group = (findings.first_of(findings.groups_in_folds(notes, table, group)) for group in spec["groups"])
        return [finding for found in each_group for finding in found]
    return []


def _future(program: Program, notes: Notes, spec: dict[str, Any], *, left: float, took: float) -> list[Finding]:
    if 1.5 * took > left or not _change_later_days(spec):
        return []
    began = time.monotonic()
    changed, _ = _passed(program, folder=CHANGED)
    moved = findings.moved_by_the_future(notes, changed)
    if not moved or 1.5 * took > left - (time.monotonic() - began):
        return []
    again, _ = _passed(program)
    names = sorted(findings.steady(moved, notes, again))
    if not names:
        return []
    more = ["…"] if len(names) > findings.MOST_NAMED else []
    shown = ", ".join([*names[: findings.MOST_NAMED], *more])
    return [{"code": "hint_future", "columns": shown, "target": spec["target"]}]


def _passed(program: Program, folder: Path = Path()) -> tuple[Notes, float]:
    """Notes of one run in the folder, and its seconds."""
    home = Path.cwd()
    began = time.monotonic()
    random.seed(0)
    np.random.seed(0)
    os.chdir(folder)
    try:
        with recording() as notes:
            program()
    finally:
        os.chdir(home)
    return notes, time.monotonic() - began


def _change_later_days(spec: dict[str, Any]) -> bool:
    """Write the files anew, with other numbers in the last days; whether anything was changed."""
    days = pd.to_datetime(pd.read_csv(f"data/{spec['table']}", usecols=[spec["time"]])[spec["time"]], errors="coerce")
    since = days.quantile(KEPT_SHARE)
    if pd.isna(since):
        return False
    (CHANGED / "data").mkdir(parents=True)
    found = False
    for name in sorted(path.name for path in Path("data").iterdir()):
        target = CHANGED / "data" / name
        if (rules := spec["changing"].get(name)) and _rewrite(f"data/{name}", target, rules, since):
            found = True
        else:
            shutil.copyfile(Path("data", name), target)
        (CHANGED / name).hardlink_to(target)
    return found


def _rewrite(source: str, target: Path, rules: dict[str, Any], since: pd.Timestamp) -> bool:
    """The file with other numbers after the day, row by row others; empty cells and marks of 0 and 1 stay."""
    frame = pd.read_csv(source, dtype=str, keep_default_na=False)
    later = (pd.to_datetime(frame[rules["time"]], errors="coerce") > since).to_numpy()
    rng = np.random.default_rng(20_260_401)
    changed = [_change(frame, name, later, rng) for name in rules["numbers"]]
    if not any(changed):
        return False
    frame.to_csv(target, index=False, lineterminator="\n")
    return True


def _change(frame: pd.DataFrame, name: str, later: Any, rng: np.random.Generator) -> bool:
    cells = frame[name]
    here = later & (cells != "").to_numpy()
    numbers = pd.to_numeric(cells[here], errors="coerce")
    if numbers.isna().any() or not len(numbers) or set(numbers.unique()) <= {0, 1}:
        return False
    is_whole = not cells[here].str.contains(".", regex=False).any()
    factors = rng.integers(1, 8, len(numbers))
    new = numbers.to_numpy() + (factors if is_whole else factors * (numbers.abs().mean() / 4 + 0.01))
    texts = [f"{value:.0f}" for value in new] if is_whole else [f"{value:.6g}" for value in new]
    frame.loc[here, name] = texts
    return True


def silence() -> None:
    """What a watched program prints has been shown already, or never will be."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    os.close(nothing)


def told(found: list[Finding]) -> Iterator[Finding]:
    """Findings in plain JSON, their texts cut short."""
    for finding in found:
        yield {name: value[:120] if isinstance(value, str) else value for name, value in finding.items()}
