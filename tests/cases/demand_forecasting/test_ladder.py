"""The ladder that the case promises: each step of understanding is worth money."""

import gzip
import json
from pathlib import Path

import pandas as pd
import pytest
from write_samples import write

from grader.pack import Build, Pack
from grader.scoring import grade_file
from grader.truth import Truth
from tests.cases.demand_forecasting import CASE

SPLITS = ("public", "private")


def scores(name: str, *, pack: Pack, build: Build, truth: Truth) -> dict[str, dict[str, float]]:
    path = build.path / "truth" / "oracle.csv" if name == "oracle" else build.baseline(name)
    return grade_file(path.read_bytes(), pack=pack, truth=truth, ids=build.ids).scores


def contents(samples: Path) -> dict[str, bytes]:
    """The hand-ins by their path, unpacked: another zlib may pack the same bytes otherwise."""
    files = {str(file.relative_to(samples)): file.read_bytes() for file in sorted(samples.rglob("*.csv*"))}
    return {name: gzip.decompress(data) if name.endswith(".gz") else data for name, data in files.items()}


@pytest.fixture(scope="module")
def ladder(pack, build, truth):
    names = ("naive", "mean28", "boosting", "boosting_tuned", "oracle")
    return {name: scores(name, pack=pack, build=build, truth=truth) for name in names}


@pytest.mark.parametrize("split", SPLITS)
def test_cost_falls_from_the_habit_to_the_oracle(ladder, split):
    costs = [ladder[name][split]["cost_yen"] for name in ("naive", "mean28", "boosting", "boosting_tuned", "oracle")]

    assert costs == sorted(costs, reverse=True)


@pytest.mark.parametrize("split", SPLITS)
def test_forecasts_get_better_in_the_same_order(ladder, split):
    errors = [ladder[name][split]["wape"] for name in ("naive", "mean28", "boosting", "oracle")]

    assert errors == sorted(errors, reverse=True)


def test_the_steps_are_of_the_designed_size(ladder):
    total = {name: sum(found[split]["cost_yen"] for split in SPLITS) for name, found in ladder.items()}
    wape = {name: found["private"]["wape"] for name, found in ladder.items()}

    assert total["mean28"] == pytest.approx(918_000, rel=0.15)
    assert total["boosting"] / total["mean28"] == pytest.approx(757 / 918, abs=0.06)
    assert total["boosting_tuned"] / total["mean28"] == pytest.approx(670 / 918, abs=0.06)
    assert total["oracle"] / total["mean28"] == pytest.approx(649 / 918, abs=0.08)
    assert [wape["mean28"], wape["boosting"], wape["oracle"]] == pytest.approx([0.555, 0.471, 0.459], abs=0.06)


@pytest.mark.parametrize("split", SPLITS)
def test_the_error_of_a_forecast_is_that_of_a_plain_loop(build, ladder, split):
    """The cost is checked in the same way in tests/cases/test_inventory.py."""
    handed = pd.read_csv(build.baseline("boosting")).set_index("id")["予測"]
    rows = pd.read_csv(build.path / "truth/truth.csv")
    rows = rows[rows["split"] == split]
    errors = [abs(row.demand - handed[row.id]) for row in rows.itertuples()]

    assert ladder["boosting"][split]["wape"] == pytest.approx(sum(errors) / rows["demand"].sum(), abs=1e-9)


def test_doing_as_the_manager_does_saves_nothing_and_tuning_saves_more_than_a_million_yen(ladder):
    assert [ladder["mean28"][split]["saving_yen"] for split in SPLITS] == [0, 0]
    assert all(ladder["boosting_tuned"][split]["saving_yen"] > 1_000_000 for split in SPLITS)


def test_the_sample_submission_loses_to_everybody(pack, build, truth, ladder):
    sample = (build.path / "public" / "sample_submission.csv").read_bytes()

    lazy = grade_file(sample, pack=pack, truth=truth, ids=build.ids).scores

    worst = max(found["private"]["cost_yen"] for found in ladder.values())
    assert lazy["private"]["cost_yen"] > worst
    assert lazy["private"]["wape"] == 1.0


def test_the_samples_are_those_of_the_generator(build, tmp_path):
    write(build.path, tmp_path)

    made, kept = contents(tmp_path), contents(CASE / "samples")
    # Another processor may round a boosted forecast otherwise; that sample is held by its recorded scores.
    boosted = "accepted/boosting_tuned.csv.gz"
    assert made.keys() == kept.keys()
    assert {name for name in made if made[name] != kept[name]} <= {boosted}


# Models and programs need the sandbox: `grader check` proves theirs when the case is installed.
@pytest.mark.parametrize("path", sorted((CASE / "samples" / "rejected").glob("*.csv*")), ids=lambda path: path.name)
def test_a_spoilt_sample_is_refused_for_the_reason_in_its_name(path, pack, build, truth):
    result = grade_file(path.read_bytes(), pack=pack, truth=truth, ids=build.ids)

    assert [problem.code for problem in result.problems] == [path.name.split(".")[0]]
    assert result.scores == {}


@pytest.mark.parametrize("path", sorted((CASE / "samples" / "accepted").glob("*.csv.gz")), ids=lambda path: path.name)
def test_a_good_sample_scores_as_recorded(path, pack, build, truth):
    recorded = json.loads((CASE / "samples" / "expected.json").read_text(encoding="utf-8"))["accepted"]

    result = grade_file(gzip.decompress(path.read_bytes()), pack=pack, truth=truth, ids=build.ids)

    rounded = {split: pack.scoring.rounded(found) for split, found in result.scores.items()}
    assert rounded == recorded[path.name]
