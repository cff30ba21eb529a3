"""The tiny case, written and built once for all tests of the grader."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.pack import Build, Pack, load_pack
from grader.pack.generation import build_pack
from grader.scoring import load_truth
from grader.truth import Truth
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
