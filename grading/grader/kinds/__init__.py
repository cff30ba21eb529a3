"""What can be handed in: a small class for each kind, and the list of them."""

from __future__ import annotations

from grader.contract import Kind
from grader.kinds.base import Rules, SubmissionKind, refusal
from grader.kinds.code import CodeKind
from grader.kinds.notebook import NotebookKind
from grader.kinds.onnx import OnnxKind
from grader.kinds.predictions import PredictionsKind
from grader.kinds.skops import SkopsKind

__all__ = ["KINDS", "Rules", "SubmissionKind", "kind_of"]

# The first that recognises a file has it; predictions come last, because they take whatever is left.
KINDS: dict[Kind, SubmissionKind] = {
    kind.kind: kind for kind in (OnnxKind(), SkopsKind(), CodeKind(), NotebookKind(), PredictionsKind())
}

_PICKLE_SUFFIXES = (".pkl", ".pickle", ".joblib", ".sav")
_PICKLE_STARTS = tuple(b"\x80" + bytes([protocol]) for protocol in range(2, 6))
_MODELS = {Kind.ONNX, Kind.SKOPS}


def kind_of(*, file_name: str, data: bytes, pack: Rules) -> SubmissionKind:
    """Which kind the file is, by content and name. Raises SubmissionRejected for pickles and kinds not accepted."""
    accepted = pack.submission.kinds
    if file_name.lower().endswith(_PICKLE_SUFFIXES) or data.startswith(_PICKLE_STARTS):
        raise refusal("model_is_pickle" if _MODELS & set(accepted) else "file_is_pickle")
    found = next(kind for kind in KINDS.values() if kind.recognises(file_name))
    if found.kind not in accepted:
        labels = ", ".join(KINDS[kind].label for kind in accepted)
        raise refusal("kind_unknown", kind=found.label, accepted=labels)
    return found
