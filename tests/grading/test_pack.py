"""Reading packs: a good one as a whole, and each fault named by file and field."""

from __future__ import annotations

import json
import shutil

import pytest

from grader.pack import PackError, Text, load_pack
from grader.pack.form import Limits
from grader.pack.hints import Hint
from grader.pack.steps import Skill
from tests.grading.hinted import HINTS
from tests.grading.tiny import CASE, write_case


def problems_of(path):
    with pytest.raises(PackError) as error:
        load_pack(path)
    return [
        (problem.code, problem.params.get("field"), problem.params.get("value")) for problem in error.value.problems
    ]


def test_a_pack_is_read_into_typed_parts(pack):
    assert (pack.slug, pack.title, pack.limits) == (
        "tiny",
        Text(ja="小さな店", en="A tiny shop"),
        Limits(20000, 100, 5),
    )
    assert pack.submission.header == "id,予測,発注数"
    assert pack.submission.aliases == ("demand", "order")
    assert [(column.min, column.max, column.integer) for column in pack.submission.columns] == [
        (0, 1000, False),
        (-5, 100, True),
    ]
    assert [baseline.trivial for baseline in pack.baselines] == [False, True]
    assert pack.skills == (Skill(key="forecast", label=Text(ja="予測", en="Forecasting")),)
    assert pack.story_text("ja") == "# 小さな店\n"
    assert pack.file("test.csv").columns[2].alias == "price"
    json.dumps(pack.manifest)


def test_the_digest_follows_the_files_and_not_the_place(pack, tmp_path):
    copy = shutil.copytree(pack.path, tmp_path / "pack")
    (copy / "__pycache__").mkdir()
    (copy / "__pycache__" / "generate.pyc").write_bytes(b"x")

    same = load_pack(copy).digest
    (copy / "story.en.md").write_text("# Changed\n", encoding="utf-8")

    assert (same == pack.digest, load_pack(copy).digest == pack.digest) == (True, False)


def test_a_changed_scoring_section_is_another_metric_version(pack, tmp_path):
    other = load_pack(write_case(tmp_path, case=CASE.replace("digits = 4", "digits = 3")))

    assert other.scoring.metric_version != pack.scoring.metric_version


def test_ranks_compare_rounded_scores_best_first(pack):
    keys = [pack.scoring.sort_key({"wape": wape, "rmse": rmse}) for wape, rmse in ((0.12344, 2.0), (0.12341, 1.0))]

    assert keys == [(0.1234, 2.0), (0.1234, 1.0)]


def test_more_is_better_where_the_case_says_so(tmp_path):
    higher = CASE.replace('direction = "lower"\ndigits = 4', 'direction = "higher"\ndigits = 4')

    scoring = load_pack(write_case(tmp_path, case=higher)).scoring

    assert [scoring.sort_key({"wape": value, "rmse": 0.0})[0] for value in (0.2, 0.9, 0.0)] == [-0.2, -0.9, 0.0]


