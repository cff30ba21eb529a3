"""Writes samples/ from a build of the demo seed: python exercises/defect-detection/write_samples.py --build DIR.

Run it when the generator changed, then `grader check --record exercises/defect-detection`.
Programs are written by hand.
"""

from __future__ import annotations

import argparse
import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from plant.looks import strongest
from plant.tables import ID, LABEL, LOT, MASK, SCORE

from grader.masks import written_mask
from grader.pictures import read_pictures

SAMPLES = Path(__file__).with_name("samples")
TARGET_ROW = 100  # the data row that is spoilt, from 0
ENGLISH = {ID: "image_id", SCORE: "score", LABEL: "label", MASK: "mask"}

Lines = list[str]


def accepted(build: Path) -> dict[str, bytes]:
    """Hand-ins that must be scored, with and without masks; kept packed."""
    blobs = pd.read_csv(build / "baselines" / "blobs.csv")
    marked = blobs.assign(**{MASK: _masks(build, blobs)})
    shuffled = marked.sample(frac=1, random_state=1)[[MASK, LABEL, ID, SCORE]].rename(columns=ENGLISH)
    return {
        "blobs.csv.gz": _packed(blobs),
        "blobs_marked_cp932.csv.gz": _packed(marked, encoding="cp932"),
        "blobs_marked_english_shuffled.csv.gz": _packed(shuffled),
        "statistics.csv.gz": _packed(pd.read_csv(build / "baselines" / "statistics.csv")),
    }


def _masks(build: Path, hand_in: pd.DataFrame) -> list[str]:
    """The strongest spot of every part that is stopped."""
    pictures = read_pictures(build / "public" / "test_images.zip")
    lots = pd.read_csv(build / "public" / "test.csv").set_index(ID)[LOT]
    names = list(hand_in[ID])
    spots = strongest(np.array([pictures[name] for name in names]), lots.loc[names].to_numpy(dtype=np.str_))
    stopped = hand_in[LABEL] == 1
    return [written_mask(spot) if stop else "" for spot, stop in zip(spots, stopped, strict=True)]


def rejected(build: Path) -> dict[str, bytes]:
    """Hand-ins that must be refused, each for the reason that its file name says."""
    lines = (build / "public" / "sample_submission.csv").read_text(encoding="utf-8").splitlines()
    masks = {
        "mask_not_pairs": "10 3 40",
        "mask_not_numbers": "10-13",
        "mask_not_rising": "40 3 10 3",
        "mask_outside": "16380 5",
        "mask_run_empty": "10 0",
        "mask_too_many_runs": " ".join(f"{start} 1" for start in range(0, 2002, 2)),
    }
    spoilt = {
        "value_too_large": _spoilt(lines, lambda cells: [cells[0], "1.2", cells[2]]),
        "value_not_integer": _spoilt(lines, lambda cells: [cells[0], cells[1], "0.5"]),
        "value_nan": _spoilt(lines, lambda cells: [cells[0], "NaN", cells[2]]),
        "id_twice": [*lines, lines[TARGET_ROW + 1]],
        "id_unknown": [*lines, "P00000,0,0"],
        "ids_missing": lines[:-3],
        "column_missing": [line.rsplit(",", 1)[0] for line in lines],
        **{reason: _marked(lines, cell) for reason, cell in masks.items()},
    }
    return {f"{reason}.csv": "\n".join([*rows, ""]).encode() for reason, rows in spoilt.items()}


def _spoilt(lines: Lines, change: Callable[[Lines], Lines]) -> Lines:
    """The lines with one data row changed."""
    row = TARGET_ROW + 1
    return [*lines[:row], ",".join(change(lines[row].split(","))), *lines[row + 1 :]]


def _marked(lines: Lines, cell: str) -> Lines:
    """The lines with a column of masks, empty but for one row."""
    rows = [f"{line}," for line in lines[1:]]
    rows[TARGET_ROW] += cell
    return [f"{lines[0]},{MASK}", *rows]


def _packed(frame: pd.DataFrame, *, encoding: str = "utf-8") -> bytes:
    """Gzip without a time stamp, so that the same content is the same file."""
    return gzip.compress(frame.to_csv(index=False, lineterminator="\n").encode(encoding), mtime=0)


def write(build: Path, samples: Path) -> None:
    """Replace the samples."""
    for kind, files in (("accepted", accepted(build)), ("rejected", rejected(build))):
        folder = samples / kind
        folder.mkdir(parents=True, exist_ok=True)
        for old in (*folder.glob("*.csv"), *folder.glob("*.csv.gz")):
            old.unlink()
        for name, content in files.items():
            (folder / name).write_bytes(content)


def main() -> None:
    """Write the samples of this case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True, help="a folder made by grader build from the demo seed")
    write(parser.parse_args().build, SAMPLES)


if __name__ == "__main__":
    main()
