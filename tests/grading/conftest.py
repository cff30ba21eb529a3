"""The tiny case, written and built once for all tests of the grader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
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


class Runners:
    """A runner for each who may start one, kept until the end: tests change between them."""

    def __init__(self, pack: Pack, build: Build, folder: Path) -> None:
        self.stack = ExitStack()
        self._pack, self._build, self._folder = open_pack(pack), build, folder
        self._known: dict[str, Sandbox] = {}

    def of(self, who: str) -> Sandbox:
        """Skips the test where the machine can't isolate, with the runner's reason."""
        if who not in self._known:
            starting = as_root() if who == "root" else self.stack.enter_context(as_user(self._folder))
            self._known[who] = self._started(starting)
        sandbox = self._known[who]
        if not (status := client.status(sandbox.socket)).is_ready:
            pytest.skip(f"this machine cannot isolate, started as {who}: {status.reason}")
        return sandbox

    def _started(self, starting: Starting) -> Sandbox:
        socket = self.stack.enter_context(private_runner(python=starting.python, places=2, **starting.options))
        return Sandbox(starting=starting, socket=socket, pack=self._pack, build=self._build)


@pytest.fixture(scope="session")
def runners(pack: Pack, build: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runners]:
    """Started when first asked for."""
    known = Runners(pack, build, tmp_path_factory.mktemp("user"))
    with known.stack:
        yield known


@pytest.fixture(params=["root", "user"])
def sandbox(request: pytest.FixtureRequest, runners: Runners) -> Sandbox:
    """A runner that isolates; tests that use it run twice."""
    return runners.of(request.param)
