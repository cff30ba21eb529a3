"""What comes back from runs: values in canonical order, or problems in words, and logs only of public data."""

from __future__ import annotations

import os
import signal
import threading
import time

import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.linear_model import LinearRegression

from grader.contract import Kind, Plane
from grader.kinds import KINDS
from grader.runner import client
from tests.grading import onnx_files
from tests.grading.sandboxes import warm_processes
from tests.grading.test_kinds import notebook_of

pytestmark = pytest.mark.xdist_group("runner")

GOOD = """
import pandas as pd

def predict(data):
    test = data["test"]
    print("rows:", len(test))
    answer = pd.DataFrame({"id": test["id"], "demand": test["予定価格"], "order": 1})
    return answer.sample(frac=1, random_state=1)
"""

ANSWER = "t[['id']].assign(demand=t['予定価格'], order=1)"


@pytest.fixture(scope="module")
def prices(build):
    """The prices of the test file in canonical order: what GOOD and the models below predict as demand."""
    frame = pd.read_csv(build.public("test.csv")).set_index("id")
    return frame.loc[list(build.ids.values), "予定価格"].to_numpy(dtype=float)


@pytest.fixture(scope="module")
def weekdays(build):
    frame = pd.read_csv(build.public("test.csv"), parse_dates=["日付"]).set_index("id")
    return frame.loc[list(build.ids.values), "日付"].dt.day_of_week.to_numpy(dtype=float)


def codes_of(done) -> list[str]:
    return [problem.code for problem in done.problems]


def test_code_predicts_in_canonical_order_however_it_answers(sandbox, prices):
    done = sandbox.code(GOOD, on=Plane.HIDDEN)

    assert done.problems == ()
    assert done.values.tolist() == np.column_stack([prices, np.ones(40)]).tolist()
    assert (done.log, len(done.environment)) == ("", 64)


def test_a_trial_run_sees_the_sample_alone_and_shows_its_log(sandbox, prices):
    done = sandbox.code(GOOD, on=Plane.SAMPLE)

    assert done.log == "rows: 10\n"
    assert done.values[:, 0].tolist() == prices[:10].tolist()


def test_arrays_are_taken_in_the_order_of_the_test_file(sandbox):
    done = sandbox.code("import numpy as np\ndef predict(data): return np.full((len(data['test']), 2), 7)")

    assert done.values.tolist() == [[7.0, 7.0]] * 10


@pytest.mark.parametrize("model", [onnx_files.good(), onnx_files.good_by_name()], ids=["one output", "by name"])
def test_onnx_gets_its_inputs_by_name(sandbox, prices, weekdays, model):
    done = sandbox.run(Kind.ONNX, model, on=Plane.HIDDEN)

    assert done.problems == ()
    assert done.values.tolist() == np.column_stack([prices, weekdays]).tolist()


def test_skops_gets_a_frame_with_those_columns(sandbox, prices, weekdays):
    given = pd.DataFrame({"price": [90.0, 100, 110, 95], "weekday": [1.0, 2, 5, 3]})
    model = LinearRegression().fit(given, np.column_stack([given["price"] * 2, np.full(4, 3)]))

    done = sandbox.run(Kind.SKOPS, skops.io.dumps(model), on=Plane.HIDDEN)

    # The order is not exactly whole: that is the learner's to mend, and said with its row.
    assert codes_of(done) in ([], ["answer_not_integer"])
    rounded = LinearRegression().fit(given, given[["price", "weekday"]])
    done = sandbox.run(Kind.SKOPS, skops.io.dumps(rounded), on=Plane.HIDDEN)
    assert codes_of(done) in ([], ["answer_not_integer"])


