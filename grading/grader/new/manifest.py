"""The manifest of a new case: what was found in the data, and a plan of steps to begin with."""

# ruff: noqa: E501 (a sentence stays on one line)

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.new.gaps import EN, JA, gap
from grader.new.measures import Measure
from grader.new.roles import Layout
from grader.new.splitting import PUBLIC_SHARE, Division
from grader.new.target import TargetKind
from grader.new.wishes import Column, Wishes
from grader.pack.text import Text

TRAIN, TEST, SAMPLE, TRUTH = "train.csv", "test.csv", "sample_submission.csv", "truth.csv"
GENERATED_IDS = ("id", "row_id", "id_to_predict")
PREDICTION = "prediction"
BYTES_A_ROW = 60  # of a hand-in, besides the id

Json = dict[str, Any]


def said(ja: str, en: str) -> Json:
    """A text in both languages."""
    return {"ja": ja, "en": en}


def manifest_of(layout: Layout, division: Division, measures: Sequence[Measure], wishes: Wishes, *, slug: str) -> Json:
    """case.toml as a dictionary, in the order in which it is written."""
    title = wishes.title or Text(gap(JA, "教材の題名"), gap(EN, "title of the case"))
    column = layout.splits_by
    return {
        "slug": slug,
        "version": wishes.version,
        "track": "ai",
        "licence": "LicenseRef-not-for-redistribution",
        "title": said(title.ja, title.en),
        "summary": said(gap(JA, "1〜2文の紹介"), gap(EN, "one or two sentences about the case")),
        "story": said("story.ja.md", "story.en.md"),
        "data": {"split": layout.split} | ({"column": column.alias} if column else {}),
        "submission": _submission(layout, division),
        "limits": _limits(layout, division),
        "truth": {"file": TRUTH},
        "split": _split(layout, division),
        "scoring": _scoring(layout, measures),
        "hints": _hints(layout),
        "files": _files(layout),
        "baselines": BASELINES,
        "steps": STEPS,
        "rubric": RUBRIC,
        "skills": [{"key": "prediction", "label": said("予測モデルの開発", "Building prediction models")}],
    }


def id_column(layout: Layout) -> Json:
    """The id of a row to predict: the organiser's own where it is fit for it, else one made here."""
    own = layout.only("id")
    if own:
        return {"name": own.name, "alias": own.alias}
    taken = {name for column in layout.columns for name in (column.name, column.alias) if column.role}
    free = next(name for name in GENERATED_IDS if name not in taken)
    return {"name": free, "alias": free}


def prediction_name(layout: Layout) -> str:
    """The header of the predictions, different from the id's."""
    return "予測" if id_column(layout)["name"] != "予測" else "予測値"


