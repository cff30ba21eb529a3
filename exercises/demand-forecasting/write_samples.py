"""Writes samples/ from a build of the demo seed: python exercises/demand-forecasting/write_samples.py --build DIR.

Run it when the generator changed, then `grader check --record exercises/demand-forecasting`.
"""

from __future__ import annotations

import argparse
import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np

SAMPLES = Path(__file__).with_name("samples")
JAPANESE, ENGLISH = "id,予測,補充目標在庫量", "id,demand,order_up_to"
FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
TARGET_ROW = 100  # the data row that is spoilt, from 0

Lines = list[str]


def accepted(build: Path) -> dict[str, bytes]:
    """Hand-ins that must be scored: as Windows, spreadsheets and shuffling notebooks write them; kept packed."""
    tuned, mean28, naive = (_lines(build / "baselines" / f"{key}.csv") for key in ("boosting_tuned", "mean28", "naive"))
    plain = {
        "boosting_tuned.csv": _bytes(tuned),
        "mean28_cp932_crlf.csv": "\r\n".join([*mean28, ""]).encode("cp932"),
        "naive_english_bom_shuffled.csv": b"\xef\xbb\xbf" + _bytes([ENGLISH, *_shuffled(naive[1:])]),
        "mean28_full_width.csv": _bytes([*mean28[:5], *[_widened(line) for line in mean28[5:8]], *mean28[8:], "", ""]),
    }
    return {f"{name}.gz": _packed(content) for name, content in plain.items()}


def rejected(build: Path) -> dict[str, bytes]:
    """Hand-ins that must be refused, each for the reason that its file name says."""
    lines = _lines(build / "public" / "sample_submission.csv")
    spoilt: dict[str, Lines] = {
        "value_nan": _spoilt(lines, lambda cells: [cells[0], "NaN", cells[2]]),
        "value_infinite": _spoilt(lines, lambda cells: [cells[0], cells[1], "inf"]),
        "value_negative": _spoilt(lines, lambda cells: [cells[0], "-1.5", cells[2]]),
        "value_empty": _spoilt(lines, lambda cells: [cells[0], "", cells[2]]),
        "value_not_number": _spoilt(lines, lambda cells: [cells[0], "3個", cells[2]]),
        "value_thousands": _spoilt(lines, lambda cells: [cells[0], cells[1], '"1,234"']),
        "value_too_large": _spoilt(lines, lambda cells: [cells[0], "10001", cells[2]]),
        "row_ragged": _spoilt(lines, lambda cells: [*cells, "7"]),
        "id_twice": [*lines, lines[TARGET_ROW + 1]],
        "id_unknown": [*lines, "S9-I99-01,0,0"],
        "ids_missing": lines[:-3],
        "column_missing": [",".join(line.split(",")[:2]) for line in lines],
        "column_unknown": [f"{line},{'0' if number else '売価'}" for number, line in enumerate(lines)],
        "header_missing": lines[1:],
        "delimiter_semicolon": [line.replace(",", ";") for line in lines],
        "delimiter_tab": [line.replace(",", "\t") for line in lines],
    }
    plain = {f"{reason}.csv": _bytes(rows) for reason, rows in spoilt.items()}
    return {**plain, "file_empty.csv": b"", "file_is_zip.csv.gz": _packed(_bytes(lines))}


def _spoilt(lines: Lines, change: Callable[[Lines], Lines]) -> Lines:
    """The lines with one data row changed."""
    row = TARGET_ROW + 1
    return [*lines[:row], ",".join(change(lines[row].split(","))), *lines[row + 1 :]]


def _shuffled(rows: Lines) -> Lines:
    return [rows[index] for index in np.random.default_rng(1).permutation(len(rows))]


def _widened(line: str) -> str:
    name, *values = line.split(",")
    return ",".join([name, *[value.translate(FULL_WIDTH) for value in values]])


def _lines(path: Path) -> Lines:
    return path.read_text(encoding="utf-8").splitlines()


def _bytes(lines: Lines) -> bytes:
    return "\n".join([*lines, ""]).encode()


def _packed(content: bytes) -> bytes:
    """Gzip without a time stamp, so that the same content is the same file."""
    return gzip.compress(content, mtime=0)


def write(build: Path, samples: Path) -> None:
    """Replace the samples."""
    for kind, files in (("accepted", accepted(build)), ("rejected", rejected(build))):
        folder = samples / kind
        folder.mkdir(parents=True, exist_ok=True)
        for old in (*folder.glob("*.csv"), *folder.glob("*.csv.gz")):  # models: write_models.py; code: by hand
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
