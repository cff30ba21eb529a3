"""Hints on a program, looked for here: it runs on the downloaded data, as its author would run it."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.contract import Kind
from grader.problems import Problem
from grader.runner.verdicts import advice

PROGRAMS = {Kind.CODE, Kind.NOTEBOOK}


class NotLookedAt(Exception):
    """The program didn't come to its end here; ``str()`` says why, as Python does."""


def hints_here(
    program: bytes, *, kind: Kind, rules: Mapping[str, Any], files: list[Path], seconds: float
) -> list[Problem]:
    """What can be advised. Raises NotLookedAt when the program fails or takes too long.

    ``rules``: what to look for, and the files' columns, as grader.runner.work.at_home takes them.
    """
    with tempfile.TemporaryDirectory(prefix="manabiai-") as name:
        folder = Path(name)
        work = folder / "work"
        (work / "data").mkdir(parents=True)
        for file in files:
            for place in (work / "data" / file.name, work / file.name):
                place.symlink_to(file.absolute())
        (folder / "program").write_bytes(program)
        (folder / "rules.json").write_text(json.dumps(rules), encoding="utf-8")
        words = [kind.value, str(folder / "program"), str(folder / "rules.json"), str(seconds)]
        try:
            done = subprocess.run(
                [sys.executable, "-m", "grader.runner.work.at_home", *words],
                cwd=work,
                timeout=seconds + 20.0,  # and the time that imports take
                capture_output=True,
                check=True,
            )
        except subprocess.TimeoutExpired:
            raise NotLookedAt(f"TimeoutError: {seconds:g} s") from None
        except (subprocess.SubprocessError, OSError) as error:
            raise NotLookedAt(type(error).__name__) from None
    if reason := _reason(done.stdout):
        raise NotLookedAt(reason)
    return list(advice(({"end": "advised"}, [done.stdout, b"", b""])))


def _reason(answer: bytes) -> str:
    """Why the program failed; empty where it didn't."""
    try:
        said = json.loads(answer)
    except ValueError:
        return ""
    return str(said.get("error", "")) if isinstance(said, dict) else ""
