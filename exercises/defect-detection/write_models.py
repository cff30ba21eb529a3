"""Writes the model among the samples: .venvs/notebook/bin/python …/write_models.py --build DIR.

As a learner would, and as the second starter does: two clues of each picture by itself, fitted on the public files and
written as ONNX that takes pictures. Run `grader check --record` afterwards.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper
from plant.inspectors import cheapest_threshold
from plant.lots import Floats
from plant.settings import SIDE
from plant.view import read_view
from scipy.ndimage import convolve1d
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

ACCEPTED = Path(__file__).with_name("samples") / "accepted"
FINE, COARSE = 1.5, 6.0
REACH = 18
OPSET = 17


@dataclass(frozen=True)
class Judge:
    """A logistic regression on two clues, and from which probability on a part is stopped."""

    weights: Floats
    level: Floats
    border: float


def bell(width: float) -> Floats:
    """A Gaussian as a line of numbers."""
    line = np.exp(-0.5 * (np.arange(-REACH, REACH + 1) / width) ** 2)
    return (line / line.sum()).astype(np.float32)


def clues(pictures: Floats) -> Floats:
    """How far the brightest and the darkest spot of each picture stand out, by the picture's own spread: (rows, 2)."""
    fine, coarse = (_blurred(pictures.astype(np.float32), width) for width in (FINE, COARSE))
    spots = fine - coarse
    usual = np.sqrt(np.square(spots).sum(axis=(1, 2))) / SIDE
    return np.column_stack([spots.max(axis=(1, 2)), -spots.min(axis=(1, 2))]) / usual[:, None]


def _blurred(pictures: Floats, width: float) -> Floats:
    along = convolve1d(pictures, bell(width), axis=2, mode="nearest")
    return convolve1d(along, bell(width), axis=1, mode="nearest")


def fitted(build: Path) -> Judge:
    """Fitted on the known parts; the border is the cheapest one on lots held out."""
    view = read_view(build / "public")
    given, model = clues(view.known), LogisticRegression(max_iter=1000)
    held_out = cross_val_predict(
        model, given, view.defect, groups=view.known_lots, cv=GroupKFold(6), method="predict_proba"
    )
    model.fit(given, view.defect)
    return Judge(model.coef_.T, model.intercept_, cheapest_threshold(held_out[:, 1], view.defect))


def as_onnx(judge: Judge) -> onnx.ModelProto:
    """The way from grey values (rows, 1, height, width) to score and label, each (rows, 1)."""
    given = helper.make_tensor_value_info("pictures", onnx.TensorProto.FLOAT, ["rows", 1, SIDE, SIDE])
    answers = [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["rows", 1]) for name in ("score", "label")]
    numbers = [numpy_helper.from_array(np.asarray(value), name) for name, value in _numbers(judge).items()]
    graph = helper.make_graph(list(_nodes()), "inspector", [given], answers, numbers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def _numbers(judge: Judge) -> dict[str, object]:
    found: dict[str, object] = {"frame": np.array([0, 0, REACH, REACH, 0, 0, REACH, REACH], dtype=np.int64)}
    for name, width in (("fine", FINE), ("coarse", COARSE)):
        found[f"{name}_row"], found[f"{name}_column"] = (
            bell(width).reshape(1, 1, 1, -1),
            bell(width).reshape(1, 1, -1, 1),
        )
    # The norm of a picture's spots is its spread, times the side of the picture.
    found["weights"] = (judge.weights * SIDE).astype(np.float32)
    return found | {"level": judge.level.astype(np.float32), "border": np.float32([judge.border])}


def _nodes() -> Iterator[onnx.NodeProto]:
    yield helper.make_node("Pad", ["pictures", "frame"], ["wide"], mode="edge")
    for name in ("fine", "coarse"):
        yield helper.make_node("Conv", ["wide", f"{name}_row"], [f"{name}_along"])
        yield helper.make_node("Conv", [f"{name}_along", f"{name}_column"], [name])
    yield helper.make_node("Sub", ["fine", "coarse"], ["spots"])
    yield helper.make_node("Neg", ["spots"], ["hollows"])
    for kind, spots, found in (
        ("ReduceMax", "spots", "brightest"),
        ("ReduceMax", "hollows", "darkest"),
        ("ReduceL2", "spots", "usual"),
    ):
        yield helper.make_node(kind, [spots], [found], axes=[2, 3], keepdims=0)
    yield helper.make_node("Concat", ["brightest", "darkest"], ["strongest"], axis=1)
    yield helper.make_node("Div", ["strongest", "usual"], ["clues"])
    yield helper.make_node("Gemm", ["clues", "weights", "level"], ["sum"])
    yield helper.make_node("Sigmoid", ["sum"], ["score"])
    yield helper.make_node("GreaterOrEqual", ["score", "border"], ["stops"])
    yield helper.make_node("Cast", ["stops"], ["label"], to=onnx.TensorProto.FLOAT)


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True, help="a folder made by grader build from the demo seed")
    judge = fitted(parser.parse_args().build)
    (ACCEPTED / "spots.onnx").write_bytes(as_onnx(judge).SerializeToString())


if __name__ == "__main__":
    main()
