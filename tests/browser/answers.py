"""Files to hand in: the baselines of the installed case are good ones with known scores, and are easily spoilt."""

import hashlib
import json
from pathlib import Path

from tests.browser.scene import Scene
from tests.stack import ROOT

PACK = ROOT / "exercises/demand-forecasting"
EXPECTED = json.loads((PACK / "samples/expected.json").read_text())["accepted"]


def good(scene: Scene) -> bytes:
    """The strongest baseline."""
    return _baseline(scene, "boosting_tuned")


def fair(scene: Scene) -> bytes:
    """The rule in use today, which is weaker."""
    return _baseline(scene, "mean28")


def cost(name: str) -> str:
    """The provisional cost of one of the pack's proven samples, as pages write it."""
    return f"{EXPECTED[name]['public']['cost_yen']:,.0f}"


GOOD_COST = cost("boosting_tuned.csv.gz")
FAIR_COST = cost("mean28_cp932_crlf.csv.gz")


def _baseline(scene: Scene, key: str) -> bytes:
    return next(Path(scene.folder, "build").rglob(f"{key}.csv")).read_bytes()


def without_rows(data: bytes, count: int) -> bytes:
    return b"".join(data.splitlines(keepends=True)[:-count])


def with_value(data: bytes, value: str, *, row: int) -> bytes:
    """Put a value into the first column after the id, in the data row (1 is the first)."""
    lines = data.decode().splitlines()
    cells = lines[row].split(",")
    lines[row] = ",".join([cells[0], value, *cells[2:]])
    return ("\n".join(lines) + "\n").encode()


def with_header(data: bytes, header: str) -> bytes:
    return header.encode() + data[data.index(b"\n") :]


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
