"""Runs programs and notebooks: the case's files lie in the working folder, predictions come back."""

from __future__ import annotations

import ast
import builtins
import gc
import io
import json
import linecache
import random
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from types import CodeType, FunctionType, TracebackType
from typing import Any

import numpy as np
import pandas as pd
import sklearn.linear_model

from grader.runner.work import answers, payload, watched
from grader.runner.work.cells import plain_python
from grader.runner.work.files import Files, stand_in

LEVEL = "code"

SOLUTION = "solution.py"
_OURS = f"{Path(__file__).parents[2]}/"
_LEFT_BY_NAME = ("predictions", "submission")


def warm_up() -> None:
    """Import and use what most programs use; anything else is imported when a program asks for it."""
    import scipy.stats
    import sklearn.compose
    import sklearn.ensemble
    import sklearn.impute
    import sklearn.metrics
    import sklearn.model_selection
    import sklearn.pipeline
    import sklearn.preprocessing

    scipy.stats.norm.ppf(0.5)
    frame = pd.read_csv(io.StringIO("a,b,d\n1,x,2026-01-01\n2,y,2026-01-02\n3,x,2026-01-03\n"), parse_dates=["d"])
    frame.groupby("b")["a"].mean().reset_index().merge(frame, on="b").pivot_table(index="b", values="a_x")
    frame.to_csv(io.StringIO())
    numbers = np.random.default_rng(0).normal(size=(40, 2))
    for model in (
        sklearn.linear_model.LogisticRegression(),
        sklearn.ensemble.RandomForestClassifier(n_estimators=2),
        sklearn.ensemble.HistGradientBoostingClassifier(max_iter=2),
    ):
        model.fit(numbers, numbers[:, 0] > 0).predict(numbers)
    rehearse()


def rehearse() -> None:
    """Read and fit a little."""
    frame = pd.read_csv(io.StringIO("a,b,c\n1,x,2\n2,y,3\n3,x,5\n4,y,1\n"))
    frame.groupby("b")["a"].mean().reset_index().merge(frame, on="b")
    sklearn.linear_model.LogisticRegression().fit(frame[["a", "c"]], frame["b"]).predict(frame[["a", "c"]])


def run(job: dict[str, Any]) -> None:
    """Run the submission, answer with what it leaves."""
    gc.enable()
    random.seed(0)
    np.random.seed(0)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    content = payload.mapped(answers.FEATURES)
    if job.get("watch"):
        _watch(job, content)
        return
    try:
        cells = cells_of(job["kind"], answers.submission())
        answer = answer_of(cells, Files(content.header["aliases"]))
        values = None if answer is None else _in_order(answer, content)
    except BaseException as error:
        _report(error)
        return
    finally:
        sys.stdout.flush()
    if answer is None:
        answers.send_nothing()
    elif values is None:
        answers.send_malformed()
    else:
        answers.send_values(values)


def _watch(job: dict[str, Any], content: payload.Content) -> None:
    """Run the submission watched, and answer with what can be advised; with nothing, where it doesn't come to that."""
    watched.silence()
    found: list[dict[str, Any]] = []
    with suppress(Exception, SystemExit):
        cells, aliases = cells_of(job["kind"], answers.submission()), content.header["aliases"]
        spec, seconds = content.header["hints"], job["limits"]["seconds"]
        found = watched.look(lambda: answer_of(cells, Files(aliases)), spec, seconds=seconds)
    answers.send_findings(list(watched.told(found)))


def cells_of(kind: str, data: bytes) -> list[tuple[str, str]]:
    """Name and source of each piece to run."""
    if kind == "code":
        return [(SOLUTION, data.decode("utf-8-sig").replace("\r\n", "\n"))]
    notebook = json.loads(data.decode("utf-8-sig"))
    cells = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    texts = [source if isinstance(source, str) else "".join(source) for source in cells]
    return [(f"cell {number}", plain_python(text)) for number, text in enumerate(texts, start=1)]


