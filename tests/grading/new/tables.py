"""Tables as organisers have them, written by code so that each test can spoil what it needs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

SHOPS = {"大宮店": 60, "浦和店": 90, "川越店": 40}
DAYS = 60


def csv_of(header: Sequence[str], rows: Iterable[Sequence[Any]], *, encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([header, *rows])
    return text.getvalue().encode(encoding)


def reiwa(day: date) -> str:
    return f"令和{day.year - 2018}年{day.month}月{day.day}日"


def sales(*, day: Callable[[date], str] = reiwa, encoding: str = "cp932", start: date = date(2024, 4, 1)) -> bytes:
    """Three shops on 60 days: weekends and promotions sell more. Sales in yen and yesterday's sales give it away."""
    chance = np.random.default_rng(3)
    rows = []
    for shop, usual in SHOPS.items():
        before = usual
        for number in range(DAYS):
            today = start + timedelta(days=number)
            promo = chance.random() < 0.2
            sold = int(chance.poisson(usual * (1.6 if promo else 1) * (1.4 if today.weekday() > 4 else 1)))
            price = f"{1200 + int(chance.integers(0, 9)) * 10:,}円"
            rows.append([day(today), shop, "○" if promo else "×", price, before, sold * 1200, sold])
            before = sold
    return csv_of(["日付", "店舗", "特売", "売価", "前日の販売数", "売上", "販売数"], rows, encoding=encoding)


def inspections(
    *, header: Sequence[str] = ("検査番号", "ロット", "温度", "担当者名", "判定"), rows: int = 800
) -> bytes:
    """Parts of 40 lots: hot ones are often defective."""
    chance = np.random.default_rng(5)
    found = []
    for number in range(rows):
        heat = round(float(chance.normal(60, 8)), 1)
        bad = heat + chance.normal(0, 4) > 68
        found.append([f"K{number:04}", f"L{number % 40:02}", heat, f"担当{number % 7}", "不良" if bad else "合格"])
    return csv_of(header, found)


def numbers(columns: dict[str, Any], *, target: Any) -> bytes:
    """Any columns beside a target."""
    return csv_of([*columns, "値"], zip(*columns.values(), target, strict=True))
