"""How a child answers: "V" and float64 numbers row by row, "E" and what went wrong in JSON, or "H" and hints."""

from __future__ import annotations

import json
import os
import sys
import sysconfig
import traceback
from typing import Any

ANSWER, SUBMISSION, FEATURES = 3, 4, 5
# Where modules lie, the innermost folders first: site-packages is within the standard library's.
_FOLDERS = sorted({*sysconfig.get_paths().values(), *map(str, sys.path)} - {"", "/"}, key=len, reverse=True)


def submission() -> bytes:
    """What the learner sent."""
    size = os.fstat(SUBMISSION).st_size
    return os.pread(SUBMISSION, size, 0) if size else b""


def send_values(values: Any) -> None:
    """The numbers, as they lie in memory."""
    _send(b"V", memoryview(values).cast("B"))


def send_error(error: BaseException, **where: int) -> None:
    """The error's class and where it stands; its text goes to the log, which only public data may fill."""
    told = {"error": type(error).__name__[:60], **where}
    _send(b"E", memoryview(json.dumps(told).encode()))


def send_findings(found: list[dict[str, Any]]) -> None:
    """Advice on a watched program."""
    _send(b"H", memoryview(json.dumps(found).encode()))


def send_malformed() -> None:
    """An answer that does not have the form of the case."""
    _send(b"E", memoryview(b'{"malformed": true}'))


def send_nothing() -> None:
    """A program that came to its end and left no answer."""
    _send(b"E", memoryview(b'{"nothing": true}'))


def _send(mark: bytes, content: memoryview) -> None:
    os.write(ANSWER, mark)
    while content:
        content = content[os.write(ANSWER, content) :]


def as_values(answer: Any, *, rows: int, columns: int) -> Any:
    """The answer as float64 (rows, columns); None when it does not have that form."""
    import numpy as np

    values = np.asarray(answer)
    if values.dtype.kind not in "fiub":
        values = values.astype(np.float64)
    if values.shape == (rows,) or values.shape == (rows, 1):
        values = values.reshape(rows, 1)
    if values.shape != (rows, columns):
        return None
    return np.ascontiguousarray(values, dtype=np.float64)


def tell(error: BaseException) -> None:
    """The error in words and where it came from, to the log: not where this machine keeps Python and the grader."""
    text = "".join(traceback.format_exception(error))
    for folder in _FOLDERS:
        text = text.replace(f'"{folder}/', '"')
    sys.stderr.write(text)
    sys.stderr.flush()
