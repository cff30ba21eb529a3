"""Jobs and results survive JSON; a state knows whether it is final."""

from __future__ import annotations

import json

import pytest

from grader.contract import Job, Kind, Result, State
from grader.problems import Problem


def test_only_queued_and_running_are_not_final():
    assert [state for state in State if not state.is_final] == [State.QUEUED, State.RUNNING]


def test_a_result_survives_json():
    result = Result(
        status=State.SCORED,
        scores={"public": {"wape": 0.25}, "private": {"wape": 0.5}},
        problems=(Problem("file_empty"),),
        seconds=0.5,
        versions={"pack": "a"},
    )

    assert Result.from_json(json.loads(json.dumps(result.to_json()))) == result


def test_a_job_survives_json():
    job = Job(key="17", attempt=2, kind=Kind.PREDICTIONS, pack="/p", build="/b", file="/f")

    assert Job.from_json(json.loads(json.dumps(job.to_json()))) == job


@pytest.mark.parametrize("data", [{}, {"status": "done"}, {"status": "scored", "scores": {"public": {"wape": "x"}}}])
def test_a_malformed_result_is_refused(data):
    with pytest.raises((KeyError, ValueError)):
        Result.from_json(data)