@pytest.mark.parametrize(
    "cells",
    [
        (
            "%matplotlib inline\nimport pandas as pd\n!pip install x\n",
            "%%time\ntest = pd.read_csv('test.csv')\n",
            "%%bash\nls",
            "answer = test[['id']].assign(demand=test['予定価格'], order=1)\ndisplay(answer.head(1))",
            "answer",
        ),
        ("import manabiai\nt = manabiai.data().read('test.csv')", f"manabiai.submit({ANSWER})"),
        (
            "import manabiai\nt = manabiai.data().read('test.csv', english=True)",
            "predictions = t[['id']].assign(demand=t['price'], order=1)\nmanabiai.check(predictions, hints=False)",
            "open('my.onnx', 'wb').write(bytes([8, 255]))\nmanabiai.submit('my.onnx', note='ONNX')",
            "manabiai.scores()\nmanabiai.board()",
            "manabiai.submit()",
        ),
        (f"def predict(data):\n    t = data['test']\n    return {ANSWER}", "print('end')"),
    ],
    ids=["last value", "as on the site", "in English, itself", "predict"],
)
def test_notebooks_leave_their_predictions(sandbox, prices, cells):
    done = sandbox.run(Kind.NOTEBOOK, notebook_of(*cells), on=Plane.HIDDEN)

    assert done.problems == ()
    assert done.values[:, 0].tolist() == prices.tolist()


def test_an_error_shows_its_line_on_hidden_data_and_no_more(sandbox):
    source = "def helper():\n    raise ValueError('the secret 42')\n\ndef predict(data):\n    return helper()\n"

    hidden, sample = sandbox.code(source, on=Plane.HIDDEN), sandbox.code(source)

    expected = {"error": "ValueError", "line": 2}
    assert (hidden.log, hidden.problems[0].code, hidden.problems[0].params) == ("", "run_error_at", expected)
    assert sample.problems == hidden.problems
    assert "the secret 42" in sample.log
    assert "raise ValueError" in sample.log
    assert "grader" not in sample.log


def test_the_log_tells_no_folders_of_this_machine_and_nothing_of_what_the_grader_does_inside(sandbox):
    within_pandas = sandbox.code("def predict(data):\n    return data['test']['no such column']\n")
    within_ours = sandbox.code("def predict(data):\n    return data['no such file']\n")

    assert 'File "pandas/core/frame.py"' in within_pandas.log
    assert 'File "/' not in within_pandas.log
    lines = within_ours.log.splitlines()
    assert lines[1] == '  File "solution.py", line 2, in predict'
    assert lines[-1].startswith("KeyError: 'no such file; there are")
    assert "grader" not in within_ours.log


def test_a_notebook_that_leaves_nothing_is_told_where_predictions_are_looked_for(sandbox):
    done = sandbox.run(Kind.NOTEBOOK, notebook_of("x = 1", "print('end')"), on=Plane.SAMPLE)

    assert (codes_of(done), done.log) == (["notebook_left_nothing"], "end\n")


def test_an_error_in_a_notebook_names_its_cell(sandbox):
    done = sandbox.run(Kind.NOTEBOOK, notebook_of("x = 1", "\n1 / 0"), on=Plane.HIDDEN)

    assert done.problems[0].params == {"error": "ZeroDivisionError", "line": 2, "cell": 2}


def test_also_one_of_many_short_cells_in_a_notebook_written_on_one_line(sandbox):
    done = sandbox.run(Kind.NOTEBOOK, notebook_of(*["x = 1"] * 9, "1 / 0"), on=Plane.HIDDEN)

    assert done.problems[0].params == {"error": "ZeroDivisionError", "line": 1, "cell": 10}


def test_a_syntax_error_has_its_line_too(sandbox):
    done = sandbox.code("x = 1\ndef predict(data) return\n")

    assert (done.problems[0].code, done.problems[0].params["line"]) == ("run_error_at", 2)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("None", "predict_returned_nothing"),
        ("[1, 2, 3]", "answer_malformed"),
        ("'text'", "run_error"),
        ("data['test'][['id']].assign(demand=1)", "answer_malformed"),
        ("data['test'][['id']].head(3).assign(demand=1, order=1)", "answer_malformed"),
        ("[[float('nan'), 1]] * 10", "answer_not_finite"),
        ("[[1, float('inf')]] * 10", "answer_not_finite"),
        ("[[-1, 1]] * 10", "answer_too_small"),
        ("[[1, 101]] * 10", "answer_too_large"),
        ("[[1, 0.5]] * 10", "answer_not_integer"),
    ],
)
def test_answers_that_do_not_fit_are_told_in_words(sandbox, body, code):
    done = sandbox.code(f"def predict(data):\n    return {body}\n")

    assert done.values is None
    assert codes_of(done) == [code]
    assert done.problems[0].text("ja")


