"""Prints the table: warm and isolated, bubblewrap with a cold Python, and the limit inside one process."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import grader
from grader.contract import Kind, Plane
from grader.csvfile import Predictions, read_predictions
from grader.kinds import KINDS
from grader.pack import Build, Pack
from grader.runner import bubblewrap, client
from grader.runner.bench import cold
from grader.runner.bench.case import NAMES, make_case
from grader.runner.private import private_runner
from grader.scoring import load_truth, score
from grader.truth import Truth

PAUSE_SECONDS = 0.1
KIND_OF = {".onnx": Kind.ONNX, ".skops": Kind.SKOPS}
CELLS = (
    "import numpy as np\nimport pandas as pd\nfrom sklearn.linear_model import LogisticRegression",
    "train = pd.read_csv('train.csv', nrows=2000)\ntest = pd.read_csv('test.csv', nrows=500)",
    "print(train.describe().round(2).iloc[:3, :3])\ntrain.groupby('label')['x0'].mean()",
    "model = LogisticRegression().fit(train[['x0', 'x1', 'x2']], train['label'])",
    "np.concatenate([model.predict(test[['x0', 'x1', 'x2']]), np.zeros(49_500)])",
)


@dataclass(frozen=True)
class Case:
    """What is measured on."""

    pack: Pack
    build: Build
    truth: Truth
    rows: np.ndarray[Any, np.dtype[np.float64]]
    socket: Path
    folder: Path


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="grader-bench-") as temporary, private_runner() as socket:
        folder = Path(temporary)
        pack, build = make_case(folder)
        client.status(socket)
        rows = np.loadtxt(build.public("test.csv"), delimiter=",", skiprows=1, usecols=range(1, 1 + len(NAMES)))
        np.save(folder / "rows.npy", rows)
        case = Case(pack, build, load_truth(build, pack), rows, socket, folder)
        learners = _learners_python()
        subprocess.run(
            [learners, str(Path(__file__).with_name("models.py")), str(build.public("train.csv")), str(folder)],
            check=True,
        )
        _models(case)
        _notebook(case, learners)
        _csv(case)


def _learners_python() -> str:
    """The learners' environment has the converter to ONNX; without it only skops is measured."""
    own = Path(str(grader.__file__)).parents[2] / ".venvs" / "notebook" / "bin" / "python"
    return str(own) if own.exists() else sys.executable


def _median(act: Callable[[], object], *, times: int) -> float:
    """Milliseconds; after a pause each time, as submissions come."""
    act()
    taken = []
    for _ in range(times):
        time.sleep(PAUSE_SECONDS)
        started = time.perf_counter()
        act()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def _models(case: Case) -> None:
    print(f"{'median, ms':36} {'cold':>8} {'warm':>8} {'limit':>8} {'cold/warm':>10} {'warm/limit':>11}")
    for path in sorted(case.folder.glob("*.*"), key=lambda path: (path.stat().st_size, path.name)):
        if path.suffix in KIND_OF:
            data = path.read_bytes()
            fresh = _median(partial(_cold, case, path), times=3)
            warm = _median(partial(_warm, case, KIND_OF[path.suffix], data), times=15)
            limit = _median(partial(_inside, case, path.suffix, data), times=15)
            name = f"{path.stem}, {path.suffix[1:]} ({len(data) // 1000} KB)"
            print(
                f"{name:36} {fresh:8.1f} {warm:8.1f} {limit:8.1f} {fresh / warm:9.1f}× {warm / limit:10.2f}×",
                flush=True,
            )
    print("targets: linear model cold/warm ≥ 20; warm/limit ≤ 1.5 for boosting, ≤ 3 for the smallest model")


def _warm(case: Case, kind: Kind, data: bytes) -> None:
    """Check, run isolated, judge, score."""
    done = client.run(
        kind=KINDS[kind], data=data, pack=case.pack, build=case.build, on=Plane.HIDDEN, socket=case.socket
    )
    if done.values is None:
        raise SystemExit(f"a model of the bench was refused: {[problem.text('en') for problem in done.problems]}")
    _score(case, done.values)


def _inside(case: Case, suffix: str, data: bytes) -> None:
    """The same without any isolation: load, predict, score."""
    _score(case, np.asarray(cold.predicted(suffix, data, case.rows), dtype=np.float64).reshape(-1, 1))


def _score(case: Case, values: Any) -> None:
    score(pack=case.pack, truth=case.truth, predictions=Predictions(case.pack.submission.aliases, values))


def _cold(case: Case, path: Path) -> None:
    words = [shutil.which("bwrap") or "bwrap", "--unshare-all", "--die-with-parent", "--dev", "/dev", "--proc", "/proc"]
    for folder in (*bubblewrap.readable_folders(), case.folder):
        words += ["--ro-bind", str(folder), str(folder)]
    for name in ("/lib", "/lib64", "/bin"):
        words += ["--ro-bind-try", name, name]
    words += [sys.executable, str(Path(cold.__file__)), str(path), str(case.folder / "rows.npy")]
    answer = subprocess.run(words, check=True, capture_output=True).stdout
    _score(case, np.frombuffer(answer, dtype=np.float64).reshape(-1, 1))


def _notebook(case: Case, learners: str) -> None:
    blank: dict[str, Any] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**blank, "source": source} for source in CELLS]
    data = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()
    warm = _median(partial(_warm, case, Kind.NOTEBOOK, data), times=9)
    print(f"{'notebook of 5 cells, warm':36} {warm:17.1f}   (target ≤ 300)")
    public = case.build.path / "public"
    (public / "bench.ipynb").write_bytes(data)
    program = "import nbformat, nbclient; nbclient.NotebookClient(nbformat.read('bench.ipynb', 4)).execute()"
    kernel = partial(subprocess.run, [learners, "-c", program], check=True, capture_output=True, cwd=public)
    try:
        print(f"{'the same by nbclient, with a kernel':36} {_median(kernel, times=1):17.1f}")
    except subprocess.CalledProcessError:
        print("the same by nbclient: not here, the learners' environment is missing (make envs)")
    (public / "bench.ipynb").unlink()


def _csv(case: Case) -> None:
    lines = [f"{name},{number % 2}" for number, name in enumerate(case.build.ids.values)]
    data = "\n".join(["id,label", *lines, ""]).encode()
    taken = _median(lambda: _score(case, read_predictions(data, pack=case.pack, ids=case.build.ids).values), times=9)
    print(f"{'CSV of 50,000 rows: read and score':36} {taken:17.1f}")


if __name__ == "__main__":
    # Libraries count processors when they are imported: one thread, as in the sandbox.
    if os.environ.get("OMP_NUM_THREADS") != "1":
        os.execve(
            sys.executable, [sys.executable, "-P", "-m", "grader.runner.bench"], {**os.environ, **bubblewrap.ONE_THREAD}
        )
    main()
