"""Puts a new pack together: its files, then its proof."""

from __future__ import annotations

import re
import secrets
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from grader.checks import prove_build
from grader.contract import Scores
from grader.new import manifest as plan
from grader.new.baselines import boosted, constant
from grader.new.cells import Field, Rows
from grader.new.gaps import Gap, gaps_of
from grader.new.leaks import find_leaks
from grader.new.measures import measures_for
from grader.new.roles import Layout, lay_out
from grader.new.splitting import Division, divide
from grader.new.starters import NAME, starter
from grader.new.story import story_en, story_ja
from grader.new.table import read_table
from grader.new.toml import to_toml
from grader.new.wishes import Column, Wishes
from grader.pack import Pack, PackError, load_pack
from grader.pack.generation import build_pack
from grader.pack.sealed import DATA
from grader.problems import Problem

BITS = 128
MOST_SPOILT_ROWS = 20_000  # of a sample that is refused
LONGEST_NAME = 50
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# What a public repository must not hold: the truth, and what was measured by it.
IGNORED = "data/truth/\ndata/baselines/\nsamples/\n"


@dataclass(frozen=True, eq=False)
class Report:
    """What became of the table. ladder: scores of each baseline by split. problems: what `grader check` finds."""

    folder: Path
    pack: Pack
    layout: Layout
    division: Division
    notices: tuple[Problem, ...]
    ladder: dict[str, Scores]
    gaps: tuple[Gap, ...]
    problems: tuple[Problem, ...]


def make_pack(data: bytes, *, name: str, folder: Path, wishes: Wishes, seed: int | None = None) -> Report:
    """Make the pack ``folder`` (new or empty) of the table in ``data``; the folder's name is the case's.

    seed: what is drawn follows from it; without one from a fresh secret that is kept nowhere. Raises PackError, and
    FileExistsError where the folder holds something. Nothing half made stays behind.
    """
    folder = Path(folder)
    _check_name(folder.resolve().name)
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(str(folder))
    chance = np.random.default_rng(secrets.randbits(BITS) if seed is None else seed)
    layout = lay_out(read_table(data, name=name), wishes)
    division = divide(layout, horizon=wishes.horizon, chance=chance)
    layout = layout.with_roles(*find_leaks(layout, division))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as temporary:
        made = Path(temporary) / folder.name
        _write(made, layout, division, wishes)
        report = _proven(made, Path(temporary) / "build", layout, division)
        if folder.exists():
            folder.rmdir()
        made.rename(folder)
    return replace(report, folder=folder)


def _write(folder: Path, layout: Layout, division: Division, wishes: Wishes) -> None:
    for part in ("public", "truth", "baselines"):
        (folder / DATA / part).mkdir(parents=True)
    (folder / DATA / "truth").chmod(0o700)
    measures = measures_for(layout.target, wanted=wishes.metric)
    ids = _ids(layout, division)
    answers = {
        "constant": np.full(len(division.test), constant(layout, division, measures[0])),
        "boosting": boosted(layout, division, measures[0]),
    }
    _write_data(folder / DATA, layout, division, ids, answers)
    _write_samples(folder / "samples", layout, ids, answers)
    manifest = plan.manifest_of(layout, division, measures, wishes, slug=folder.name)
    (folder / "case.toml").write_text(to_toml(manifest), encoding="utf-8")
    (folder / "story.ja.md").write_text(story_ja(layout, division, measures[0]), encoding="utf-8")
    (folder / "story.en.md").write_text(story_en(layout, division, measures[0]), encoding="utf-8")
    for language in ("ja", "en"):
        (folder / "starters" / language).mkdir(parents=True)
        (folder / "starters" / language / NAME).write_text(starter(layout, language=language), encoding="utf-8")
    (folder / ".gitignore").write_text(IGNORED, encoding="utf-8")


def _ids(layout: Layout, division: Division) -> NDArray[np.object_]:
    """An id for each row to predict, which says nothing: rows lie shuffled, or by time."""
    own = layout.only("id")
    if own:
        return _cells(own.field, division.test).to_numpy(dtype=object)
    digits = len(str(len(division.test)))
    return np.array([f"r{number:0{digits}}" for number in range(1, len(division.test) + 1)], dtype=object)


