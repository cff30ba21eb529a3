"""What every kind of submission has: a name, its suffixes, limits, and a check that executes nothing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from grader.contract import Kind
from grader.csvfile import SubmissionRejected
from grader.pack.form import RunLimits
from grader.pack.handin import HandInRules
from grader.pack.model import Pack
from grader.problems import JSON, Problem

Rules = Pack | HandInRules


class SubmissionKind(ABC):
    """One thing that can be handed in. ``label`` is what messages call it, the same in both languages."""

    kind: ClassVar[Kind]
    label: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    is_executed: ClassVar[bool] = True
    limits: ClassVar[RunLimits]

    def recognises(self, file_name: str) -> bool:
        """Whether the file is meant to be of this kind; ``check`` finds out whether it is."""
        return file_name.lower().endswith(self.suffixes)

    @abstractmethod
    def inspect(self, data: bytes, rules: Rules) -> None:
        """Look at the content without executing it. Raises SubmissionRejected."""

    def check(self, data: bytes, rules: Rules) -> None:
        """Refuse what cannot be run: too large, empty, damaged or forbidden. Raises SubmissionRejected."""
        if not data:
            raise refusal("submission_empty", kind=self.label)
        if len(data) > (limit := self.largest(rules)):
            raise refusal("submission_too_large", bytes=len(data), limit=limit)
        self.inspect(data, rules)

    def run_limits(self, rules: Rules) -> RunLimits:
        """What the case allows a run of this kind, else the kind's own limits."""
        return next((limits for limits in rules.limits.runs if limits.kind is self.kind), self.limits)

    def largest(self, rules: Rules) -> int:
        """Bytes that a file of this kind may have."""
        return self.run_limits(rules).bytes


def refusal(code: str, **params: JSON) -> SubmissionRejected:
    """A refusal for one reason."""
    return SubmissionRejected([Problem(code, dict(params))])
