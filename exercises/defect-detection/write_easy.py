"""Writes an easier variant as a pack of its own: python exercises/defect-detection/write_easy.py --out DIR.

Defects stand out more; everything else stays. Install it like any pack:
`campus case install DIR/defect-detection-easy`.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import write_samples

from grader.checks import check_pack
from grader.pack import load_pack
from grader.pack.generation import build_pack

CASE = Path(__file__).parent
SLUG = "defect-detection-easy"
CHANGES = {
    "case.toml": {
        'slug = "defect-detection"': f'slug = "{SLUG}"',
        'title = { ja = "不良個所自動検出", en = "Automatic defect detection" }': (
            'title = { ja = "不良個所自動検出（入門）", en = "Automatic defect detection (easier)" }'
        ),
    },
    "plant/settings.py": {"contrast: float = 1.0": "contrast: float = 1.7"},
}


def copied(out: Path) -> Path:
    """Copy the case below ``out`` and change what makes it easier; samples but for programs and models are to come."""
    pack = out / SLUG
    shutil.copytree(CASE, pack, ignore=shutil.ignore_patterns("samples", "__pycache__", "README.md", "write_easy.py"))
    for name, changes in CHANGES.items():
        _change(pack / name, changes)
    shutil.copytree(CASE / "samples", pack / "samples", ignore=shutil.ignore_patterns("*.csv", "*.gz", "*.json"))
    return pack


def write(out: Path) -> Path:
    """Write and prove the pack below ``out``; returns its folder. Raises ValueError where it does not prove itself."""
    pack = copied(out)
    with tempfile.TemporaryDirectory() as folder:
        write_samples.write(build_pack(load_pack(pack), out=Path(folder) / "build").path, pack / "samples")
    if problems := check_pack(pack, recording=True):
        raise ValueError("\n".join(problem.text("en") for problem in problems))
    return pack


def _change(path: Path, changes: dict[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes.items():
        if text.count(old) != 1:
            raise ValueError(f"{path.name} does not have “{old}” once")
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def main() -> None:
    """Write the easier variant."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the folder to write it below")
    print(write(parser.parse_args().out))


if __name__ == "__main__":
    main()
