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


def hints_here(
    program: bytes, *, kind: Kind, rules: Mapping[str, Any], files: list[Path], seconds: float
) -> list[Problem]:
    """What can be advised; nothing when the program fails or takes too long, which the site will say in words.

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
        except (subprocess.SubprocessError, OSError):
            return []
    return list(advice(({"end": "advised"}, [done.stdout, b"", b""])))
