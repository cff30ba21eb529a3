"""ONNX models written by hand, field by field: small ones, and ones that no exporter would write."""

from __future__ import annotations

from collections.abc import Sequence

FLOAT, INT64, STRING = 1, 7, 8


def varint(value: int) -> bytes:
    """A number in the wire format."""
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def number(field: int, value: int) -> bytes:
    """A field that holds a number."""
    return varint(field << 3) + varint(value)


def part(field: int, content: bytes | str) -> bytes:
    """A field that holds a text or a message."""
    data = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(data)) + data


def node(op: str, given: Sequence[str], made: Sequence[str], *, domain: str = "", attributes: bytes = b"") -> bytes:
    """A NodeProto."""
    names = b"".join(part(1, name) for name in given) + b"".join(part(2, name) for name in made)
    return names + part(4, op) + attributes + (part(7, domain) if domain else b"")


def axis(value: int) -> bytes:
    """The attribute of Concat."""
    return part(5, part(1, "axis") + number(3, value) + number(20, 2))


def axes(*values: int, kept: bool = False) -> bytes:
    """The attributes of ReduceMax: over which axes, and whether these stay."""
    over = part(5, part(1, "axes") + b"".join(number(8, value) for value in values) + number(20, 7))
    return over + part(5, part(1, "keepdims") + number(3, int(kept)) + number(20, 2))


def value(name: str, kind: int, *, columns: int = 1, shape: Sequence[int | str] = ()) -> bytes:
    """A ValueInfoProto of that shape, else of (rows, columns)."""
    dims = shape or ("rows", columns)
    told = b"".join(part(1, number(1, dim) if isinstance(dim, int) else part(2, dim)) for dim in dims)
    return part(1, name) + part(2, part(1, number(1, kind) + part(2, told)))


def tensor(name: str, *, floats: bytes = b"", dims: Sequence[int] = (), more: bytes = b"") -> bytes:
    """A TensorProto of float32 from raw bytes."""
    return b"".join(number(1, dim) for dim in dims) + number(2, FLOAT) + part(8, name) + part(9, floats) + more


def model(
    *, nodes: Sequence[bytes], inputs: Sequence[bytes], outputs: Sequence[bytes], weights: Sequence[bytes] = (),
    domains: Sequence[str] = ("",), more: bytes = b"",
) -> bytes:  # fmt: skip
    """A ModelProto of opset 17."""
    graph = b"".join(part(1, each) for each in nodes) + part(2, "graph")
    graph += b"".join(part(5, each) for each in weights)
    graph += b"".join(part(11, each) for each in inputs) + b"".join(part(12, each) for each in outputs)
    opsets = b"".join(part(8, part(1, domain) + number(2, 17)) for domain in domains)
    return number(1, 8) + opsets + part(7, graph) + more


def good(*, price: str = "price", weekday: str = "weekday") -> bytes:
    """For the tiny case: the price as demand, the weekday as order; one output for both."""
    return model(
        nodes=[node("Concat", [price, weekday], ["answer"], attributes=axis(1))],
        inputs=[value(price, FLOAT), value(weekday, FLOAT)],
        outputs=[value("answer", FLOAT, columns=2)],
    )


def good_by_name() -> bytes:
    """The same with an output for each column."""
    return model(
        nodes=[node("Identity", ["price"], ["demand"]), node("Identity", ["weekday"], ["order"])],
        inputs=[value("price", FLOAT), value("weekday", FLOAT)],
        outputs=[value("demand", FLOAT), value("order", FLOAT)],
    )


def brightest(*shape: int | str, kind: int = FLOAT) -> bytes:
    """For pictures in that shape: the largest value of each as demand and as order."""
    over = axes(*range(1, len(shape)), kept=False)
    return model(
        nodes=[
            node("ReduceMax", ["pictures"], ["most"], attributes=over),
            node("Identity", ["most"], ["demand"]),
            node("Identity", ["most"], ["order"]),
        ],
        inputs=[value("pictures", kind, shape=shape)],
        outputs=[value(name, kind, shape=shape[:1]) for name in ("demand", "order")],
    )


def beside_the_mean() -> bytes:
    """A model that adds the mean price of all rows to each."""
    return model(
        nodes=[
            node("ReduceMean", ["price"], ["mean"]),
            node("Add", ["price", "mean"], ["demand"]),
            node("Identity", ["weekday"], ["order"]),
        ],
        inputs=[value("price", FLOAT), value("weekday", FLOAT)],
        outputs=[value("demand", FLOAT), value("order", FLOAT)],
    )
