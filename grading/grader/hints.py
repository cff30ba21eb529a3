"""Advice on how a model or a program comes to its answers, found by running it once more on public data.

A hint is no verdict: it costs nothing, and where the evidence isn't complete there is none. docs/grader.md says what
each of them looks at.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from grader.contract import Plane
from grader.kinds import SubmissionKind
from grader.pack import Build, Pack
from grader.pack.hints import OF_MODELS, OF_PROGRAMS
from grader.pack.inputs import MODELS
from grader.problems import Problem
from grader.runner import client
from grader.runner.features import given_to


def hints_on(
    *,
    kind: SubmissionKind,
    data: bytes,
    pack: Pack,
    build: Build,
    socket: Path,
    cancelled: Callable[[], bool] = client.never,
) -> tuple[Problem, ...]:
    """What the case looks for in this kind and was found. Raises RunnerUnavailable when it could not be tried."""
    is_model = kind.kind in MODELS
    if not kind.is_executed or not pack.hints.of(OF_MODELS if is_model else OF_PROGRAMS):
        return ()
    if not is_model:
        return client.advise(kind=kind, data=data, pack=pack, build=build, socket=socket, cancelled=cancelled)
    plain, swapped = (
        client.run(
            kind=kind,
            data=data,
            pack=pack,
            build=build,
            on=Plane.SAMPLE,
            socket=socket,
            cancelled=cancelled,
            given=given_to(kind.kind, pack=pack, build=build, on=Plane.SAMPLE, swapped=is_swapped),
        )
        for is_swapped in (False, True)
    )
    if plain.values is None or swapped.values is None:
        return ()
    half = len(plain.values) // 2
    first, same_rows = plain.values[:half], swapped.values[:half]
    # Far above what another order of adding up does to the last digits.
    is_steady = np.allclose(first, same_rows, rtol=1e-3, atol=1e-3 * (float(np.ptp(plain.values)) or 1.0))
    return () if is_steady else (Problem("hint_other_rows"),)
