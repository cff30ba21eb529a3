"""For the self-test and the attacks of the tests: executes Python under the rules of models.

A model that takes over its runtime can do what this can, so this is what those rules are tried with.
"""

from __future__ import annotations

import ctypes
import errno
import json
import mmap
import resource
import socket
import sys
import traceback
from typing import Any

from grader.runner.work import answers

LEVEL = "model"
_IMPORTED = (ctypes, errno, json, mmap, resource, socket)
_LIBC = ctypes.CDLL(None, use_errno=True)


def warm_up() -> None:
    """Everything a probe may use is imported above: children open no files."""


def rehearse() -> None:
    """Nothing to touch."""


def run(job: dict[str, Any]) -> None:
    """Execute the submission; it may answer by ``answers``."""
    space = {"__name__": "probe", "answers": answers, "libc": _LIBC}
    try:
        exec(compile(answers.submission(), "probe.py", "exec"), space)
    except BaseException as error:
        traceback.print_exc()
        answers.send_error(error)
    sys.stdout.flush()
