"""Looks for hints on a program on its author's own machine, before it is handed in: nothing is isolated here.

``python -m grader.runner.work.at_home KIND FILE RULES SECONDS`` in a folder with the case's files below ``data``; RULES
is a file in JSON: ``spec`` (grader/pack/hints.py) and ``aliases`` (work/files.py). What is found comes in JSON, as the
last line of the output.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from grader.runner.work import watched
from grader.runner.work.files import Files
from grader.runner.work.python import answer_of, cells_of


def main() -> None:
    """Run, look, tell."""
    kind, source, rules, seconds = sys.argv[1:]
    told = json.loads(Path(rules).read_bytes())
    cells = cells_of(kind, Path(source).read_bytes())
    output = os.dup(1)
    watched.silence()
    # Files of its own for every run: they keep what they read, and later runs find other files.
    try:
        found = watched.look(lambda: answer_of(cells, Files(told["aliases"])), told["spec"], seconds=float(seconds))
        answer: object = list(watched.told(found))
    except (Exception, SystemExit) as error:
        answer = {"error": f"{type(error).__name__}: {error}"[:200]}
    os.write(output, json.dumps(answer).encode())


if __name__ == "__main__":
    main()
