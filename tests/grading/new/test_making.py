"""`grader new`: a table becomes a pack that proves itself, and what would spoil the case is told."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import date

import numpy as np
import pytest

from grader.checks import check_pack
from grader.new.table import read_table
from grader.new.wishes import Wishes
from grader.new.writing import make_pack
from grader.pack import PackError, load_build, load_pack
from grader.pack.generation import build_pack
from grader.pack.seeds import read_secret_seed, write_secret_seed
from grader.pack.text import Text
from tests.grading.new.tables import csv_of, inspections, numbers, sales


def made(folder, data, *, seed=1, **wishes):
    return make_pack(data, name="t.csv", folder=folder / "my-case", wishes=Wishes(**wishes), seed=seed)


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def roles(report):
    return {column.name: (column.role, column.why) for column in report.layout.columns}


def said(report):
    return [notice.code for notice in report.notices]


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The sales of three shops, two weeks to predict."""
    return made(tmp_path_factory.mktemp("shop"), sales(), target="販売数", horizon="14d")


@pytest.fixture
def shop_pack(shop, tmp_path):
    """A copy of the pack that may be spoiled."""
    return shutil.copytree(shop.folder, tmp_path / "my-case")


def test_a_fresh_pack_proves_itself_and_needs_no_code(shop, shop_pack):
    assert shop.problems == ()
    assert check_pack(shop_pack) == []
    assert not list(shop_pack.rglob("*.py"))
    assert load_pack(shop_pack).title == Text("【要記入：教材の題名】", "[TO FILL IN: title of the case]")


def test_columns_get_names_types_and_roles(shop):
    assert roles(shop) == {
        "日付": ("time", "why_days"),
        "店舗": ("group", "why_series"),
        "特売": ("known_ahead", "why_feature"),
        "売価": ("known_ahead", "why_feature"),
        "前日の販売数": ("known_after", "why_lag"),
        "売上": ("known_after", "why_alone"),
        "販売数": ("target", "why_said"),
    }
    assert said(shop) == ["new_yes_no", "new_alone", "new_lag", "new_few_to_predict"]


def test_the_last_days_are_to_be_predicted_and_their_truth_is_in_no_public_file(shop, shop_pack):
    test, truth = rows_of(shop_pack / "data/public/test.csv"), rows_of(shop_pack / "data/truth/truth.csv")
    train = rows_of(shop_pack / "data/public/train.csv")

    assert list(test[0]) == ["id", "日付", "店舗", "特売", "売価"]
    assert (min(row["日付"] for row in test), len(test)) == ("2024-05-17", 42)
    assert max(row["日付"] for row in train) == "2024-05-16"
    assert sorted(row["id"] for row in test) == sorted(row["id"] for row in truth)
    by_day = {row["date"]: row["split"] for row in truth}
    assert all(row["split"] == by_day[row["date"]] for row in truth)


def test_boosting_beats_the_constant_on_both_halves(shop):
    constant, boosting = shop.ladder["constant"], shop.ladder["boosting"]
    assert shop.pack.scoring.primary == "wape"
    assert all(boosting[half]["wape"] < constant[half]["wape"] for half in ("public", "private"))


def test_planted_truth_stands_in_no_file_that_learners_get(tmp_path):
    """Targets with eleven digits, so that finding one by chance is out of the question."""
    chance = np.random.default_rng(0)
    x = chance.normal(size=300)
    target = [
        f"{8_000_000_000 + int(value * 1e9) + number:.0f}"
        for number, value in enumerate(x + chance.normal(0, 0.3, 300))
    ]
    made(tmp_path, numbers({"x": [f"{value:.4f}" for value in x]}, target=target), target="値")
    folder = tmp_path / "my-case"
    hidden = {row["value"] for row in rows_of(folder / "data/truth/truth.csv")}

    shown = [path for path in folder.rglob("*") if path.is_file() and "truth" not in path.parts]

    assert len(hidden) > 50
    for path in shown:
        text = path.read_text(encoding="utf-8")
        assert not [value for value in hidden if value in text], path


