"""The first notebook of a new case, in both languages: look at the data, make a first prediction, hand it in."""

# ruff: noqa: E501 (a sentence stays on one line)

from __future__ import annotations

import json
from typing import Any

from grader.new.manifest import TEST, TRAIN, id_column, prediction_name
from grader.new.roles import Layout
from grader.new.target import TargetKind
from grader.new.wishes import Column

NAME = "01-first-submission.ipynb"
_KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def starter(layout: Layout, *, language: str) -> str:
    """The notebook as a file's text."""
    cells = _cells(layout)
    made = [_cell(number, kind, texts[language]) for number, (kind, texts) in enumerate(cells, start=1)]
    notebook = {"cells": made, "metadata": _KERNEL, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _cell(number: int, kind: str, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": text.splitlines(True)}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


Cells = list[tuple[str, dict[str, str]]]


def _cells(layout: Layout) -> Cells:
    return [*_looking(layout), *_first(layout), *_better(layout), *_handing_in()]


def _say(ja: str, en: str) -> tuple[str, dict[str, str]]:
    return "markdown", {"ja": ja, "en": en}


def _do(code: str) -> tuple[str, dict[str, str]]:
    return "code", {"ja": code, "en": code}


def _looking(layout: Layout) -> Cells:
    target = layout.target.name
    cells = [
        _say(
            "# 1. はじめての提出\n\nデータを眺め、いちばん簡単な予測を作り、**最初の提出**まで進みます。\n\n- セルをクリックして **Shift + Enter** を押すと、その部分が動きます。上から順に進めてください\n- 何度動かしても壊れません",
            "# 1. Your first submission\n\nLook at the data, make the simplest possible prediction, and **hand it in**.\n\n- Click a cell and press **Shift + Enter** to run it. Go from top to bottom\n- You can run it as often as you like; nothing will break",
        ),
        _do(
            "import manabiai\nimport matplotlib.pyplot as plt\nimport matplotlib_fontja\nimport pandas as pd\n\nmatplotlib_fontja.japanize()"
        ),
        _say("## データを見る", "## Look at the data"),
        _do(f'data = manabiai.data()\ntrain = data.read("{TRAIN}")\ntest = data.read("{TEST}")\ntrain.head()'),
        _say(
            f"予測する列は **{target}** です。どんな値が多いでしょうか。",
            f"The column to predict is **{target}**. Which values are common?",
        ),
        _do(f"train[{target!r}].describe()"),
    ]
    return [*cells, _do(_picture(layout))]


def _picture(layout: Layout) -> str:
    target, time = layout.target, layout.only("time")
    if time is not None and target.kind in {TargetKind.NUMBER, TargetKind.COUNT}:
        read = f"pd.to_datetime(train[{time.name!r}])" if time.field.dtype == "date" else f"train[{time.name!r}]"
        return (
            f"by_time = train.groupby({read})[{target.name!r}].mean()\n"
            "by_time.plot(figsize=(10, 4), ylabel=" + repr(target.name) + ")\nplt.show()"
        )
    if target.kind in {TargetKind.BINARY, TargetKind.CLASSES}:
        return f"train[{target.name!r}].value_counts().sort_index().plot.bar(figsize=(6, 4))\nplt.show()"
    return f"train[{target.name!r}].plot.hist(bins=40, figsize=(8, 4))\nplt.show()"


def _first(layout: Layout) -> Cells:
    key, value = id_column(layout)["name"], prediction_name(layout)
    best = "mode().iloc[0]" if layout.target.kind is TargetKind.CLASSES else "median()"
    if layout.target.kind is TargetKind.BINARY:
        best = "mean()"
    return [
        _say(
            "## いちばん簡単な予測\n\nすべての行に同じ値を答えます。簡単な方法から始めると、あとでどれだけ良くなったかが分かります。",
            "## The simplest prediction\n\nWe give the same value for every row. If you start simple, you can see later how much you have improved.",
        ),
        _do(
            f"simple = test[[{key!r}]].copy()\nsimple[{value!r}] = train[{layout.target.name!r}].{best}\n"
            "manabiai.check(simple)"
        ),
    ]


def _better(layout: Layout) -> Cells:
    """Gradient boosting on the columns of the test; nothing where there is none."""
    asked = [column for column in layout.columns if column.is_asked]
    if not asked:
        return [_do("predictions = simple")]
    key, value, target = id_column(layout)["name"], prediction_name(layout), layout.target
    is_class = target.kind in {TargetKind.BINARY, TargetKind.CLASSES}
    maker = "HistGradientBoostingClassifier" if is_class else "HistGradientBoostingRegressor"
    predict = "predict_proba(features(test))[:, 1]" if target.kind is TargetKind.BINARY else "predict(features(test))"
    after = ".clip(min=0)" if target.is_positive and not is_class else ""
    return [
        _say(
            "## 予測するデータの列を使う\n\n`test.csv` にもある列だけを使って、勾配ブースティング（たくさんの小さな決定木を重ねる方法）で予測します。",
            "## Use the columns of the rows to predict\n\nWe predict with gradient boosting (many small decision trees stacked on each other), using only columns that are also in `test.csv`.",
        ),
        _do(
            f"from sklearn.ensemble import {maker}\n\n\n"
            f"def features(table):\n    chosen = pd.DataFrame(index=table.index)\n{_lines(asked)}    return chosen\n\n\n"
            f"model = {maker}(random_state=0).fit(features(train), train[{target.name!r}])\n"
            f"predictions = test[[{key!r}]].copy()\npredictions[{value!r}] = model.{predict}{after}\n"
            "manabiai.check(predictions)"
        ),
        _say(
            "この予測はどれくらい当たりそうでしょうか。提出する前に、学習用のデータの一部を隠して確かめる方法を考えてみてください。",
            "How good will this prediction be? Before you hand it in, think of a way to find out by hiding part of the training data.",
        ),
    ]


def _lines(asked: list[Column]) -> str:
    lines = []
    for column in asked:
        name = repr(column.name)
        if column.field.dtype == "date":
            lines += [
                f"    day = pd.to_datetime(table[{name}])",
                f"    chosen[{column.name + '_曜日'!r}] = day.dt.dayofweek",
                f"    chosen[{column.name + '_月'!r}] = day.dt.month",
                f"    chosen[{column.name + '_日'!r}] = day.dt.day",
            ]
        elif column.field.dtype == "text":
            known = f"sorted(train[{name}].dropna().unique())"
            lines.append(f"    chosen[{name}] = pd.Categorical(table[{name}], categories={known}).codes")
        else:
            lines.append(f"    chosen[{name}] = table[{name}]")
    return "\n".join(lines) + "\n"


def _handing_in() -> Cells:
    return [
        _say(
            "## 提出する\n\n次のセルを動かすと採点され、**暫定スコア**が返ってきます。動かすたびに1回の提出になります。",
            "## Hand in\n\nRun the next cell to hand in and get your **provisional score**. Each run counts as one submission.",
        ),
        _do('manabiai.submit(predictions, note="first submission")'),
        _do("manabiai.board()"),
        _say(
            "## 次の一歩\n\n- どの行で大きく外れていますか\n- 現場の人なら、ほかに何を見て決めますか\n- 学習グループに、気づいたことを一言書いてみましょう",
            "## What next\n\n- For which rows is the prediction furthest off?\n- What else would people on site look at?\n- Tell your study group one thing you noticed",
        ),
    ]