def test_a_malformed_answer_is_told_both_names_of_each_column(sandbox):
    done = sandbox.code("def predict(data):\n    return [1, 2, 3]\n")

    for language in ("ja", "en"):
        assert "予測 (demand), 発注数 (order)" in done.problems[0].text(language)


def test_limits_of_time_memory_and_output_end_a_run(sandbox):
    slow = sandbox.code("def predict(data):\n    while True: pass", seconds=1.0)
    large = sandbox.code("def predict(data):\n    return bytearray(10**10)", memory_mb=300)
    loud = sandbox.code("def predict(data):\n    while True: print('x' * 1000)", output_bytes=50_000)

    assert [codes_of(done) for done in (slow, large, loud)] == [["run_timeout"], ["run_memory"], ["run_output"]]
    assert 0.9 < slow.seconds < 3
    assert len(loud.log) == 50_000


def test_a_run_can_be_cancelled(sandbox):
    asked_at = time.monotonic()

    done = client.run(
        kind=KINDS[Kind.CODE],
        data=b"def predict(data):\n    while True: pass",
        pack=sandbox.pack,
        build=sandbox.build,
        on=Plane.HIDDEN,
        socket=sandbox.socket,
        cancelled=lambda: time.monotonic() > asked_at + 0.5,
    )

    assert codes_of(done) == ["run_cancelled"]
    assert sandbox.code(GOOD).problems == ()


def test_who_comes_while_all_places_are_taken_waits(sandbox):
    sleeper = "import time\ndef predict(data):\n    time.sleep(1.0)\n    return [[1, 1]] * 10\n"
    done = []
    threads = [threading.Thread(target=lambda: done.append(sandbox.code(sleeper))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [each.problems for each in done] == [(), (), ()]
    waited = sorted(each.queued_seconds for each in done)
    assert waited[1] < 0.5 < waited[2]


def test_programs_have_threads_files_and_lazy_imports(sandbox):
    source = """
import threading, pathlib, tempfile, calendar, xml.dom.minidom, decimal, sqlite3

def predict(data):
    found = []
    thread = threading.Thread(target=lambda: found.append(1)); thread.start(); thread.join()
    pathlib.Path("note.txt").write_text("a"); assert pathlib.Path("note.txt").read_text() == "a"
    with tempfile.NamedTemporaryFile() as file: file.write(b"x")
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.neighbors import KNeighborsRegressor
    RandomForestRegressor(n_estimators=4, n_jobs=2).fit([[0], [1]], [0, 1]).predict([[1]])
    KNeighborsRegressor(n_neighbors=1).fit([[0], [1]], [0, 1]).predict([[1]])
    return [[found[0], 1]] * 10
"""
    done = sandbox.code(source)

    assert (done.problems, done.log) == ((), "")


def test_unseeded_code_gives_the_same_numbers_again(sandbox):
    source = "import numpy as np, random\ndef predict(data): return [[np.random.rand() + random.random(), 1]] * 10"

    first, second = sandbox.code(source), sandbox.code(source)

    assert first.values.tolist() == second.values.tolist()


def test_a_dead_warm_process_is_replaced(sandbox):
    """No child can reach its parent, so the parent is ended from outside; the run after that gets a new one."""
    assert sandbox.code(GOOD).problems == ()

    for process in warm_processes("python"):
        os.kill(process, signal.SIGKILL)
    time.sleep(0.3)

    assert sandbox.code(GOOD).problems == ()


def test_a_run_whose_warm_process_dies_is_to_be_tried_again(sandbox):
    def kill_soon():
        time.sleep(1.0)
        for process in warm_processes("python"):
            os.kill(process, signal.SIGKILL)

    killer = threading.Thread(target=kill_soon)
    killer.start()
    with pytest.raises(client.RunnerUnavailable):
        sandbox.code("import time\ndef predict(data): time.sleep(15)")
    killer.join()

    assert sandbox.code(GOOD).problems == ()