def answer_of(cells: list[tuple[str, str]], files: Files) -> Any:
    """Run the pieces one after the other; what ``predict`` returns, or what the last one leaves."""
    module = type(sys)("__main__")
    space = module.__dict__
    space["display"] = lambda *things: [sys.stdout.write(f"{thing}\n") for thing in things] and None
    sys.modules["__main__"] = module
    sys.modules["manabiai"] = stand_in(files)
    left = None
    for name, source in cells:
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        left = _run_piece(name, source, space)
    if isinstance(predict := space.get("predict"), FunctionType) or (callable(predict) and cells[0][0] == SOLUTION):
        return predict(files)
    if left is not None:
        return left
    return next((space[name] for name in _LEFT_BY_NAME if space.get(name) is not None), None)


def _run_piece(name: str, source: str, space: dict[str, Any]) -> Any:
    """Execute the piece; the value of its last line, when that is an expression."""
    tree = ast.parse(source, filename=name)
    last: CodeType | None = None
    if tree.body and isinstance(expression := tree.body[-1], ast.Expr):
        tree.body.pop()
        last = compile(ast.Expression(expression.value), name, "eval")
    builtins.exec(compile(tree, name, "exec"), space)
    return None if last is None else builtins.eval(last, space)  # noqa: S307 (what this process is for)


def _in_order(answer: Any, content: payload.Content) -> Any:
    """The answer in canonical order, float64; None when it does not have the case's form."""
    header = content.header
    rows, columns = header["rows"], header["answer"]
    if isinstance(answer, pd.DataFrame):
        answer = _frame_in_order(answer, header, content.texts("ids"))
    if answer is None:
        return None
    values = answers.as_values(answer, rows=rows, columns=len(columns))
    if values is None:
        sys.stderr.write(f"predictions of shape {np.shape(answer)}, wanted is {(rows, len(columns))}\n")
    return values


def _frame_in_order(frame: pd.DataFrame, header: dict[str, Any], ids: list[str]) -> Any:
    known = {spelled: alias for name, alias in [header["id"], *header["answer"]] for spelled in (name, alias)}
    frame = frame.rename(columns=known)
    id_alias, wanted = header["id"][1], [alias for _, alias in header["answer"]]
    if missing := [alias for alias in wanted if alias not in frame]:
        sys.stderr.write(f"columns that are missing: {missing}\n")
        return None
    if id_alias in frame:
        found = pd.Index(frame[id_alias].astype(str))
        if not found.is_unique or len(absent := pd.Index(ids).difference(found)):
            sys.stderr.write(f"ids: {len(found) - found.nunique()} doubled, missing {list(absent[:3])}\n")
            return None
        frame = frame.set_index(found).loc[ids]
    return frame[wanted].to_numpy(dtype=np.float64)


def _report(error: BaseException) -> None:
    """The traceback from the learner's own code on, to the log; class and line as the answer."""
    trace = error.__traceback__
    while trace is not None and not _is_own(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    answers.tell(error.with_traceback(_without_ours(trace)))
    answers.send_error(error, **_place(error, trace))


def _without_ours(trace: TracebackType | None) -> TracebackType | None:
    """The traceback up to where a program called the grader's own stand-ins: what they do inside tells it nothing."""
    last, frame = trace, trace
    while frame is not None:
        if not frame.tb_frame.f_code.co_filename.startswith(_OURS):
            last = frame
        frame = frame.tb_next
    if last is not None:
        last.tb_next = None
    return trace


def _is_own(filename: str) -> bool:
    return filename == SOLUTION or filename.startswith("cell ")


def _place(error: BaseException, trace: TracebackType | None) -> dict[str, int]:
    """Line, and cell, of the innermost frame of the learner's own code; of a SyntaxError where it stands."""
    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(trace) if _is_own(frame.filename)]
    if isinstance(error, SyntaxError) and _is_own(error.filename or ""):
        places.append((str(error.filename), error.lineno))
    if not places:
        return {}
    filename, line = places[-1]
    where = {"line": line or 0}
    return where if filename == SOLUTION else {**where, "cell": int(filename.removeprefix("cell "))}