def _submission(layout: Layout, division: Division) -> Json:
    target, own = layout.target, layout.only("target")
    unit = target.unit
    column: Json = {
        "name": prediction_name(layout),
        "alias": PREDICTION,
        "label": said(f"「{target.name}」の予測", f"Prediction of {own.alias if own else target.name}"),
    }
    column |= {"unit": said(unit.ja, unit.en)} if unit else {}
    column |= _bounds(layout)
    kinds = ["predictions", "code", "notebook"]
    asked = [one for one in layout.columns if one.is_asked]
    form: Json = {
        "kinds": kinds,
        "sample": SAMPLE,
        "sample_rows": min(100, max(1, len(division.test) // 2)),
        "id": id_column(layout),
        "columns": [column],
    }
    if asked:
        form["kinds"] = [*kinds, "onnx", "skops"]
        form["model"] = {"file": TEST, "form": "columns", "inputs": [one for each in asked for one in _inputs(each)]}
    return form


def _bounds(layout: Layout) -> Json:
    """What a prediction may be: shares for yes or no, the number of a class, else far beyond what was seen."""
    target = layout.target
    if target.kind is TargetKind.BINARY:
        return {"min": 0, "max": 1}
    if target.kind is TargetKind.CLASSES:
        return {"min": 0, "max": len(target.classes) - 1, "integer": True}
    most = float(np.abs(target.values).max()) or 1.0
    limit = 10 ** (math.ceil(math.log10(most)) + 1)
    limit = int(limit) if limit >= 1 else limit
    return {"min": 0 if target.is_positive else -limit, "max": limit}


def _inputs(column: Column) -> list[Json]:
    if column.field.dtype != "date":
        return [{"name": column.alias, "column": column.alias}]
    parts = ("days", "weekday", "month", "day_of_year")
    return [{"name": f"{column.alias}_{part}", "column": column.alias, "part": part} for part in parts]


def _limits(layout: Layout, division: Division) -> Json:
    own = layout.only("id")
    longest = max(map(len, map(str, own.field.values[division.test]))) if own else 12
    rows = len(division.test)
    return {"bytes": max(100_000, rows * (longest * 3 + BYTES_A_ROW)), "rows": max(100, rows * 2), "per_day": 5}


def _split(layout: Layout, division: Division) -> Json:
    by = [column.alias for column in layout.columns if column.name in division.by]
    share = round(PUBLIC_SHARE * 100)
    if by:
        told = said(
            f"予測する行を「{division.by[0]}」の値ごとに分け、約{share}%を暫定スコア、残りを最終スコアに使います。",
            f"Rows are split by {by[0]}: about {share}% are used for the provisional score, the rest for the final score.",
        )
    else:
        told = said(
            f"予測する行の約{share}%を暫定スコア、残りを最終スコアに使います。",
            f"About {share}% of the rows are used for the provisional score, the rest for the final score.",
        )
    return {"column": "split", "by": by, "public_share": PUBLIC_SHARE, "description": told}


def _scoring(layout: Layout, measures: Sequence[Measure]) -> Json:
    own = layout.only("target")
    keys = [measure.name for measure in measures]
    metrics = []
    for measure in measures:
        metric: Json = {
            "key": measure.name,
            "label": said(measure.label.ja, measure.label.en),
            "description": said(measure.description.ja, measure.description.en),
            "direction": measure.direction,
            "digits": measure.digits_for(layout.target),
        }
        if measure.digits is None and layout.target.unit:
            metric["unit"] = said(layout.target.unit.ja, layout.target.unit.en)
        metric |= {"metric": measure.name, "prediction": PREDICTION, "truth": own.alias if own else ""}
        metrics.append(metric | ({"params": dict(measure.params)} if measure.params else {}))
    return {"primary": keys[0]} | ({"secondary": keys[1]} if len(keys) > 1 else {}) | {"metrics": metrics}


def _hints(layout: Layout) -> Json:
    look_for = ["single_feature", "fit_before_split", "other_rows"]
    group = layout.only("group")
    if layout.split == "time":
        look_for += ["future", "time_folds"]
    if layout.split == "group" and group:
        look_for += ["group_folds"]
        return {"look_for": look_for, "table": TRAIN, "groups": [group.alias]}
    return {"look_for": look_for, "table": TRAIN}


def _files(layout: Layout) -> list[Json]:
    own, target = layout.only("id"), layout.only("target")
    id_of_row = id_column(layout) | {"role": "id", "dtype": "text"}
    id_of_row |= {"description": said("予測する行のID", "Identifier of the row to predict")}
    kept = [column for column in layout.columns if column.role]
    train = [_described(column, layout) for column in kept]
    test = [_described(column, layout) for column in kept if column.is_asked or column is own]
    prediction = {
        "name": prediction_name(layout),
        "alias": PREDICTION,
        "role": "target",
        "dtype": "float",
        "description": said(f"「{layout.target.name}」の予測", f"Prediction of {target.alias if target else ''}"),
    }
    first = _described(own, layout) if own else id_of_row
    return [
        _file(TRAIN, "学習用データ", "Training data", "train", train),
        _file(TEST, "予測するデータ", "Rows to predict", "test", test if own else [id_of_row, *test]),
        _file(SAMPLE, "提出サンプル", "Sample submission", "sample", [first, prediction]),
    ]


_ABOUT = {
    "train": said("答え（予測する列）の付いた行です。", "Rows with the answer (the column to predict)."),
    "test": said("答えを予測する行です。", "Rows whose answer is to be predicted."),
    "sample": said("提出ファイルの見本です。", "An example of a submission."),
}


def _file(name: str, ja: str, en: str, part: str, columns: list[Json]) -> Json:
    return {"name": name, "title": said(ja, en), "description": _ABOUT[part], "part": part, "columns": columns}


def _described(column: Column, layout: Layout) -> Json:
    dtype = column.field.dtype
    if column.role == "target" and layout.target.classes:
        dtype = "int"
    found: Json = {"name": column.name, "alias": column.alias, "role": column.role, "dtype": dtype}
    found |= {"unit": said(column.field.unit.ja, column.field.unit.en)} if column.field.unit else {}
    ja, en = column.name, column.alias.replace("_", " ")
    if column.role == "target" and layout.target.classes:
        ja, en = f"{ja}（{layout.target.told()}）", f"{en} ({layout.target.told()})"
    return found | {"description": said(ja, en)}


BASELINES: list[Json] = [
    {
        "key": "constant",
        "label": said("すべて同じ値", "Same value for all"),
        "description": said("すべての行に同じ値を答えます。", "The same value for every row."),
        "trivial": True,
    },
    {
        "key": "boosting",
        "label": said("勾配ブースティング（初期設定）", "Gradient boosting (default settings)"),
        "description": said(
            "予測するデータにある列をそのまま使った、工夫をしていない勾配ブースティングです。",
            "Gradient boosting on the columns of the rows to predict, used as they are.",
        ),
    },
]

STEPS: list[Json] = [
    {
        "key": "problem",
        "kind": "text",
        "by": "person",
        "title": said("課題・要求定義", "Problem and requirements"),
        "text": said(
            "## 書くこと\n\n- 誰の、どんな判断を良くするのか\n- いまはどう決めていて、何が困っているのか\n- 何がどれだけ良くなれば成功か",
            "## What to write\n\n- Whose decision will improve, and which decision\n- How it is made today, and what the problem is\n- What counts as success, in figures",
        ),
        "opens_day": 0,
        "closes_day": 7,
    },
    {
        "key": "model",
        "kind": "model",
        "by": "person",
        "title": said("モデル開発", "Model"),
        "text": said(
            "予測を提出します。1日の提出上限の中で、何度でも提出できます。",
            "Hand in predictions, as often as the daily limit allows.",
        ),
        "opens_day": 7,
        "closes_day": 28,
    },
    {
        "key": "proposal",
        "kind": "text",
        "by": "team",
        "title": said("提案", "Proposal"),
        "text": said(
            "## 書くこと\n\n- 結論と、その根拠\n- 予測の使い方と、外れたときの備え\n- 生成AIをどこで使い、どう確かめたか",
            "## What to write\n\n- Your conclusion and the reasons for it\n- How the prediction will be used, and what to do when it is wrong\n- Where you used generative AI, and how you checked its answers",
        ),
        "opens_day": 21,
        "closes_day": 35,
    },
]

RUBRIC: list[Json] = [
    {
        "key": "impact",
        "label": said("効果", "Impact"),
        "description": said("現場の判断がどれだけ良くなるか", "How much decisions improve"),
        "steps": ["proposal"],
        "levels": [
            {"points": 1, "text": said("効果が書かれていない", "No effect is described")},
            {"points": 2, "text": said("効果が言葉で書かれている", "The effect is described in words")},
            {
                "points": 3,
                "text": said("根拠のある数字で示されている", "The effect is given in figures, with reasons"),
            },
        ],
    },
    {
        "key": "soundness",
        "label": said("確かさ", "Soundness"),
        "description": said("予測の確かさの示し方", "How the quality of the prediction is shown"),
        "steps": ["proposal"],
        "levels": [
            {"points": 1, "text": said("確かめ方が書かれていない", "It doesn’t say how the prediction was checked")},
            {"points": 2, "text": said("確かめ方と結果が書かれている", "The check and its result are described")},
            {
                "points": 3,
                "text": said(
                    "外れる場合とその備えまで書かれている",
                    "It also says where the prediction fails and what to do then",
                ),
            },
        ],
    },
]
