"""What the generator writes: pictures that differ in pixels only, tables that hide the truth."""

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from plant.baselines import view_of
from plant.view import read_view, true_defects

from grader.checks.leaks import leak_problems
from grader.checks.pictures import picture_problems
from grader.metrics import METRICS
from grader.pictures import read_pictures

ZIPS = ("train_images.zip", "train_masks.zip", "test_images.zip")


def test_pictures_differ_in_nothing_but_pixels(pack, build, public):
    assert list(picture_problems(pack, build)) == []
    for name in ZIPS:
        entries = zipfile.ZipFile(public / name).infolist()
        alike = {(entry.file_size, entry.compress_size, entry.date_time, entry.extra) for entry in entries}
        assert len(alike) == 1
        assert all(entry.filename[:-4].isalnum() for entry in entries)


def test_a_picture_that_tells_more_is_found(pack, build, tmp_path):
    """A text in one picture, one too many, one of another length."""
    spoilt = tmp_path / "public"
    spoilt.mkdir()
    for name in ("test.csv", "inspect.csv"):
        (spoilt / name).write_bytes((build.path / "public" / name).read_bytes())
    with zipfile.ZipFile(build.public("test_images.zip")) as whole:
        names = whole.namelist()
        for name in ZIPS:
            with zipfile.ZipFile(spoilt / name, "w") as archive:
                archive.writestr(names[0], whole.read(names[0])[:-12] + b"\0\0\0\1tEXtN" + b"\0" * 4)
                archive.writestr("P1.png", whole.read(names[1]))
    other = type(build)(**{**vars(build), "path": tmp_path})

    codes = [problem.code for problem in picture_problems(pack, other)]

    assert set(codes) == {"pictures_names", "pictures_unlike", "pictures_not_plain"}


def test_masks_are_given_for_known_defects_and_for_no_others(public, hidden):
    known = pd.read_csv(public / "inspect.csv")
    masks = read_pictures(public / "train_masks.zip")

    assert set(masks) == set(known.loc[known["不良"] == 1, "画像ID"])
    assert not set(masks) & set(hidden["image_id"])
    assert all(set(np.unique(mask)) == {0, 255} for mask in masks.values())


def test_what_is_hidden_stands_in_no_public_file(public, hidden):
    """Every truth line and every mask of an unseen defect is looked for in each file, as text and as pixels."""
    lines = [",".join(map(str, row)) for row in hidden[["image_id", "defect"]].to_numpy()]
    planted = [*lines, *(mask for mask in hidden["mask"] if mask)]
    for path in public.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        assert not [value for value in planted if f"\n{value}\n" in text or value in text.split(",")], path.name
    test = pd.read_csv(public / "test.csv")
    assert list(test.columns) == ["画像ID", "ロット", "ライン", "撮影時刻"]
    sample = pd.read_csv(public / "sample_submission.csv")
    assert not sample[["異常度", "判定"]].to_numpy().any()


def test_the_checks_for_leaks_find_none(pack, build, truth):
    assert list(leak_problems(pack, build, truth)) == []


@pytest.mark.parametrize("file", ["inspect.csv", "test.csv"])
def test_neither_name_nor_time_nor_place_predicts_a_defect(file, public, build):
    """The AUC of each stays within what 57 and 48 defects give by chance, 0.5 ± 0.14."""
    rows = pd.read_csv(public / file)
    defect = rows["不良"].to_numpy(float) if "不良" in rows else true_defects(build.path)
    shot = pd.to_datetime(rows["撮影時刻"])
    guesses = {
        "name": rows["画像ID"].str[1:].astype(float),
        "row": pd.Series(np.arange(len(rows), dtype=float)),
        "hour": shot.dt.hour * 60.0 + shot.dt.minute,
        "place in the lot": shot.groupby(rows["ロット"]).rank(),
    }

    areas = {name: METRICS["auc"](guess.to_numpy(float), defect) for name, guess in guesses.items()}

    assert all(0.36 < area < 0.64 for area in areas.values()), areas


def test_no_lot_stands_on_both_sides_of_anything(public, hidden):
    known = set(pd.read_csv(public / "inspect.csv")["ロット"])
    unseen = pd.read_csv(public / "test.csv")

    assert not known & set(unseen["ロット"])
    assert (hidden.groupby("lot")["split"].nunique() == 1).all()
    assert (hidden["split"] == "public").mean() == pytest.approx(0.4)


def test_both_splits_have_every_kind_in_the_same_share(hidden):
    shares = hidden.groupby("split")["defect"].mean()
    kinds = hidden[hidden["defect"] == 1].groupby("split")["kind"].nunique()

    assert shares["public"] == pytest.approx(shares["private"], abs=0.002)
    assert kinds.to_list() == [3, 3]


def test_the_same_seed_draws_the_same_pixels_and_the_baselines_know_nothing_else(public, world):
    """Drawn here, and by the build in a process of its own."""
    read, drawn = read_view(public), view_of(world)

    assert all(np.array_equal(getattr(read, name), getattr(drawn, name)) for name in vars(drawn))


def test_the_dictionary_explains_every_column_of_every_table(public: Path):
    dictionary = pd.read_csv(public / "data_dictionary.csv", keep_default_na=False)
    described = set(zip(dictionary["ファイル"], dictionary["列"], strict=True))
    found = {(file.name, name) for file in public.glob("*.csv") for name in pd.read_csv(file, nrows=0).columns}

    assert described == found
    assert (dictionary[["説明", "説明(英語)"]] != "").all().all()
