"""Makes a pack's data: runs its generator in a process of its own, or copies what lies in it, and checks the files."""

from __future__ import annotations

import csv
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from grader.pack.build import Build, load_build, write_build
from grader.pack.model import DataFile, Pack
from grader.pack.reading import PackError
from grader.pack.sealed import data_problems, expected_files, is_extra, sealed_files
from grader.pack.seeds import Seed, SeedKind, seed_of
from grader.problems import Problem

GENERATOR = "generate.py"
FOLDERS = ("public", "truth", "baselines")
LONGEST_SECONDS = 600

_PASSED = ("PATH", "HOME", "TMPDIR", "VIRTUAL_ENV")

# One thread and a fixed hash: the same seed must give the same bytes.
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
}

# The seed comes by standard input: arguments and environments can be read by other users.
_PROGRAM = """
import importlib.util, pathlib, sys
generator, out, variation = sys.argv[1:]
sys.path.insert(0, str(pathlib.Path(generator).parent))
spec = importlib.util.spec_from_file_location("generate", generator)
module = importlib.util.module_from_spec(spec)
sys.modules["generate"] = module
spec.loader.exec_module(module)
module.generate(seed=int(sys.stdin.read()), out=pathlib.Path(out), variation=variation == "secret")
"""


def build_pack(pack: Pack, *, out: Path, seed: Seed | None = None) -> Build:
    """Make the data in ``out`` (a new or empty folder), from the demo seed unless told otherwise.

    Nothing half made stays behind. Raises PackError, or FileExistsError when ``out`` holds something.
    Runs the pack's own generator, where it has one, so call it only for such packs that the operator trusts.
    """
    if seed is not None and pack.data is not None:
        raise PackError([Problem("seed_unused", {"file": str(pack.path)})])
    seed, out = seed or seed_of(pack), Path(out)
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(str(out))
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as temporary:
        made = Path(temporary) / "build"
        _make(pack, made, seed)
        if out.exists():
            out.rmdir()
        made.rename(out)
    return load_build(out)


def _make(pack: Pack, folder: Path, seed: Seed) -> None:
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, mode=0o755)
    (folder / "truth").chmod(0o700)
    if pack.data is None:
        _run_generator(pack, folder, seed)
    else:
        _copy_data(pack, folder)
    if problems := list(_problems_of(pack, folder)):
        raise PackError(problems)
    write_build(folder, pack=pack, seed_kind=seed.kind, seed_digest=seed.digest, python=platform.python_version())


def _copy_data(pack: Pack, folder: Path) -> None:
    if problems := list(data_problems(pack)):
        raise PackError(problems)
    for name, path in sealed_files(pack).items():
        shutil.copyfile(path, folder / name)


def _run_generator(pack: Pack, folder: Path, seed: Seed) -> None:
    generator = (pack.path / GENERATOR).resolve()
    if not generator.is_file():
        raise PackError([Problem("pack_file_missing", {"file": GENERATOR, "field": GENERATOR})])
    variation = "secret" if seed.kind is SeedKind.SECRET else "demo"
    try:
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, str(generator), str(folder.resolve()), variation],
            input=str(seed.value),
            env={name: os.environ[name] for name in _PASSED if name in os.environ} | _ENVIRONMENT,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PackError([_failure(f"more than {LONGEST_SECONDS} s")]) from None
    if done.returncode != 0:
        raise PackError([_failure(done.stderr.strip()[-2000:])])


def _failure(detail: str) -> Problem:
    return Problem("build_failed", {"file": GENERATOR, "detail": detail})


def _problems_of(pack: Pack, folder: Path) -> Iterator[Problem]:
    """Files missing or too many, and headers other than in the manifest."""
    expected = expected_files(pack)
    found = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    for name in sorted(expected - found):
        yield Problem("build_file_missing", {"file": name})
    for name in sorted(found):
        if is_extra(name, pack):
            yield Problem("build_file_extra", {"file": name})
    for file in pack.files:
        if f"public/{file.name}" in found:
            yield from _header_problems(folder / "public" / file.name, file)


def _header_problems(path: Path, file: DataFile) -> Iterator[Problem]:
    if path.suffix != ".csv":
        return
    with path.open(encoding="utf-8", newline="") as lines:
        found = next(csv.reader(lines), [])
    expected = [column.name for column in file.columns]
    if found != expected:
        params = {"file": f"public/{file.name}", "found": ",".join(found), "expected": ",".join(expected)}
        yield Problem("build_header", dict(params))