FAULTS = {
    "no TOML": ("slug =", ("pack_not_toml", None, None), 'slug = "tiny"'),
    "unknown field": ('colour = "red"\nslug = "tiny"', ("pack_schema", "(top)", None), 'slug = "tiny"'),
    "one language": (
        'title = { ja = "小さな店" }',
        ("pack_schema", "title", None),
        'title = { ja = "小さな店", en = "A tiny shop" }',
    ),
    "wrong type": ('bytes = "many"', ("pack_schema", "limits.bytes", None), "bytes = 20000"),
    "story away": (
        'story = { ja = "story.ja.md", en = "away.md" }',
        ("pack_file_missing", "story.en = away.md", None),
        'story = { ja = "story.ja.md", en = "story.en.md" }',
    ),
    "unknown metric": (
        'metric = "smape"',
        ("pack_reference", "scoring.metrics.wape.metric", "smape"),
        'metric = "wape"',
    ),
    "unknown primary": ('primary = "auc"', ("pack_reference", "scoring.primary", "auc"), 'primary = "wape"'),
    "unknown baseline": ('baseline = "boss"', ("pack_reference", "business.baseline", "boss"), 'baseline = "mean"'),
    "unknown step": ('steps = ["pitch"]', ("pack_reference", "rubric.impact.steps", "pitch"), 'steps = ["model"]'),
    "sample is no file": (
        'sample = "answer.csv"',
        ("pack_reference", "submission.sample", "answer.csv"),
        'sample = "sample_submission.csv"',
    ),
    "key twice": ('key = "mean"', ("pack_twice", "baselines.key", "mean"), 'key = "ones"'),
    "late feature": (
        'role = "known_after"',
        ("pack_role", "files.test.csv.columns.予定価格", "known_after"),
        'role = "known_ahead"',
    ),
    "other slug": ('slug = "giant"', ("pack_value", "slug", "giant"), 'slug = "tiny"'),
    "closes first": (
        "closes_day = 14\nopens_day = 20",
        ("pack_value", "steps.model.closes_day", "14"),
        "opens_day = 0\ncloses_day = 14",
    ),
    "bounds crossed": (
        "min = 2000, max = 1000",
        ("pack_value", "submission.columns.demand.min", "2000.0"),
        "min = 0, max = 1000",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_by_field_and_value(name, tmp_path):
    bad, expected, good = FAULTS[name]
    assert good in CASE

    assert problems_of(write_case(tmp_path, case=CASE.replace(good, bad))) == [expected]


def test_all_faults_are_told_at_once(tmp_path):
    case = CASE.replace('primary = "wape"', 'primary = "auc"').replace('slug = "tiny"', 'slug = "giant"')

    assert [code for code, _, _ in problems_of(write_case(tmp_path, case=case))] == ["pack_reference", "pack_value"]


def test_pictures_may_not_lie_outside_the_pack(tmp_path):
    path = write_case(tmp_path)
    (path / "pictures" / "shop.svg").unlink()
    (tmp_path / "secret.svg").write_text("x")
    (path / "pictures" / "shop.svg").symlink_to(tmp_path / "secret.svg")

    assert problems_of(path) == [("pack_file_missing", "pictures.0 = pictures/shop.svg", None)]


def test_a_folder_without_a_manifest_is_no_pack(tmp_path):
    assert problems_of(tmp_path) == [("pack_missing", None, None)]


def test_a_metric_may_not_be_a_simulator_too(tmp_path):
    case = CASE.replace('metric = "wape"\n', 'metric = "wape"\nsimulator = "inventory"\n')

    assert problems_of(write_case(tmp_path, case=case))[0][:2] == ("pack_schema", "scoring.metrics.0")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (('table = "sales.csv"', 'table = "none.csv"'), ("pack_reference", "hints.table", "none.csv")),
        (('groups = ["shop"]', 'groups = ["town"]'), ("pack_reference", "hints.groups", "town")),
        (('groups = ["shop"]', ""), ("pack_value", "hints.groups", "–")),
        (('"future"', '"past"'), ("pack_schema", "hints.look_for.0", None)),
    ],
)
def test_hints_that_cannot_be_looked_for_are_named(tmp_path, change, expected):
    assert HINTS.count(change[0]) == 1
    assert problems_of(write_case(tmp_path, case=CASE + HINTS.replace(*change))) == [expected]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ('form = "pictures"', {("pack_value", "submission.model.pictures", "None")}),
        (
            'form = "pictures"\npictures = "looks.zip"',
            {("pack_reference", "submission.model.pictures", "looks.zip")},
        ),
        ('form = "matrix"', {("pack_value", "submission.model.form", "matrix")}),
    ],
)
def test_a_model_gets_either_columns_or_pictures_that_are_there(tmp_path, section, expected):
    case = CASE + f'\n[submission.model]\nfile = "test.csv"\n{section}\n'

    assert set(problems_of(write_case(tmp_path, case=case))) == expected


def test_pictures_are_given_to_onnx_models_alone(tmp_path):
    kinds = 'kinds = ["predictions"]'
    assert kinds in CASE
    case = CASE.replace(kinds, 'kinds = ["predictions", "onnx", "skops"]')
    case += '\n[submission.model]\nfile = "test.csv"\nform = "pictures"\npictures = "looks.zip"\n'

    assert ("pack_value", "submission.kinds", "skops") in problems_of(write_case(tmp_path, case=case))


def test_hints_are_read_in_the_order_of_the_case(tmp_path):
    hints = load_pack(write_case(tmp_path, case=CASE + HINTS)).hints

    assert (hints.look_for[0], hints.table, hints.groups) == (Hint.FUTURE, "sales.csv", ("shop",))
    assert hints.of({Hint.OTHER_ROWS, Hint.FUTURE}) == [Hint.FUTURE, Hint.OTHER_ROWS]
