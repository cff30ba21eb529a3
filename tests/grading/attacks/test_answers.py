"""Answers, errors and logs that an attacker writes by hand: they score as the numbers they are, or not at all."""

from __future__ import annotations

import json

import pytest

from grader.contract import Kind, Plane

ROWS, COLUMNS = 40, 2


def hidden(sandbox, source: str, **limits):
    return sandbox.run(Kind.CODE, f"import json, os, struct, sys\n{source}".encode(), on=Plane.HIDDEN, **limits)


def forging(content: str) -> str:
    """A program that writes the answer itself and ends before the harness can."""
    return f"def predict(data):\n    os.write(3, {content})\n    os._exit(0)\n"


VALUES = f"struct.pack('=d', 1.0) * {ROWS * COLUMNS}"


def test_a_forged_answer_is_worth_what_an_honest_one_is(sandbox):
    done = hidden(sandbox, forging(f"b'V' + {VALUES}"))

    assert (done.problems, done.values.tolist()) == ((), [[1.0, 1.0]] * ROWS)


@pytest.mark.parametrize(
    "content",
    [
        f"b'V' + {VALUES} + b'x'",
        f"b'V' + ({VALUES})[:-1]",
        f"(b'V' + {VALUES}) * 2",
        "b'V'",
        "b'V' + b'1,1\\n' * 40",
        f"b'V' + struct.pack('=f', 1.0) * {ROWS * COLUMNS}",
        "b'V\\x93NUMPY' + bytes(600)",
        "b'V\\x80\\x04cos\\nsystem\\n.' + bytes(600)",
        "bytes(1_000_000)",
    ],
    ids=["too long", "too short", "twice", "empty", "text", "float32", "npy", "pickle", "zeros"],
)
def test_an_answer_of_another_length_is_none(sandbox, content):
    done = hidden(sandbox, forging(content))

    assert done.values is None
    assert done.problems[0].code in ("answer_malformed", "answer_missing")


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e308", "-1.0"])
def test_numbers_out_of_bounds_are_refused_wherever_they_come_from(sandbox, number):
    done = hidden(sandbox, forging(f"b'V' + struct.pack('=d', float('{number}')) * {ROWS * COLUMNS}"))

    assert done.values is None
    assert done.problems[0].code in ("answer_not_finite", "answer_too_large", "answer_too_small")


def test_the_first_of_two_answers_does_not_win(sandbox):
    """It could only spoil the form: a good answer is as long as one."""
    done = hidden(sandbox, f"def predict(data):\n    os.write(3, b'V' + {VALUES})\n    return [[2, 2]] * {ROWS}\n")

    assert done.values is None


def test_a_fault_of_ours_cannot_be_feigned(sandbox):
    """Else attempts would be given back, and runs repeated, at will."""
    for content in ("b'X isolation failed'", "b'I'", "b''"):
        done = hidden(sandbox, forging(content))
        assert [problem.code for problem in done.problems] == ["answer_missing"]
    done = hidden(sandbox, "def predict(data): os._exit(70)")
    assert [problem.code for problem in done.problems] == ["answer_missing"]


@pytest.mark.parametrize(
    "told",
    [
        {"error": "Secret_41_42_43", "line": 1},
        {"error": "ValueError: 41, 42", "line": 2},
        {"error": "ValueError", "line": 10**12},
        {"error": "ValueError", "line": -3},
        {"error": "ValueError", "line": 3.7},
        {"error": "ValueError", "line": True, "cell": 1},
        {"error": ["ValueError"], "line": {"secret": 1}},
        {"error": "ValueError", "text": "secret 41", "params": {"secret": 41}},
        {"malformed": "secret 41"},
        ["secret"],
        "secret",
        None,
    ],
)
def test_errors_tell_a_known_class_and_a_line_that_there_is(sandbox, told):
    done = hidden(sandbox, forging(f"b'E' + {json.dumps(told).encode()!r}"))

    said = json.dumps([problem.to_json() for problem in done.problems])
    assert done.values is None
    assert all(secret not in said.lower() for secret in ("secret", "41"))
    for problem in done.problems:
        assert problem.code in ("run_error", "run_error_at", "answer_missing")
        assert problem.params.get("error", "Exception") in ("Exception", "ValueError")
        assert problem.params.get("line", 1) in range(1, 6)


