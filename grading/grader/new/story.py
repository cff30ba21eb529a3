"""The first draft of the story: what the data say is filled in, what only the author knows is marked."""

# ruff: noqa: E501 (a sentence stays on one line)

from __future__ import annotations

from grader.new.gaps import EN, JA, gap
from grader.new.measures import Measure
from grader.new.roles import Layout
from grader.new.splitting import Division


def story_ja(layout: Layout, division: Division, measure: Measure) -> str:
    """story.ja.md."""
    target = layout.target
    unit = f"（{target.unit.ja}）" if target.unit else ""
    return f"""# {gap(JA, "題名")}

## 背景

{gap(JA, "どんな会社・現場か。業種、規模、場所")}

{gap(JA, "いま何に困っているか。実際の出来事を1つ")}

## あなたの役割

{gap(JA, "受講生は誰の立場で、誰に提案するか")}

## 課題

**「{target.name}」{unit}を予測してください。** {_how_ja(layout)}

{gap(JA, "予測が当たると、現場の判断はどう変わるか")}

## データ

学習用のデータは{len(division.train):,}行、予測する行は{len(division.test):,}行です。列の意味は「データ」のページにあります。

{gap(JA, "データの由来。誰が、いつ、何のために記録したものか")}

使える時点に注意してください。予測するデータ（`test.csv`）にない列は、予測の時点ではまだ分からないものとして扱います。

## 評価

順位は**{measure.label.ja}**で決まります。{measure.description.ja}

{gap(JA, "予測の精度のほかに、提案で見てほしいこと")}
"""


def story_en(layout: Layout, division: Division, measure: Measure) -> str:
    """story.en.md."""
    target, own = layout.target, layout.only("target")
    unit = f" ({target.unit.en})" if target.unit else ""
    return f"""# {gap(EN, "title")}

## Background

{gap(EN, "what kind of company or workplace this is: industry, size, location")}

{gap(EN, "what the problem is today: one real event")}

## Your role

{gap(EN, "whose role the learner takes, and who the proposal is for")}

## The task

**Predict “{own.alias if own else target.name}”{unit}.** {_how_en(layout)}

{gap(EN, "how decisions change when the prediction is good")}

## The data

There are {len(division.train):,} training rows and {len(division.test):,} rows to predict. The “Data” page explains what each column means.

{gap(EN, "where the data comes from: who recorded it, when, and what for")}

Keep in mind what is known when: columns that are not in `test.csv` are not yet known at the time of prediction.

## Evaluation

**{measure.label.en}** decides the rank. {measure.description.en}

{gap(EN, "what else to look for in a proposal, besides good predictions")}
"""


def _how_ja(layout: Layout) -> str:
    column = layout.splits_by
    if column is None:
        return "予測するのは、学習用にない行です。"
    if layout.split == "group":
        return f"予測するのは、学習用のデータにない「{column.name}」の行です。"
    return "予測するのは、学習用のデータより後の期間です。"


def _how_en(layout: Layout) -> str:
    column = layout.splits_by
    if column is None:
        return "The rows to predict are not among the training rows."
    if layout.split == "group":
        return f"The rows to predict have values of “{column.alias}” that are not in the training data."
    return "The rows to predict come later than the training rows."
