"""Whatever is sent to the runner, it answers in words or hangs up, and the next client is served."""

from __future__ import annotations

import json
import os
import socket
import struct
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.contract import Kind
from grader.runner import client, wire
from grader.runner.work import payload

pytestmark = pytest.mark.xdist_group("runner")

GOOD = "def predict(data): return [[1, 1]] * 10"
LIMITS = {"seconds": 5.0, "memory_mb": 256, "output_bytes": 1000, "files": 5, "files_mb": 1}
JOB = {"kind": "onnx", "features": "0" * 64, "limits": LIMITS, "answer_bytes": 160, "wants_log": True}

FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
jsons = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def talk(sandbox, data: bytes) -> bytes:
    """Send the bytes, say no more, and return what comes back."""
    with socket.socket(socket.AF_UNIX) as channel:
        channel.settimeout(30)
        channel.connect(str(sandbox.socket))
        with suppress(OSError):
            channel.sendall(data)
            channel.shutdown(socket.SHUT_WR)
        answer = b""
        with suppress(ConnectionError):
            while chunk := channel.recv(65536):
                answer += chunk
        return answer


def framed(header: object, *blobs: bytes) -> bytes:
    told = json.dumps(header).encode()
    return struct.pack("!I", len(told)) + told + b"".join(blobs)


def state_of(answer: bytes) -> str:
    return json.loads(answer[4:])["state"] if answer else "hung up"


@pytest.fixture(autouse=True)
def _still_serves(sandbox):
    yield
    assert sandbox.code(GOOD).problems == ()


@FUZZ
@given(data=st.binary(max_size=300))
def test_bytes_of_any_kind(sandbox, data):
    assert state_of(talk(sandbox, data)) in ("hung up", "refused")


@FUZZ
@given(header=jsons)
def test_headers_of_any_kind(sandbox, header):
    assert state_of(talk(sandbox, framed(header))) in ("hung up", "refused")


@FUZZ
@given(name=st.sampled_from(sorted(JOB)), value=jsons)
def test_jobs_with_one_field_of_any_kind(sandbox, name, value):
    header = {"op": "run", "job": {**JOB, name: value}, "blobs": [4]}

    assert state_of(talk(sandbox, framed(header, b"onnx"))) in ("hung up", "refused", "taken")


@FUZZ
@given(name=st.sampled_from(sorted(LIMITS)), value=jsons)
def test_limits_of_any_kind(sandbox, name, value):
    header = {"op": "run", "job": {**JOB, "limits": {**LIMITS, name: value}}, "blobs": [4]}

    assert state_of(talk(sandbox, framed(header, b"onnx"))) in ("hung up", "refused", "taken")


@pytest.mark.parametrize(
    "header",
    [
        {"op": "run", "job": JOB, "blobs": [-1]},
        {"op": "run", "job": JOB, "blobs": [10**12]},
        {"op": "run", "job": JOB, "blobs": [1.5]},
        {"op": "run", "job": JOB, "blobs": [True]},
        {"op": "run", "job": {**JOB, "kind": "probe"}, "blobs": [0]},
        {"op": "run", "job": {**JOB, "kind": "predictions"}, "blobs": [0]},
        {"op": "run", "job": {**JOB, "features": "../../etc/passwd"}, "blobs": [0]},
        {"op": "run", "job": {**JOB, "limits": {**LIMITS, "seconds": 10**9}}, "blobs": [0]},
        {"op": "run", "job": {**JOB, "limits": {**LIMITS, "memory_mb": True}}, "blobs": [0]},
        {"op": "run", "job": {**JOB, "answer_bytes": -1}, "blobs": [0]},
        {"op": "shell", "blobs": []},
        {"op": "run", "job": JOB, "blobs": [0, 0]},
    ],
)
def test_requests_beyond_the_limits_are_refused(sandbox, header):
    assert state_of(talk(sandbox, framed(header))) in ("hung up", "refused")


def test_features_must_be_those_of_their_digest(sandbox):
    with socket.socket(socket.AF_UNIX) as channel:
        channel.connect(str(sandbox.socket))
        wire.send(channel, {"op": "run", "job": JOB}, b"onnx")
        assert wire.receive(channel)[0] == {"state": "taken", "needs_features": True, "blobs": []}
        wire.send(channel, {}, b"other data")
        assert wire.receive(channel)[0]["state"] == "refused"


def test_clients_that_stop_half_way_cost_nothing(sandbox):
    waiting = []
    for _ in range(50):
        channel = socket.socket(socket.AF_UNIX)
        channel.connect(str(sandbox.socket))
        channel.sendall(b"\0\0")
        waiting.append(channel)

    assert sandbox.code(GOOD).problems == ()
    for channel in waiting:
        channel.close()


def test_other_users_are_not_let_in(sandbox):
    if os.geteuid() != 0:
        pytest.skip("only root can try as somebody else")
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(64_999, 64_999, 64_999)
            os.setresuid(64_999, 64_999, 64_999)
            client.status(sandbox.socket)
        except client.RunnerUnavailable:
            os._exit(7)
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=200))
def test_payloads_of_any_kind_are_read_or_refused(data):
    with suppress(ValueError, KeyError, TypeError, struct.error, UnicodeDecodeError):
        payload.Content(memoryview(data))


@given(parts=st.dictionaries(st.text("abc", min_size=1, max_size=3), st.binary(max_size=100), max_size=5))
def test_a_payload_reads_as_it_was_written(parts):
    content = payload.Content(memoryview(payload.write({"rows": 3}, parts)))

    assert {name: bytes(content.part(name)) for name in parts} == parts
    assert content.header["rows"] == 3


def test_a_kind_that_this_runner_does_not_run_is_refused(sandbox):
    assert Kind("onnx").value in JOB["kind"]
    answer = talk(sandbox, framed({"op": "run", "job": {**JOB, "kind": "image"}, "blobs": [0]}))

    assert state_of(answer) == "refused"
