"""The small case of the tests, grown to 50,000 rows to predict."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

SMALL = Path(__file__).parents[1] / "campus/packs/daily-sales"
ITEMS = 2


def make_big_case(folder: Path, *, rows: int) -> Path:
    """Write the pack into ``folder`` and let it record what its samples give now."""
    source = folder / SMALL.name
    shutil.copytree(SMALL, source, ignore=shutil.ignore_patterns("__pycache__"))
    _edit(source / "generate.py", r"PAST, AHEAD = 30, \d+", f"PAST, AHEAD = 30, {rows // ITEMS}")
    _edit(
        source / "case.toml",
        r"bytes = \S+\nrows = \S+\nper_day = \S+",
        f"bytes = 9000000\nrows = {rows + 1000}\nper_day = 100000",
    )
    # Its sample has to be as long as the data.
    _grader("build", source, "--out", folder / "build")
    shutil.copy(folder / "build/baselines/mean.csv", source / "samples/accepted/mean.csv")
    _grader("check", source, "--record")
    return source


def _grader(*words: str | Path) -> None:
    command = Path(sys.executable).with_name("grader")
    subprocess.run([command, *words], check=True, stdout=subprocess.DEVNULL)


def _edit(path: Path, pattern: str, replacement: str) -> None:
    text, count = re.subn(pattern, replacement, path.read_text(encoding="utf-8"))
    if count != 1:
        raise ValueError(f"{path} has no single {pattern}")
    path.write_text(text, encoding="utf-8")