def test_what_is_drawn_comes_from_a_secret_that_is_kept_nowhere(tmp_path):
    for name in ("first", "second"):
        made(tmp_path / name, inspections(), target="判定", seed=None)
    first, second = (rows_of(tmp_path / name / "my-case/data/truth/truth.csv") for name in ("first", "second"))

    assert {row["inspection_number"] for row in first} != {row["inspection_number"] for row in second}


def test_the_repository_of_a_pack_leaves_truth_and_scores_out(shop_pack):
    assert (shop_pack / ".gitignore").read_text() == "data/truth/\ndata/baselines/\nsamples/\n"
    shutil.rmtree(shop_pack / "data/truth")

    assert [problem.code for problem in check_pack(shop_pack)] == ["data_file_missing"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
@pytest.mark.parametrize("day", ["{:%Y/%m/%d}", "{0.year}年{0.month}月{0.day}日"])
def test_the_same_table_gives_the_same_data_however_it_is_written(shop, tmp_path, encoding, day):
    other = made(tmp_path, sales(day=day.format, encoding=encoding), target="販売数", time="日付", horizon="2w")

    ours, theirs = (json.loads((one.folder / "samples/expected.json").read_text()) for one in (shop, other))
    assert ours == theirs


def test_two_kinds_of_text_are_predicted_as_0_and_1_and_persons_are_left_out(tmp_path):
    report = made(tmp_path, inspections(), target="判定", group="ロット")

    assert roles(report) == {
        "検査番号": ("id", "why_id"),
        "ロット": ("group", "why_said"),
        "温度": ("known_ahead", "why_feature"),
        "担当者名": ("", "why_personal"),
        "判定": ("target", "why_said"),
    }
    assert report.layout.target.told() == "0 = 合格, 1 = 不良"
    folder = report.folder
    train, truth = rows_of(folder / "data/public/train.csv"), rows_of(folder / "data/truth/truth.csv")
    assert not {row["ロット"] for row in train} & {row["lot"] for row in truth}
    assert {row["judgement"] for row in truth} == {"0", "1"}
    assert check_pack(folder) == []


def test_remarks_that_spell_the_answer_out_are_not_given_for_rows_to_predict(tmp_path):
    chance = np.random.default_rng(8)
    sold = chance.integers(1_000, 9_000, 300)
    remarks = [f"合計{value:,}個を確認" if place % 3 == 0 else "天気の影響あり" for place, value in enumerate(sold)]
    report = made(
        tmp_path, numbers({"気温": sold / 300 + chance.normal(0, 4, 300), "備考": remarks}, target=sold), target="値"
    )

    assert roles(report)["備考"] == ("known_after", "why_told")
    assert "new_text_tells" in said(report)


def test_the_baseline_is_not_sure_of_what_it_saw_once(tmp_path):
    """3,000 rows of which few are 1: full trees come out worse than saying the same of all."""
    chance = np.random.default_rng(9)
    use = chance.normal(0, 1, 3_000)
    left = chance.random(3_000) < 1 / (1 + np.exp(3 + use))
    columns = {
        "利用": use.round(2),
        "年齢": chance.integers(20, 75, 3_000),
        "地域": chance.choice(list("東西南北"), 3_000),
    }
    report = made(tmp_path, numbers(columns, target=np.where(left, "はい", "いいえ")), target="値")

    constant, boosting = (report.ladder[name]["private"]["log_loss"] for name in ("constant", "boosting"))
    assert report.problems == ()
    assert boosting < constant


def test_rows_that_are_the_same_stay_on_one_side(tmp_path):
    chance = np.random.default_rng(1)
    x = chance.integers(0, 40, 300)
    report = made(tmp_path, numbers({"x": x}, target=x * 2 + chance.normal(0, 16, 300).round(2)), target="値")
    train, test = (rows_of(report.folder / f"data/public/{name}.csv") for name in ("train", "test"))

    assert not {row["x"] for row in train} & {row["x"] for row in test}
    assert report.problems == ()


def test_an_id_whose_order_tells_the_target_is_left_out(tmp_path):
    chance = np.random.default_rng(2)
    x = chance.normal(size=300)
    target = np.sort(x * 3 + chance.normal(0, 1, 300)).round(3)
    report = made(tmp_path, numbers({"受付番号": range(300), "x": x.round(3)}, target=target), target="値")

    assert roles(report)["受付番号"] == ("", "why_id_tells")
    assert "new_id_tells" in said(report)
    assert next(iter(rows_of(report.folder / "data/public/test.csv")[0])) == "id"


def test_dated_rows_that_are_shuffled_are_told_and_need_asking_for(tmp_path):
    assert made(tmp_path / "asked", sales(), target="販売数", shuffle=True).layout.split == "rows"
    assert "new_dated_shuffle" in said(made(tmp_path / "told", sales(), target="販売数", shuffle=True))


def test_things_that_come_again_are_told_where_rows_are_drawn(tmp_path):
    chance = np.random.default_rng(4)
    x = chance.normal(size=600)
    customers = [f"C{number % 100:03}" for number in range(600)]
    report = made(
        tmp_path,
        numbers({"顧客": customers, "x": x.round(3)}, target=(x + chance.normal(0, 0.5, 600)).round(3)),
        target="値",
    )

    assert "new_group_both" in said(report)


def test_what_the_organiser_says_beats_the_guess(tmp_path):
    report = made(tmp_path, sales(), target="販売数", horizon="14d", ahead=("売上",), drop=("特売",), after=("売価",))

    assert [roles(report)[name][0] for name in ("売上", "特売", "売価")] == ["known_ahead", "", "known_after"]
    assert [problem.code for problem in report.problems] == ["truth_shown"]


@pytest.mark.parametrize(
    ("horizon", "first"), [("14d", "2024-05-17"), ("2w", "2024-05-17"), ("1m", "2024-04-30"), ("50%", "2024-04-30")]
)
def test_the_time_to_predict_is_said_in_days_weeks_months_or_a_share(tmp_path, horizon, first):
    report = made(tmp_path, sales(), target="販売数", horizon=horizon)

    assert min(row["日付"] for row in rows_of(report.folder / "data/public/test.csv")) == first


@pytest.mark.parametrize(
    ("wishes", "code", "field"),
    [
        ({"target": "数"}, "new_column", "--target"),
        ({"target": "販売数", "time": "月"}, "new_column", "--time"),
        ({"target": "販売数", "time": "店舗"}, "new_time", None),
        ({"target": "販売数", "time": "日付", "group": "店舗"}, "new_time_and_group", None),
        ({"target": "販売数", "horizon": "soon"}, "new_horizon", None),
        ({"target": "販売数", "horizon": "1d"}, "new_too_few", None),
        ({"target": "販売数", "group": "店舗", "horizon": "7d"}, "new_horizon_unused", None),
        ({"target": "日付"}, "new_target_date", None),
        ({"target": "販売数", "metric": "guess"}, "new_metric", None),
    ],
)
def test_wishes_that_do_not_fit_are_refused_in_words(tmp_path, wishes, code, field):
    with pytest.raises(PackError) as error:
        made(tmp_path, sales(), **wishes)

    assert [(problem.code, problem.params.get("field")) for problem in error.value.problems] == [(code, field)]
    assert not (tmp_path / "my-case").exists()


def test_data_without_anything_to_learn_are_told_by_the_proof(tmp_path):
    chance = np.random.default_rng(7)
    report = made(
        tmp_path, numbers({"x": chance.normal(size=400).round(3)}, target=chance.normal(size=400).round(3)), target="値"
    )

    assert {problem.code for problem in report.problems} == {"trivial_wins"}


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "my-case").mkdir()
    (tmp_path / "my-case" / "kept").touch()

    with pytest.raises(FileExistsError):
        made(tmp_path, sales(), target="販売数")


