"""Predictions as CSV: read, never executed."""

from __future__ import annotations

from typing import ClassVar

from grader.contract import Kind
from grader.kinds.base import Rules, SubmissionKind


class PredictionsKind(SubmissionKind):
    """Whatever no other kind recognises; ``read_predictions`` says in words what is wrong with it."""

    kind: ClassVar[Kind] = Kind.PREDICTIONS
    label: ClassVar[str] = "CSV"
    suffixes: ClassVar[tuple[str, ...]] = (".csv",)
    is_executed: ClassVar[bool] = False

    def recognises(self, file_name: str) -> bool:
        return True

    def check(self, data: bytes, rules: Rules) -> None:
        """Nothing here: reading the file checks it, in full and in words."""

    def inspect(self, data: bytes, rules: Rules) -> None:
        """Nothing to execute, nothing to inspect."""

    def largest(self, rules: Rules) -> int:
        return rules.limits.bytes
