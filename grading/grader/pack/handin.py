"""What a hand-in must look like, apart from the rest of the pack: enough to check one far from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.pack.model import Limits, SubmissionForm
from grader.pack.reading import make


@dataclass(frozen=True)
class HandInRules:
    """The two sections of a manifest that reading a hand-in needs."""

    submission: SubmissionForm
    limits: Limits

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> HandInRules:
        """The rules from a manifest, or from a case as the site's API tells it."""
        rules: HandInRules = make(cls, data)
        return rules
