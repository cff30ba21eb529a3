"""The demo build, made as an operator makes it, and the world it was drawn from."""

from pathlib import Path

import pandas as pd
import pytest
from plant.world import World, make_world

from grader.pack import Build, Pack, load_pack
from grader.pack.generation import build_pack
from grader.scoring import load_truth
from grader.truth import Truth
from tests.cases.defect_detection import CASE

DEMO_SEED = 20260601


@pytest.fixture(scope="session")
def world() -> World:
    return make_world(seed=DEMO_SEED)


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack(CASE)


@pytest.fixture(scope="session")
def build(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Build:
    return build_pack(pack, out=tmp_path_factory.mktemp("defect-detection") / "build")


@pytest.fixture(scope="session")
def public(build: Build) -> Path:
    return build.path / "public"


@pytest.fixture(scope="session")
def hidden(build: Build) -> pd.DataFrame:
    """The truth as its file tells it."""
    return pd.read_csv(build.path / "truth" / "truth.csv", keep_default_na=False)


@pytest.fixture(scope="session")
def truth(build: Build, pack: Pack) -> Truth:
    return load_truth(build, pack)
