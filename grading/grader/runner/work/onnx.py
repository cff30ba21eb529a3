"""Runs ONNX models by ONNX Runtime, in one thread."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import numpy as np
import onnxruntime

from grader.runner.work import answers, payload

LEVEL = "model"
AT_ONCE = 50  # pictures

_DTYPES = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(uint8)": np.uint8,
    "tensor(bool)": np.bool_,
    "tensor(string)": np.object_,
}
# The smallest model: y = Identity(x), a column of floats.
_IDENTITY = base64.b64decode(
    "CAhCBAoAEBE6OQoQCgF4EgF5IghJZGVudGl0eRIBZ1oQCgF4EgsKCQgBEgUKAxIBbmIQCgF5EgsKCQgBEgUKAxIBbg=="
)


def warm_up() -> None:
    """Let the runtime allocate and choose what it does only once."""
    onnxruntime.disable_telemetry_events()
    onnxruntime.set_default_logger_severity(4)
    rehearse()


def rehearse() -> None:
    """Load and run the smallest model."""
    _session(_IDENTITY).run(None, {"x": np.zeros(1, np.float32)})


def _session(data: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 4
    options.add_session_config_entry("session.load_model_format", "ONNX")
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def run(job: dict[str, Any]) -> None:
    """Load, feed, answer."""
    try:
        content = payload.mapped(answers.FEATURES)
        session = _session(answers.submission())
        values = _answered(session, content)
    except Exception as error:
        answers.tell(error)
        answers.send_error(error)
        return
    if values is None:
        answers.send_malformed()
    else:
        answers.send_values(values)


def _answered(session: onnxruntime.InferenceSession, content: payload.Content) -> Any:
    """The values (rows, columns), or None where the outputs are of another shape."""
    if content.header["form"] != "pictures":
        return _run(session, _feed(session, content), content.header, rows=content.header["rows"])
    parts = []
    for name, batch in _batches(session, content):
        parts.append(_run(session, {name: batch}, content.header, rows=len(batch)))
    return None if any(part is None for part in parts) else np.vstack(parts)


def _run(session: onnxruntime.InferenceSession, feed: dict[str, Any], header: dict[str, Any], *, rows: int) -> Any:
    outputs = session.run(None, feed)
    names = [output.name for output in session.get_outputs()]
    return _values(dict(zip(names, outputs, strict=True)), header, rows=rows)


def _batches(session: onnxruntime.InferenceSession, content: payload.Content) -> Iterator[tuple[str, Any]]:
    """Some pictures at a time, with the input's name: layers blow them up, so that all at once would need gigabytes."""
    given = session.get_inputs()[0]
    every = pictures(content, axes=len(given.shape))
    fixed = next(iter(given.shape), None)
    size = fixed if isinstance(fixed, int) and fixed > 0 else AT_ONCE
    for start in range(0, len(every), size):
        yield given.name, every[start : start + size].astype(_DTYPES[given.type])


def _feed(session: onnxruntime.InferenceSession, content: payload.Content) -> dict[str, Any]:
    """Each input in the type that it asks for."""
    if content.header["form"] == "matrix":
        given = session.get_inputs()[0]
        return {given.name: matrix(content, _DTYPES[given.type])}
    return {given.name: _column(content, given.name, given.type) for given in session.get_inputs()}


def _column(content: payload.Content, name: str, kind: str) -> Any:
    return column(content, name, _DTYPES[kind]).reshape(-1, 1)


def pictures(content: payload.Content, *, axes: int) -> Any:
    """Grey values (rows, height, width), or as the model takes them: (rows, 1, height, width), (rows, pixels)."""
    rows, (height, width) = content.header["rows"], content.header["size"]
    shape = {2: (rows, height * width), 4: (rows, 1, height, width)}.get(axes, (rows, height, width))
    return np.frombuffer(content.part("pictures"), dtype=np.uint8).reshape(shape)


def matrix(content: payload.Content, dtype: Any) -> Any:
    """All inputs (rows, inputs)."""
    return _numbers(content, "matrix", dtype).reshape(content.header["rows"], -1)


def column(content: payload.Content, name: str, dtype: Any) -> Any:
    """One input as (rows,): numbers, or texts."""
    if content.header["inputs"][name] == "text":
        return np.array(content.texts(f"input {name}"), dtype=np.object_).astype(dtype, copy=False)
    return _numbers(content, f"input {name}", dtype)


def _numbers(content: payload.Content, name: str, dtype: Any) -> Any:
    """A part as it lies in memory, where it is there in that type."""
    if dtype is np.float32:
        return np.frombuffer(content.part(f"{name} f32"), dtype=np.float32)
    return np.frombuffer(content.part(name), dtype=np.float64).astype(dtype, copy=False)


def _values(outputs: dict[str, Any], header: dict[str, Any], *, rows: int) -> Any:
    aliases = [alias for _, alias in header["answer"]]
    if all(alias in outputs for alias in aliases):
        parts = [answers.as_values(outputs[alias], rows=rows, columns=1) for alias in aliases]
        return None if any(part is None for part in parts) else np.ascontiguousarray(np.hstack(parts))
    return answers.as_values(next(iter(outputs.values())), rows=rows, columns=len(aliases))
