"""The short words of a report: roles, types, reasons and headings. Sentences stand in new_catalogue.py."""

# ruff: noqa: E501 (a sentence stays on one line)

from __future__ import annotations

from typing import Any

from grader.problems import Language
from grader.wording import Wording
from grader.wording import say as _say

# Why a column got its role.
REASONS: dict[str, Wording] = {
    "why_said": _say("指定されたとおり", "as you said"),
    "why_days": _say("日付の列（時間で分けます）", "dates (rows are split by time)"),
    "why_constant": _say("値が1種類だけなので除きます", "only one value: left out"),
    "why_personal": _say("個人情報のようなので除きます", "looks like personal data: left out"),
    "why_id": _say("1行ごとに違う番号", "a different number in each row"),
    "why_unique": _say("ほぼ1行ごとに違う値なので除きます", "different in nearly every row: left out"),
    "why_after_name": _say("名前からみて後から分かる値", "known only afterwards, judging by its name"),
    "why_feature": _say("予測の時点で分かる値とみなします", "assumed to be known at prediction time"),
    "why_series": _say("系列を分ける列", "separates series"),
    "why_alone": _say(
        "これだけで答えが分かるため、予測するデータから除きます",
        "gives the answer away: left out of the rows to predict",
    ),
    "why_id_tells": _say("順番から答えが推測できるので除きます", "its order gives the answer away: left out"),
    "why_told": _say(
        "文章の中に答えの数字があるため、予測するデータから除きます",
        "contains the answer: left out of the rows to predict",
    ),
    "why_lag": _say(
        "前の行の答えと同じなので、予測するデータから除きます",
        "repeats earlier answers: left out of the rows to predict",
    ),
}

WORDS: dict[str, Wording] = {
    "role_id": _say("ID", "id"),
    "role_time": _say("時間", "time"),
    "role_group": _say("グループ", "group"),
    "role_known_ahead": _say("予測に使える", "known in advance"),
    "role_known_after": _say("学習用のみ", "known afterwards"),
    "role_target": _say("予測する列", "target"),
    "role_none": _say("使わない", "left out"),
    "dtype_text": _say("文字", "text"),
    "dtype_int": _say("整数", "whole numbers"),
    "dtype_float": _say("小数", "numbers"),
    "dtype_bool": _say("はい・いいえ", "yes or no"),
    "dtype_date": _say("日付", "dates"),
}

TERMINAL: dict[str, Wording] = {
    "told_columns": _say("列（種類 / 役割 — 理由）", "Columns (type / role — why)"),
    "told_time": _say(
        "「{column}」で時間の順に分けました：学習用{train:,}行、予測対象{test:,}行（暫定{public:,}行、最終{private:,}行）",
        "Split by time, “{column}”: {train:,} training rows, {test:,} to predict ({public:,} provisional, {private:,} final)",
    ),
    "told_group": _say(
        "「{column}」の値ごとに分けました：学習用{train:,}行、予測対象{test:,}行（暫定{public:,}行、最終{private:,}行）",
        "Split by “{column}”: {train:,} training rows, {test:,} to predict ({public:,} provisional, {private:,} final)",
    ),
    "told_rows": _say(
        "行を無作為に分けました：学習用{train:,}行、予測対象{test:,}行（暫定{public:,}行、最終{private:,}行）",
        "Split at random: {train:,} training rows, {test:,} to predict ({public:,} provisional, {private:,} final)",
    ),
    "told_ladder": _say("ベースライン（暫定 / 最終）", "Baselines (provisional / final)"),
    "told_notices": _say("確かめてください", "Please look at"),
    "told_gaps": _say(
        "これから書くところ（日英あわせて{count}か所）", "For you to write ({count} places in both languages together)"
    ),
}

_ALL = {**REASONS, **WORDS, **TERMINAL}


def word(code: str, language: Language, **params: Any) -> str:
    """The words of a code in one language."""
    return _ALL[code][language].format_map(params)
