"""The tiny case, written and built once for all tests of the grader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.pack import Build, Pack, load_pack
from grader.pack.generation import build_pack
from grader.runner import client
from grader.runner.private import private_runner
from grader.scoring import load_truth
from grader.truth import Truth
from tests.grading.sandboxes import Sandbox, Starting, as_root, as_user, open_pack
from tests.grading.tiny import write_case


@pytest.fixture(scope="session")
def case_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_case(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="session")
def pack(case_path: Path) -> Pack:
    return load_pack(case_path)


@pytest.fixture(scope="session")
def build(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Build:
    return build_pack(pack, out=tmp_path_factory.mktemp("built") / "demo")


@pytest.fixture(scope="session")
def truth(pack: Pack, build: Build) -> Truth:
    return load_truth(build, pack)


@pytest.fixture(scope="session", params=["root", "user"])
def starting(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Starting]:
    """Who starts the runner; tests that use it run twice."""
    if request.param == "root":
        yield as_root()
    else:
        with as_user(tmp_path_factory.mktemp("user")) as started:
            yield started


@pytest.fixture(scope="session")
def sandbox(starting: Starting, pack: Pack, build: Build) -> Iterator[Sandbox]:
    """A runner that isolates; where the machine can't, the test is skipped with the runner's reason."""
    with private_runner(python=starting.python, places=2, **starting.options) as socket:
        status = client.status(socket)
        if not status.is_ready:
            pytest.skip(f"this machine cannot isolate, started as {starting.who}: {status.reason}")
        yield Sandbox(starting=starting, socket=socket, pack=open_pack(pack), build=build)
