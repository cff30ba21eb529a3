"""Programs: one file ``solution.py`` with a function ``predict``."""

from __future__ import annotations

import re
from typing import ClassVar

from grader.contract import Kind
from grader.kinds.base import Rules, SubmissionKind, refusal
from grader.pack.form import RunLimits

_PREDICT = re.compile(r"^(async\s+)?def\s+predict\s*\(|^predict\s*[:=]|^from\s.*\bpredict\b", re.MULTILINE)


class CodeKind(SubmissionKind):
    """``predict(data)`` gets the case's files as DataFrames and returns one row for each id."""

    kind: ClassVar[Kind] = Kind.CODE
    label: ClassVar[str] = "Python (.py)"
    suffixes: ClassVar[tuple[str, ...]] = (".py",)
    limits: ClassVar[RunLimits] = RunLimits(
        kind=Kind.CODE, bytes=200_000, seconds=60, memory_mb=2048, files=200, files_mb=200
    )

    def inspect(self, data: bytes, rules: Rules) -> None:
        if not _PREDICT.search(text_of(data)):
            raise refusal("code_no_predict")


def text_of(data: bytes) -> str:
    """The source, which must be UTF-8 without NUL. Raises SubmissionRejected."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refusal("code_not_text") from None
    if "\0" in text:
        raise refusal("code_not_text")
    return text.replace("\r\n", "\n").replace("\r", "\n")