def spoil(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def copy_a_row(pack):
    """A row to learn from, on the first day to predict."""
    with (pack / "data/public/train.csv").open("a", encoding="utf-8") as file:
        file.write("2024-05-17,大宮店,0,1200,1,1,1\n")


BROKEN = {
    "a generator too": (lambda pack: (pack / "generate.py").touch(), ("pack_value", "case.toml")),
    "no column to divide by": (
        lambda pack: spoil(pack / "case.toml", 'column = "date"', 'column = "day"'),
        ("pack_reference", "case.toml"),
    ),
    "the truth as the story": (
        lambda pack: spoil(pack / "case.toml", "story.en.md", "data/truth/truth.csv"),
        ("pack_value", "case.toml"),
    ),
    "a day on both sides": (copy_a_row, ("data_not_later", "test.csv")),
    "a file that nobody named": (
        lambda pack: (pack / "data/public/more.csv").touch(),
        ("data_file_extra", "data/public/more.csv"),
    ),
    "a link": (
        lambda pack: (pack / "data/truth/etc.csv").symlink_to("/etc/hostname"),
        ("data_file_extra", "data/truth/etc.csv"),
    ),
    "no baseline": (
        lambda pack: (pack / "data/baselines/boosting.csv").unlink(),
        ("data_file_missing", "data/baselines/boosting.csv"),
    ),
    "another header": (
        lambda pack: spoil(pack / "data/public/test.csv", "売価", "値段"),
        ("build_header", "public/test.csv"),
    ),
    "an id too many": (
        lambda pack: spoil(pack / "data/truth/truth.csv", "r01,", "r99,"),
        ("truth_ids", "truth.csv"),
    ),
    "a word as truth": (
        lambda pack: (
            spoil(pack / "data/truth/truth.csv", "r01,public", "r01,perhaps")
            if "r01,public" in (pack / "data/truth/truth.csv").read_text()
            else spoil(pack / "data/truth/truth.csv", "r01,private", "r01,perhaps")
        ),
        ("truth_split", "truth.csv"),
    ),
    "data changed after the proof": (
        lambda pack: spoil(pack / "data/public/train.csv", "大宮店,0", "大宮店,1"),
        ("digest_differs", "samples/expected.json"),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_pack_is_told_by_file_and_mend(shop_pack, name):
    breaks, expected = BROKEN[name]
    breaks(shop_pack)

    problems = check_pack(shop_pack)

    assert expected in [(problem.code, problem.params["file"]) for problem in problems]
    for problem in problems:
        assert all(len(problem.text(language)) > 20 for language in ("ja", "en"))


def test_groups_on_both_sides_are_found(tmp_path):
    pack = made(tmp_path, inspections(), target="判定", group="ロット").folder
    lot = rows_of(pack / "data/public/test.csv")[0]["ロット"]
    learnt = rows_of(pack / "data/public/train.csv")[0]["ロット"]
    spoil(pack / "data/public/train.csv", f",{learnt},", f",{lot},")

    assert "data_straddles" in [problem.code for problem in check_pack(pack)]


def test_a_pack_with_data_takes_no_seed(shop_pack, tmp_path):
    write_secret_seed(tmp_path / "seed")

    with pytest.raises(PackError, match="no seed is used"):
        build_pack(load_pack(shop_pack), out=tmp_path / "out", seed=read_secret_seed(tmp_path / "seed"))


def test_the_build_is_a_copy_that_the_truths_digest_proves(shop_pack, tmp_path):
    build = build_pack(load_pack(shop_pack), out=tmp_path / "out")

    expected = json.loads((shop_pack / "samples/expected.json").read_text())
    assert (build.truth_digest, build.seed_kind) == (expected["truth_digest"], "data")
    assert load_build(tmp_path / "out").features_digest == expected["features_digest"]
    assert (tmp_path / "out/truth").stat().st_mode & 0o777 == 0o700


def test_a_table_is_read_with_its_rows_in_any_order(tmp_path):
    header, *lines = sales().decode("cp932").splitlines(keepends=True)
    shuffled = "".join([header, *np.random.default_rng(0).permutation(lines)]).encode("cp932")

    assert read_table(shuffled, name="t.csv").rows == 180
    assert roles(made(tmp_path, shuffled, target="販売数", horizon="14d"))["前日の販売数"] == ("known_after", "why_lag")


def test_days_may_be_any(tmp_path):
    assert made(tmp_path, sales(start=date(1989, 1, 8)), target="販売数").problems == ()


def test_gaps_of_a_header_are_no_reason_to_stop(tmp_path):
    rows = [[number, number % 7, number % 7 * 3 + number % 2] for number in range(200)]
    report = made(tmp_path, csv_of(["", "x", "値"], rows), target="値", shuffle=True)

    assert "x" in roles(report)
