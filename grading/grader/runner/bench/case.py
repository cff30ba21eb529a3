"""A case of 50,000 rows of 30 numbers, two classes to tell apart, written to a folder of its own."""

from __future__ import annotations

from pathlib import Path

from grader.pack import Build, Pack, load_pack
from grader.pack.generation import build_pack

ROWS, COLUMNS = 50_000, 30
NAMES = [f"x{number}" for number in range(COLUMNS)]

_NAME = '{{ ja = "{0}", en = "{0}" }}'
_COLUMN = (
    '  {{ name = "{0}", alias = "{0}", role = "{1}", dtype = "{2}", description = {{ ja = "{0}", en = "{0}" }} }},'
)
_GENERATOR = f"""
import numpy as np, pandas as pd

def generate(*, seed, out, variation):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=({ROWS}, {COLUMNS})).round(4)
    y = (x[:, 0] + x[:, 1] * x[:, 2] + rng.normal(size={ROWS}) / 2 > 0).astype(int)
    ids = [f"r{{number}}" for number in range({ROWS})]
    test = pd.DataFrame(x, columns={NAMES!r}); test.insert(0, "id", ids)
    test.to_csv(out / "public/test.csv", index=False)
    test.assign(label=y).drop(columns="id").to_csv(out / "public/train.csv", index=False)
    pd.DataFrame({{"id": ids, "label": 0}}).to_csv(out / "public/sample.csv", index=False)
    split = np.where(np.arange({ROWS}) % 2, "public", "private")
    pd.DataFrame({{"id": ids, "split": split, "label": y}}).to_csv(out / "truth/truth.csv", index=False)
    pd.DataFrame({{"id": ids, "label": 1}}).to_csv(out / "baselines/ones.csv", index=False)
"""


def _file(name: str, part: str, columns: list[str]) -> str:
    label = _NAME.format(name)
    rows = "\n".join(columns)
    return (
        f'[[files]]\nname = "{name}"\npart = "{part}"\ntitle = {label}\ndescription = {label}\ncolumns = [\n{rows}\n]\n'
    )


def _manifest() -> str:
    row = [_COLUMN.format("id", "id", "text")]
    numbers = [_COLUMN.format(name, "known_ahead", "float") for name in NAMES]
    label = [_COLUMN.format("label", "target", "int")]
    inputs = "\n".join(f'  {{ name = "{name}", column = "{name}" }},' for name in NAMES)
    name = _NAME.format("bench")
    return f"""
slug = "bench"
version = "1.0.0"
track = "ai"
licence = "CC0-1.0"
title = {name}
summary = {name}
story = {{ ja = "story.md", en = "story.md" }}
demo = {{ seed = "1" }}
truth = {{ file = "truth.csv" }}
split = {{ column = "split", by = [], public_share = 0.5, description = {name} }}
limits = {{ bytes = 10_000_000, rows = 60_000, per_day = 5 }}
rubric = [{{ key = "a", label = {name}, description = {name}, steps = ["model"], levels = [
  {{ points = 1, text = {name} }}, {{ points = 2, text = {name} }} ] }}]
skills = [{{ key = "a", label = {name} }}]
baselines = [{{ key = "ones", label = {name}, description = {name} }}]
[[steps]]
key = "model"
kind = "model"
by = "person"
title = {name}
text = {name}
opens_day = 0
closes_day = 1
{_file("train.csv", "train", [*numbers, *label])}
{_file("test.csv", "test", [*row, *numbers])}
{_file("sample.csv", "sample", [*row, *label])}
[submission]
kinds = ["predictions", "onnx", "skops", "code", "notebook"]
sample = "sample.csv"
id = {{ name = "id", alias = "id" }}
columns = [{{ name = "label", alias = "label", label = {name} }}]
[submission.model]
file = "test.csv"
form = "matrix"
inputs = [
{inputs}
]
[scoring]
primary = "mae"
[[scoring.metrics]]
key = "mae"
label = {name}
description = {name}
direction = "lower"
digits = 4
metric = "mae"
prediction = "label"
truth = "label"
"""


def make_case(folder: Path) -> tuple[Pack, Build]:
    """The pack and its build, below the folder."""
    path = folder / "bench"
    path.mkdir()
    (path / "case.toml").write_text(_manifest(), encoding="utf-8")
    (path / "story.md").write_text("# bench\n", encoding="utf-8")
    (path / "generate.py").write_text(_GENERATOR, encoding="utf-8")
    pack = load_pack(path)
    return pack, build_pack(pack, out=folder / "build")
