"""Models in ONNX: one file of standard operators, without parts elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from grader.contract import Kind
from grader.kinds.base import Rules, SubmissionKind, refusal
from grader.kinds.protobuf import Damaged, Field, Message
from grader.pack.form import RunLimits
from grader.problems import shown

DOMAINS = {"", "ai.onnx", "ai.onnx.ml"}
MOST_PARTS = 50_000
DEEPEST = 8

# Field numbers of onnx.proto3, by message.
_MODEL = {"graph": 7, "opset_import": 8, "training": 20, "functions": 25}
_GRAPH = {"node": 1, "initializer": 5, "input": 11, "output": 12, "sparse": 15}
_NODE = {"attribute": 5, "domain": 7}
_ATTRIBUTE = {"tensor": 5, "graph": 6, "tensors": 10, "graphs": 11, "sparse": 22, "sparses": 23}
_LISTS = frozenset({7, 8, 9})  # floats, ints and strings of an attribute
_TENSOR = {"external_data": 13, "data_location": 14}


class OnnxKind(SubmissionKind):
    """An ONNX model, run by ONNX Runtime on the columns or pictures that the case names."""

    kind: ClassVar[Kind] = Kind.ONNX
    label: ClassVar[str] = "ONNX (.onnx)"
    suffixes: ClassVar[tuple[str, ...]] = (".onnx",)
    limits: ClassVar[RunLimits] = RunLimits(kind=Kind.ONNX, bytes=20 * 1024**2, seconds=10, memory_mb=1024)

    def inspect(self, data: bytes, rules: Rules) -> None:
        try:
            model = _Inspection(data)
            model.walk()
        except Damaged:
            raise refusal("onnx_damaged") from None
        if domains := sorted(model.domains - DOMAINS):
            raise refusal("onnx_domain", domains=shown(", ".join(domains)))
        if model.is_external:
            raise refusal("onnx_external")
        _check_inputs(model.inputs, rules)


def _check_inputs(found: list[str], rules: Rules) -> None:
    """An input by each of the case's names, or one for all of them or for the pictures."""
    form = rules.submission.model
    if form is None:
        raise refusal("model_unwanted")
    expected = [each.name for each in form.inputs]
    if form.form == "pictures":
        if len(found) != 1:
            raise refusal("onnx_one_picture_input", found=len(found))
        return
    if form.form == "matrix":
        if len(found) != 1:
            raise refusal("onnx_one_input", found=len(found), columns=len(expected), names=", ".join(expected))
    elif set(found) - set(expected) or not found:
        names = shown(", ".join(sorted(set(found) - set(expected))) or "–")
        raise refusal("onnx_inputs", found=names, expected=", ".join(expected))


class _Inspection:
    """Walks the parts of a model that may refer to something outside it; costs are bounded."""

    def __init__(self, data: bytes) -> None:
        self.model = Message(data)
        self.domains: set[str] = set()
        self.inputs: list[str] = []
        self.is_external = False
        self._left = MOST_PARTS

    def walk(self) -> None:
        """Read the whole model. Raises Damaged."""
        graphs = list(self._parts(self.model, _MODEL["graph"]))
        if len(graphs) != 1:
            raise Damaged
        self._opsets(self.model, _MODEL["opset_import"])
        initial = {tensor.text(8) for tensor in self._parts(graphs[0], _GRAPH["initializer"])}
        named = [value.text(1) for value in self._parts(graphs[0], _GRAPH["input"])]
        self.inputs = [name for name in named if name not in initial]
        self._graph(graphs[0], depth=0)
        for function in self._parts(self.model, _MODEL["functions"]):
            self._opsets(function, 9)
            for node in self._parts(function, 7):
                self._node(node, depth=0)
        for training in self._parts(self.model, _MODEL["training"]):
            for number in (1, 2):
                for graph in self._parts(training, number):
                    self._graph(graph, depth=0)

    def _parts(self, message: Message, number: int) -> Iterator[Message]:
        for field in message.fields(number):
            self._count()
            yield field.message()

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise Damaged

    def _opsets(self, message: Message, number: int) -> None:
        self.domains |= {opset.text(1) for opset in self._parts(message, number)}

    def _graph(self, graph: Message, *, depth: int) -> None:
        if depth > DEEPEST:
            raise Damaged
        for node in self._parts(graph, _GRAPH["node"]):
            self._node(node, depth=depth)
        for tensor in self._parts(graph, _GRAPH["initializer"]):
            self._tensor(tensor)
        for sparse in self._parts(graph, _GRAPH["sparse"]):
            self._sparse(sparse)

    def _node(self, node: Message, *, depth: int) -> None:
        self.domains.add(node.text(_NODE["domain"]))
        for field in node.fields(_NODE["attribute"]):
            self._count()
            self._attribute(field.list_of(skipping=_LISTS), depth=depth)

    def _attribute(self, attribute: Message, *, depth: int) -> None:
        for field in attribute.all_fields():
            self._count()
            if field.number in (_ATTRIBUTE["tensor"], _ATTRIBUTE["tensors"]):
                self._tensor(field.message())
            elif field.number in (_ATTRIBUTE["graph"], _ATTRIBUTE["graphs"]):
                self._graph(field.message(), depth=depth + 1)
            elif field.number in (_ATTRIBUTE["sparse"], _ATTRIBUTE["sparses"]):
                self._sparse(field.message())

    def _sparse(self, sparse: Message) -> None:
        for number in (1, 2):
            for tensor in self._parts(sparse, number):
                self._tensor(tensor)

    def _tensor(self, tensor: Message) -> None:
        marks: list[Field] = [*tensor.fields(_TENSOR["external_data"]), *tensor.fields(_TENSOR["data_location"])]
        if any(field.number == _TENSOR["external_data"] or field.value for field in marks):
            self.is_external = True
