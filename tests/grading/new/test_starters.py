"""The first notebook of a new case, run by the real grader as a learner's hand-in: it ends scored, above one value."""

from __future__ import annotations

import sys

import pytest

from grader.contract import Kind, State
from grader.new.starters import NAME
from grader.new.wishes import Wishes
from grader.new.writing import make_pack
from grader.pack import load_pack
from grader.pack.generation import build_pack
from grader.runner import client
from grader.runner.private import private_runner, runner_python
from grader.scoring import load_truth
from grader.submissions import grade
from tests.grading.new.tables import inspections, sales

pytestmark = [pytest.mark.xdist_group("runner")]


CASES = {
    "counts by day": (sales, {"target": "販売数", "horizon": "14d"}),
    "two kinds by lot": (inspections, {"target": "判定", "group": "ロット"}),
}


@pytest.fixture(scope="module")
def socket():
    with private_runner(kinds=[Kind.NOTEBOOK]) as found:
        if not (status := client.status(found)).is_ready:
            pytest.skip(f"this machine cannot isolate: {status.reason}")
        yield found


@pytest.mark.skipif(runner_python() == sys.executable, reason="what executes notebooks is not installed: make envs")
@pytest.mark.parametrize("name", CASES)
def test_it_runs_as_it_stands_and_beats_one_value_for_all(name, socket, tmp_path):
    table, wishes = CASES[name]
    made = make_pack(table(), name="t.csv", folder=tmp_path / "my-case", wishes=Wishes(**wishes), seed=1)
    pack = load_pack(made.folder)
    build = build_pack(pack, out=tmp_path / "build")

    result = grade(
        file_name=NAME,
        data=(made.folder / "starters/ja" / NAME).read_bytes(),
        pack=pack,
        build=build,
        truth=load_truth(build, pack),
        runner=lambda _kind: socket,
    )

    assert result.status is State.SCORED, [problem.text("en") for problem in result.problems]
    ranked = [pack.scoring.sort_key(scores["private"])[0] for scores in (result.scores, made.ladder["constant"])]
    assert ranked[0] < ranked[1]
