"""Hints: each is given for programs that have the fault, and not for those that come close to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.linear_model import LinearRegression

from grader import cli
from grader.contract import Kind
from grader.hints import hints_on
from grader.kinds import KINDS
from grader.pack import Build, Pack, load_pack
from grader.pack.generation import build_pack
from grader.pack.hints import Hint
from grader.problems import Problem
from grader.runner import client, verdicts
from grader.runner.private import private_runner
from tests.grading import hinted, onnx_files
from tests.grading.sandboxes import open_pack
from tests.grading.test_kinds import notebook_of

pytestmark = pytest.mark.xdist_group("runner")


class Adviser:
    """A runner of its own, and the case that asks for every hint."""

    def __init__(self, pack: Pack, build: Build, socket: Path) -> None:
        self.pack, self.build, self.socket = pack, build, socket

    def on(self, kind: Kind, data: bytes, *, without: Hint | None = None) -> list[Problem]:
        """The hints on it; ``without`` one that the case does not ask for."""
        rules = replace(self.pack.hints, look_for=tuple(hint for hint in self.pack.hints.look_for if hint != without))
        pack = replace(self.pack, hints=rules, digest=f"{self.pack.digest} {without}")
        return list(hints_on(kind=KINDS[kind], data=data, pack=pack, build=self.build, socket=self.socket))

    def codes(self, source: str, *, without: Hint | None = None) -> list[str]:
        return [hint.code for hint in self.on(Kind.CODE, source.encode(), without=without)]


@pytest.fixture(scope="module")
def adviser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adviser]:
    folder = tmp_path_factory.mktemp("hinted")
    pack = open_pack(load_pack(hinted.write_hinted_case(folder)))
    build = build_pack(pack, out=folder / "built")
    with private_runner(places=1) as socket:
        if not (status := client.status(socket)).is_ready:
            pytest.skip(f"this machine cannot isolate: {status.reason}")
        yield Adviser(pack, build, socket)


@pytest.mark.parametrize("code", hinted.FAULTY)
def test_each_fault_is_seen(adviser, code):
    seen = {name: adviser.codes(source) for name, source in hinted.FAULTY[code].items()}

    assert {name for name, codes in seen.items() if code not in codes} == set()


@pytest.mark.parametrize("code", hinted.FAULTLESS)
def test_what_comes_close_to_the_fault_is_left_alone(adviser, code):
    seen = {name: adviser.codes(source) for name, source in hinted.FAULTLESS[code].items()}

    assert {name for name, codes in seen.items() if code in codes} == set()


def test_every_hint_on_programs_is_tried_both_ways():
    of_programs = {f"hint_{hint.value}" for hint in set(Hint) - {Hint.OTHER_ROWS}}

    assert of_programs == set(hinted.FAULTY) == set(hinted.FAULTLESS)


def test_a_careful_program_gets_no_hint(adviser):
    assert adviser.codes(hinted.CAREFUL, without=Hint.GROUP_FOLDS) == []


def test_hints_name_what_they_saw_in_both_languages(adviser):
    (source, *_) = hinted.FAULTY["hint_single_feature"].values()

    (hint,) = adviser.on(Kind.CODE, source.encode())

    assert (hint.params["column"], hint.params["target"]) == ("revenue", "販売数")
    assert "「revenue」だけで" in hint.text("ja")
    assert "“revenue” alone" in hint.text("en")


def test_a_case_gets_only_the_hints_that_it_asks_for(adviser):
    source = hinted.FAULTY["hint_time_folds"]["drawn at random"]

    assert set(adviser.codes(source)) == {"hint_time_folds", "hint_group_folds"}
    assert adviser.codes(source, without=Hint.TIME_FOLDS) == ["hint_group_folds"]


def test_cells_of_notebooks_are_watched_too(adviser):
    cells = hinted.FAULTY["hint_future"]["next day"].partition("def predict(data):")
    body = "\n".join(line[4:] for line in cells[2].splitlines() if "return" not in line)
    last = "pd.read_csv('test.csv')[['id']].assign(demand=30.0, order=1)"
    notebook = notebook_of(cells[0], "data = {'sales': pd.read_csv('sales.csv')}", body, last)

    assert [hint.code for hint in adviser.on(Kind.NOTEBOOK, notebook)] == ["hint_future"]


@pytest.mark.parametrize(
    "body",
    [
        "raise SystemExit(1)",
        "1 / 0",
        "import os; os._exit(0)",
        "while True: pass",
        "import os; [os.write(3, b'H' * 1000) for _ in range(1000)]",
        "import os; os.write(3, b'V' + bytes(64)); os._exit(0)",
        "import sys; sys.modules['sklearn.base'].BaseEstimator = None; return [[1, 1]] * 10",
    ],
)
def test_a_program_that_spoils_its_watching_gets_none(adviser, body):
    program = f"def predict(data):\n    {body}\n".encode()
    pack = adviser.pack
    quick = replace(pack, limits=replace(pack.limits, runs=(replace(KINDS[Kind.CODE].run_limits(pack), seconds=2.0),)))

    found = hints_on(kind=KINDS[Kind.CODE], data=program, pack=quick, build=adviser.build, socket=adviser.socket)

    assert found == ()
    assert adviser.codes(hinted.FAULTY["hint_time_folds"]["drawn at random"]) != []


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"no json", b"{}", b"[1, null, []]", b'[{"code": "cli_scored"}]', b'[{"code": "hint_time_folds"}]',
        b'[{"code": "hint_time_folds", "share": "0.9"}]', b'[{"code": "hint_time_folds", "share": NaN}]',
        b'[{"code": ["hint_future"], "columns": "a", "target": "b"}]', b"[" * 5000,
    ],
)  # fmt: skip
def test_advice_of_another_form_is_dropped(answer):
    assert verdicts.advice(({"end": "advised"}, [answer, b"", b""])) == ()


def test_texts_of_advice_are_made_printable_and_short():
    said = {"code": "hint_fit_before_split", "transformer": "\x1b[31m" + "x" * 1000}

    (hint,) = verdicts.advice(({"end": "advised"}, [json.dumps([said] * 1).encode(), b"", b""]))

    assert len(hint.params["transformer"]) == 100
    assert "\x1b" not in hint.text("en")


def test_a_model_that_answers_each_row_by_itself_gets_no_hint(adviser):
    given = pd.DataFrame({"price": [90.0, 100, 110, 95], "weekday": [1.0, 2, 5, 3]})
    model = LinearRegression().fit(given, np.column_stack([given["price"], np.full(4, 3)]))

    assert adviser.on(Kind.ONNX, onnx_files.good()) == []
    assert adviser.on(Kind.SKOPS, skops.io.dumps(model)) == []


def test_a_model_that_looks_at_other_rows_is_told_so(adviser):
    hints = adviser.on(Kind.ONNX, onnx_files.beside_the_mean())

    assert [hint.code for hint in hints] == ["hint_other_rows"]


def test_the_command_line_shows_them_beside_the_scores(adviser, tmp_path, capsys):
    program = tmp_path / "solution.py"
    program.write_text(hinted.FAULTY["hint_single_feature"]["the target itself"])
    words = ["--lang", "en", "score", str(adviser.pack.path), str(program), "--build", str(adviser.build.path)]
    words += ["--runner", str(adviser.socket)]

    assert cli.main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["status"], [hint["code"] for hint in told["hints"]]) == ("scored", ["hint_single_feature"])
    assert "“revenue” alone" in told["hints"][0]["text"]
    assert cli.main(words) == 0
    assert "Hint (doesn’t affect your score): The feature “revenue” alone" in capsys.readouterr().out
    assert cli.main([*words, "--json", "--no-hints"]) == 0
    assert json.loads(capsys.readouterr().out)["hints"] == []


def test_a_case_without_hints_runs_nothing_more(adviser):
    pack = replace(adviser.pack, hints=replace(adviser.pack.hints, look_for=()))

    found = hints_on(
        kind=KINDS[Kind.CODE], data=b"", pack=pack, build=adviser.build, socket=Path("/nowhere/to/be/asked")
    )

    assert found == ()
