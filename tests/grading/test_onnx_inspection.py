"""The look into ONNX files: it never crashes, costs little, and sees what an honest reader sees."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.kinds.onnx import _Inspection
from grader.kinds.protobuf import Damaged, Message
from tests.grading import onnx_files
from tests.grading.onnx_files import number, part

GOOD = onnx_files.good()


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=400))
def test_any_bytes_are_a_model_or_damaged(data):
    try:
        _Inspection(data).walk()
    except Damaged:
        return


@settings(max_examples=300, deadline=None)
@given(at=st.integers(0, len(GOOD) - 1), byte=st.integers(0, 255))
def test_a_changed_byte_is_a_model_or_damaged(at, byte):
    data = bytearray(GOOD)
    data[at] = byte
    try:
        _Inspection(bytes(data)).walk()
    except Damaged:
        return


scalars = st.one_of(
    st.builds(number, st.just(8), st.integers(0, 2**63 - 1)),
    st.builds(lambda bits: b"\x3d" + bits, st.binary(min_size=4, max_size=4)),
    st.builds(part, st.just(9), st.binary(max_size=200)),
    st.builds(part, st.just(5), st.binary(max_size=20)),
    st.builds(number, st.just(20), st.integers(0, 200)),
)


@settings(max_examples=300, deadline=None)
@given(fields=st.lists(scalars, max_size=40))
def test_passing_over_lists_hides_no_other_field(fields):
    data = b"".join(fields)

    passed = Message(data, skipping=frozenset({7, 8, 9})).all_fields()

    seen = [(field.number, field.value, bytes(field.content)) for field in passed]
    honest = [(field.number, field.value, bytes(field.content)) for field in Message(data).all_fields()]
    assert seen == [field for field in honest if field[0] not in (7, 8, 9)]


@pytest.mark.parametrize(
    "field",
    [b"\x3d\x00\x00\x80?", number(8, 300), number(8, 1), part(9, "BRANCH_LEQ")],
    ids=["floats", "ints", "ones", "texts"],
)
def test_a_forest_of_a_million_numbers_is_looked_through_soon(field):
    trees = onnx_files.node("Trees", ["x"], ["y"], attributes=part(5, part(1, "a") + field * 1_000_000))
    data = onnx_files.model(nodes=[trees], inputs=[onnx_files.value("x", 1)], outputs=[onnx_files.value("y", 1)])
    started = time.process_time()

    _Inspection(data).walk()

    assert time.process_time() - started < 3