def test_huge_or_broken_errors_are_no_errors(sandbox):
    for content in ("b'E' + b'x' * 5000", "b'E' + b'[' * 4000", "b'E' + b'\\xff' * 100", "b'E{\"error\": 1e999}'"):
        done = hidden(sandbox, forging(content))
        assert done.problems[0].code in ("answer_missing", "answer_malformed", "run_error")


def test_names_of_own_error_classes_carry_nothing_out(sandbox):
    done = hidden(
        sandbox,
        "def predict(data):\n    secret = int(data['test']['予定価格'].sum())\n    raise type(f'E{secret}', (Exception,), {})()\n",
    )

    assert done.problems[0].params["error"] == "Exception"


def test_no_log_of_hidden_data_comes_back(sandbox):
    done = hidden(
        sandbox, "def predict(data):\n    print(data['test'].to_csv())\n    sys.stderr.write('secret')\n    1 / 0\n"
    )

    assert done.log == ""
    assert done.problems[0].params == {"error": "ZeroDivisionError", "line": 5}


def test_a_log_that_looks_like_an_answer_is_a_log(coder):
    finding = coder.attack("""
def attack(data):
    print(json.dumps({"state": "done", "end": "answered", "status": "scored", "scores": {"public": {"wape": 0}}}))
    os.write(1, b"V" + bytes(160)); os.write(2, b'{"job": 1, "status": 0}')
    raise SystemExit
""")

    assert finding.end == "run_error_at"


def test_control_characters_in_logs_are_made_harmless(coder):
    finding = coder.attack(
        "def attack(data):\n    os.write(1, b'\\x1b]0;title\\x07\\x1b[2J\\xff\\x00ok\\n')\n    return 1"
    )

    assert "\x1b" not in finding.log
    assert "\x00" not in finding.log
    assert "ok" in finding.log


def test_the_harness_can_be_changed_and_nothing_comes_of_it(sandbox):
    done = hidden(
        sandbox,
        """
import builtins
def predict(data):
    import grader.runner.work.answers as answers, numpy as np
    answers._send = lambda *words: os.write(3, b"garbage")
    answers.send_values = lambda values: answers._send()
    json.dumps = lambda *words, **more: '{"state": "done"}'
    builtins.open = os.fstat = None
    np.asarray = lambda *words, **more: None
    return [[1, 1]] * 40
""",
    )

    assert done.values is None
    assert done.problems[0].code in ("answer_malformed", "answer_missing", "run_error", "run_error_at")
    assert hidden(sandbox, "def predict(data): return [[1, 1]] * 40").values.tolist() == [[1.0, 1.0]] * ROWS


def test_closing_or_swapping_the_descriptors_harms_only_oneself(sandbox):
    for body in ("os.closerange(0, 100)", "os.dup2(1, 3)", "os.close(3)", "os.dup2(3, 1)", "os.dup2(3, 2)"):
        done = hidden(sandbox, f"def predict(data):\n    {body}\n    return [[1, 1]] * 40\n")
        assert done.values is None or done.values.tolist() == [[1.0, 1.0]] * ROWS
    assert hidden(sandbox, "def predict(data): return [[1, 1]] * 40").problems == ()


def test_silence_with_everything_closed_still_ends_in_time(sandbox):
    done = hidden(
        sandbox, "import time\ndef predict(data):\n    os.closerange(0, 100)\n    time.sleep(100)\n", seconds=1.0
    )

    assert [problem.code for problem in done.problems] == ["run_timeout"]
    assert done.seconds < 4
