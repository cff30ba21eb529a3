"""Writes a world as the files of the pack: pictures, tables, truth, hand-ins."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from grader.masks import written_mask
from grader.pictures import write_pictures
from plant.baselines import HandIn
from plant.world import Part, World

ID, LOT, LINE, SHOT, DEFECT, KIND = "画像ID", "ロット", "ライン", "撮影時刻", "不良", "種別"
SCORE, LABEL, MASK = "異常度", "判定", "欠陥領域"


def write_public(world: World, *, public: Path, manifest: Path) -> None:
    """Everything learners may see."""
    write_pictures(public / "train_images.zip", {part.image_id: part.picture for part in world.train})
    masks = {part.image_id: part.mask.astype(np.uint8) * 255 for part in world.train if part.is_defect}
    write_pictures(public / "train_masks.zip", masks)
    write_pictures(public / "test_images.zip", {part.image_id: part.picture for part in world.test})
    known = shots(world.train)
    known[DEFECT] = [int(part.is_defect) for part in world.train]
    known[KIND] = [part.kind for part in world.train]
    _write(known, public / "inspect.csv")
    _write(shots(world.test), public / "test.csv")
    nothing = np.zeros(len(world.test))
    write_hand_in(world.test, HandIn(nothing, nothing.astype(np.int64)), public / "sample_submission.csv")
    _write(dictionary(manifest), public / "data_dictionary.csv")


def shots(parts: Sequence[Part]) -> pd.DataFrame:
    """What is known of a part when its picture is taken."""
    return pd.DataFrame(
        {
            ID: [part.image_id for part in parts],
            LOT: [part.lot.name for part in parts],
            LINE: [part.lot.line for part in parts],
            SHOT: [f"{part.shot_at:%Y-%m-%d %H:%M:%S}" for part in parts],
        }
    )


def write_truth(world: World, *, truth: Path) -> None:
    """What is true of the unseen parts, and which of them give the provisional score: whole lots."""
    frame = pd.DataFrame(
        {
            "image_id": [part.image_id for part in world.test],
            "split": ["public" if part.lot.name in world.public else "private" for part in world.test],
            "lot": [part.lot.name for part in world.test],
            "defect": [int(part.is_defect) for part in world.test],
            "kind": [part.kind or "good" for part in world.test],
            "mask": [written_mask(part.mask) for part in world.test],
        }
    )
    _write(frame, truth / "truth.csv")


def write_hand_in(parts: Sequence[Part], hand_in: HandIn, path: Path) -> None:
    """A submission file; the column of masks only where the hand-in marks something."""
    columns = {ID: [part.image_id for part in parts], SCORE: hand_in.score.round(6), LABEL: hand_in.label}
    if hand_in.masks:
        columns[MASK] = [written_mask(mask) for mask in hand_in.masks]
    _write(pd.DataFrame(columns), path)


def dictionary(manifest: Path) -> pd.DataFrame:
    """The data dictionary, from the manifest, which alone describes the columns."""
    files = tomllib.loads(manifest.read_text(encoding="utf-8"))["files"]
    rows = [(file["name"], column) for file in files for column in file.get("columns", [])]
    return pd.DataFrame(
        {
            "ファイル": [name for name, _ in rows],
            "列": [column["name"] for _, column in rows],
            "英語名": [column["alias"] for _, column in rows],
            "型": [column["dtype"] for _, column in rows],
            "役割": [column["role"] for _, column in rows],
            "説明": [column["description"]["ja"] for _, column in rows],
            "説明(英語)": [column["description"]["en"] for _, column in rows],
        }
    )


def _write(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n", float_format="%g")
