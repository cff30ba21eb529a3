"""Jupyter notebooks: their code cells are run from top to bottom, without a kernel."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from grader.contract import Kind
from grader.kinds.base import Rules, SubmissionKind, refusal
from grader.kinds.code import text_of
from grader.pack.form import RunLimits

MOST_CELLS = 2_000


class NotebookKind(SubmissionKind):
    """The last cell leaves the predictions, or some cell defines ``predict(data)``."""

    kind: ClassVar[Kind] = Kind.NOTEBOOK
    label: ClassVar[str] = "Jupyter (.ipynb)"
    suffixes: ClassVar[tuple[str, ...]] = (".ipynb",)
    limits: ClassVar[RunLimits] = RunLimits(
        kind=Kind.NOTEBOOK, bytes=5_000_000, seconds=60, memory_mb=2048, files=200, files_mb=200
    )

    def inspect(self, data: bytes, rules: Rules) -> None:
        if not any(cell.strip() for cell in code_cells(data)):
            raise refusal("notebook_no_code")


def code_cells(data: bytes) -> list[str]:
    """The source of each code cell, in order. Raises SubmissionRejected when the file is no Python notebook."""
    try:
        notebook = json.loads(text_of(data))
        cells = [_source(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]
        language = notebook.get("metadata", {}).get("language_info", {}).get("name", "python")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise refusal("notebook_damaged") from None
    if language != "python" or len(cells) > MOST_CELLS:
        raise refusal("notebook_damaged")
    return cells


def _source(cell: Any) -> str:
    source = cell["source"]
    text = source if isinstance(source, str) else "".join(source)
    if not isinstance(text, str):
        raise TypeError
    return text
