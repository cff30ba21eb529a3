"""A build as a real cohort has it: from a secret seed, whole, and not to be had from what is public."""

import numpy as np
import pandas as pd
import pytest

from grader.checks import CHECKS
from grader.metrics import METRICS
from grader.pack import Build
from grader.pack.generation import build_pack
from grader.pack.seeds import Seed, SeedKind
from grader.pictures import read_pictures
from grader.scoring import load_truth

SECRET = 0x9D0C5A7F33E1B2486FA1C04E7785D219
TABLES = ("inspect.csv", "test.csv")


@pytest.fixture(scope="module")
def secret(pack, tmp_path_factory) -> Build:
    folder = tmp_path_factory.mktemp("secret") / "build"
    return build_pack(pack, out=folder, seed=Seed(SeedKind.SECRET, SECRET))


def test_it_proves_itself_as_the_demo_does(pack, secret):
    """All but the samples, which were recorded on the demo seed."""
    truth = load_truth(secret, pack)

    found = {name: list(check(pack, secret, truth)) for name, check in CHECKS.items() if name != "samples"}

    assert found == {name: [] for name in CHECKS if name != "samples"}


def test_lots_numbers_pictures_and_defects_are_others_than_the_demos(build, secret):
    for name in TABLES:
        demo, other = (pd.read_csv(one.public(name)) for one in (build, secret))
        assert set(demo["ロット"]).isdisjoint(other["ロット"])
        assert (demo["画像ID"] == other["画像ID"]).mean() < 0.01
    pictures = [np.stack(list(read_pictures(one.public("test_images.zip")).values())) for one in (build, secret)]
    alike = [np.corrcoef(*(one[row].ravel() for one in pictures))[0, 1] for row in range(0, 1000, 50)]
    assert max(map(abs, alike)) < 0.9
    assert {build.truth_digest, build.seed_digest}.isdisjoint({secret.truth_digest, secret.seed_digest})


def test_the_truth_of_the_demo_says_nothing_of_it(build, secret):
    """Row by row, and number by number: an AUC within what 48 defects give by chance."""
    demo, other = (pd.read_csv(one.path / "truth" / "truth.csv") for one in (build, secret))
    guesses = {"by row": demo["defect"], "by number": other["image_id"].isin(demo.loc[demo["defect"] == 1, "image_id"])}

    areas = {
        name: METRICS["auc"](guess.to_numpy(float), other["defect"].to_numpy(float)) for name, guess in guesses.items()
    }

    assert all(0.4 < area < 0.6 for area in areas.values()), areas


def test_the_seed_stands_in_no_file_of_the_build(secret):
    """Only a digest of it, which does not give 128 random bits away."""
    spelt = {str(SECRET), f"{SECRET:x}", f"{SECRET:032x}"}
    files = [path for path in secret.path.rglob("*") if path.suffix in {".csv", ".json"}]

    assert not [path for path in files if any(one in path.read_text(encoding="utf-8") for one in spelt)]