def _write_data(
    folder: Path,
    layout: Layout,
    division: Division,
    ids: NDArray[np.object_],
    answers: dict[str, NDArray[np.float64]],
) -> None:
    kept = [column for column in layout.columns if column.role]
    _save({column.name: _of(column, layout, division.train) for column in kept}, folder / "public" / plan.TRAIN)
    key = plan.id_column(layout)
    asked = {column.name: _cells(column.field, division.test) for column in kept if column.is_asked}
    own = layout.only("id")
    names = [column.name for column in kept if column.is_asked or column is own] if own else [key["name"], *asked]
    test = {key["name"]: ids, **asked}
    _save({name: test[name] for name in names}, folder / "public" / plan.TEST)
    value = plan.prediction_name(layout)
    for path, answer in (
        (folder / "public" / plan.SAMPLE, answers["constant"]),
        *((folder / "baselines" / f"{name}.csv", answer) for name, answer in answers.items()),
    ):
        _save({key["name"]: ids, value: answer}, path)
    _save(_truth(layout, division, ids, key["alias"]), folder / "truth" / plan.TRUTH)


def _truth(layout: Layout, division: Division, ids: NDArray[np.object_], key: str) -> dict[str, Any]:
    target = layout.only("target")
    rows: dict[str, Any] = {key: ids, "split": np.where(division.public, "public", "private")}
    rows |= {column.alias: _cells(column.field, division.test) for column in layout.of("time", "group")}
    return rows | ({target.alias: _of(target, layout, division.test)} if target else {})


def _of(column: Column, layout: Layout, rows: Rows) -> Any:
    """The cells of a column; the target as the numbers that are predicted."""
    if column.role != "target":
        return _cells(column.field, rows)
    values = layout.target.values[rows]
    return values.astype(np.int64) if layout.target.is_whole else values


def _cells(field: Field, rows: Rows) -> pd.Series[Any]:
    """Cells as a pack has them: ISO days, 1 and 0 for yes and no, nothing where a value is missing."""
    values = field.values[rows]
    if field.dtype == "date":
        days, texts = np.unique(values, return_inverse=True)
        names = np.array(["" if np.isnat(day) else str(day.astype("datetime64[D]")) for day in days], dtype=object)
        return pd.Series(names[texts.ravel()])
    if isinstance(values, pd.Categorical):
        return pd.Series(values.astype(object))
    if field.dtype in {"int", "bool"}:
        return pd.Series(values).astype("Int64")
    return pd.Series(values)


def _save(columns: dict[str, Any], path: Path) -> None:
    pd.DataFrame(columns).to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def _write_samples(
    folder: Path, layout: Layout, ids: NDArray[np.object_], answers: dict[str, NDArray[np.float64]]
) -> None:
    """Both baselines, to be scored as recorded; a gap and a missing row, to be refused."""
    key, value = plan.id_column(layout)["name"], plan.prediction_name(layout)
    for part in ("accepted", "rejected"):
        (folder / part).mkdir(parents=True)
    for name, answer in answers.items():
        _save({key: ids, value: answer}, folder / "accepted" / f"{name}.csv")
    # What is wrong is looked for line by line: of very many rows, a part shows the same.
    rows = len(ids) if len(ids) <= MOST_SPOILT_ROWS else MOST_SPOILT_ROWS
    gap = answers["constant"][:rows].copy()
    gap[rows // 2] = np.nan
    _save({key: ids[:rows], value: gap}, folder / "rejected" / "value_empty.csv")
    last = min(rows, len(ids) - 1)
    _save({key: ids[:last], value: answers["constant"][:last]}, folder / "rejected" / "ids_missing.csv")


def _proven(folder: Path, build_folder: Path, layout: Layout, division: Division) -> Report:
    """Check the pack as `grader check --record` does, and measure its baselines."""
    pack = load_pack(folder)
    build = build_pack(pack, out=build_folder)
    proof = prove_build(pack, build, recording=True)
    return Report(
        folder=folder,
        pack=pack,
        layout=layout,
        division=division,
        notices=(*layout.notices, *division.notices),
        ladder=dict(proof.ladder),
        gaps=tuple(gaps_of(pack)),
        problems=tuple(proof.problems),
    )


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise PackError([Problem("new_name", {"value": name})])
