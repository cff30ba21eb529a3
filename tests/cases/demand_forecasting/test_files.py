"""What the generator writes: public files that hide the truth, baselines from nothing but them."""

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from generate import generate
from shop.baselines import baselines
from shop.days import TEST_DAYS
from shop.tables import ids
from shop.view import read_view, same_view, view_of

from tests.cases.demand_forecasting import CASE

FIRST_TEST_DAY = "2026-04-01"


def manifest_columns(name: str) -> list[dict[str, str]]:
    files = tomllib.loads((CASE / "case.toml").read_text(encoding="utf-8"))["files"]
    return next(file["columns"] for file in files if file["name"] == name)


def folder_for(tmp_path: Path, name: str) -> Path:
    for part in ("public", "truth", "baselines"):
        (tmp_path / name / part).mkdir(parents=True)
    return tmp_path / name


def every_file(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*.csv"))}


@pytest.mark.slow
def test_the_same_seed_writes_the_same_bytes(build, tmp_path):
    again = folder_for(tmp_path, "again")

    generate(seed=20260401, out=again, variation=False)

    assert every_file(again) == every_file(build.path)


@pytest.mark.slow
def test_a_secret_seed_writes_another_truth_under_the_same_headers(build, tmp_path):
    secret = folder_for(tmp_path, "secret")

    generate(seed=2**127 + 9, out=secret, variation=True)

    demo = every_file(build.path)
    written = every_file(secret)
    headers = {name: content.split(b"\n")[0] for name, content in written.items()}
    assert headers == {name: content.split(b"\n")[0] for name, content in demo.items()}
    assert written["truth/truth.csv"] != demo["truth/truth.csv"]
    assert written["public/items.csv"] != demo["public/items.csv"]


def test_the_past_ends_the_day_before_the_test_begins(public):
    for name in ("sales.csv", "stock.csv"):
        dates = pd.read_csv(public / name)["日付"]
        assert (dates.min(), dates.max()) == ("2024-04-01", "2026-03-31")
    ahead = pd.read_csv(public / "test.csv")["日付"]
    assert (ahead.min(), ahead.max(), ahead.nunique()) == (FIRST_TEST_DAY, "2026-05-26", TEST_DAYS)


def test_the_test_file_holds_only_what_is_known_ahead(public):
    roles = {column["name"]: column["role"] for column in manifest_columns("test.csv")}

    assert list(pd.read_csv(public / "test.csv", nrows=1).columns) == list(roles)
    assert set(roles.values()) == {"id", "time", "group", "known_ahead"}


def test_observed_weather_is_blank_for_the_days_to_predict(public):
    calendar = pd.read_csv(public / "calendar.csv")
    ahead = calendar["日付"] >= FIRST_TEST_DAY

    assert calendar.loc[ahead, "実績気温"].isna().all()
    assert calendar.loc[~ahead, "実績気温"].notna().all()
    assert calendar["予想気温"].notna().all()


def test_no_public_column_gives_the_true_demand_away(public, truth):
    ahead = pd.read_csv(public / "test.csv").set_index("id")
    numbers = ahead.select_dtypes("number")

    correlations = [abs(np.corrcoef(numbers[name], truth.columns["demand"])[0, 1]) for name in numbers]

    assert max(correlations) < 0.4
    assert not pd.read_csv(public / "sample_submission.csv")[["予測", "補充目標在庫量"]].to_numpy().any()


def test_a_learner_knows_from_the_files_exactly_what_the_baselines_know(public, world):
    assert same_view(read_view(public), view_of(world))


def test_baselines_come_from_public_files_alone(build, public, world):
    made = baselines(read_view(public))

    for key, hand_in in made.items():
        written = pd.read_csv(build.path / "baselines" / f"{key}.csv")
        assert list(written["id"]) == ids(world)
        assert written["予測"].to_numpy() == pytest.approx(hand_in.demand.ravel(), rel=1e-4, abs=0.0051)
        assert written["補充目標在庫量"].to_numpy() == pytest.approx(hand_in.order_up_to.ravel(), rel=1e-4, abs=0.0051)


def test_the_dictionary_explains_every_column_of_every_file(public):
    dictionary = pd.read_csv(public / "data_dictionary.csv", keep_default_na=False)
    described = set(zip(dictionary["ファイル"], dictionary["列"], strict=True))
    found = {(file.name, name) for file in public.glob("*.csv") for name in pd.read_csv(file, nrows=0).columns}

    assert described == found
    assert (dictionary[["説明", "説明(英語)"]] != "").all().all()


def test_the_split_covers_every_row_and_no_series_stands_in_both(build):
    rows = pd.read_csv(build.path / "truth" / "truth.csv")

    assert set(rows["split"]) == {"public", "private"}
    assert (rows.groupby(["store_id", "item_id"])["split"].nunique() == 1).all()
    assert (rows.groupby("series")["day"].nunique() == TEST_DAYS).all()
    assert (rows["split"] == "public").mean() == pytest.approx(0.4, abs=0.02)
