"""What a hand-in must look like, apart from the rest of the pack: enough to check one far from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.pack.form import Limits, SubmissionForm
from grader.pack.hints import HintRules
from grader.pack.model import DataFile
from grader.pack.reading import make


@dataclass(frozen=True)
class HandInRules:
    """The sections of a manifest that reading a hand-in needs, and those that hints on it need."""

    submission: SubmissionForm
    limits: Limits
    files: tuple[DataFile, ...] = ()
    hints: HintRules = field(default_factory=HintRules)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> HandInRules:
        """The rules from a manifest, or from a case as the site's API tells it."""
        rules: HandInRules = make(cls, data)
        return rules
