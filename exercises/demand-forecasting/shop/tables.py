"""Writes a world as the files of the pack: public, truth, hand-ins."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd

from shop.baselines import HandIn
from shop.days import HISTORY_DAYS, TEST_DAYS
from shop.goods import LEAD_DAYS, Floats
from shop.world import World

WEEKDAYS = "月火水木金土日"
ID, DEMAND, TARGET = "id", "予測", "補充目標在庫量"


def write_public(world: World, *, public: Path, manifest: Path) -> None:
    """Everything learners may see."""
    _write(sales(world), public / "sales.csv")
    _write(stock(world), public / "stock.csv")
    _write(items(world), public / "items.csv")
    _write(calendar(world), public / "calendar.csv")
    _write(ahead(world), public / "test.csv")
    empty = np.zeros((len(world.series), TEST_DAYS))
    write_hand_in(world, HandIn(empty, empty), public / "sample_submission.csv")
    _write(dictionary(manifest), public / "data_dictionary.csv")


def write_truth(world: World, *, truth: Path, split: list[str]) -> None:
    """True demand by id with the split; the series with their opening stock and prices of error."""
    _write(demand_by_id(world, split), truth / "truth.csv")
    _write(series(world), truth / "series.csv")


def write_hand_in(world: World, hand_in: HandIn, path: Path) -> None:
    """A submission file: forecast with two decimals, target in units with two decimals."""
    columns = {DEMAND: _by_id(hand_in.demand).round(2), TARGET: _by_id(hand_in.order_up_to).round(2)}
    _write(pd.DataFrame({ID: ids(world), **columns}), path, float_format="%g")


def ids(world: World) -> list[str]:
    """Canonical order: by series, then day: S1-I01-01 … S6-I22-56."""
    return [f"{store}-{item}-{day:02d}" for store, item in world.series for day in range(1, TEST_DAYS + 1)]


def sales(world: World) -> pd.DataFrame:
    """One row per day, store and item of the past."""
    past = slice(0, HISTORY_DAYS)
    frame = _days_of(world, past)
    frame["販売数"] = _by_day(world.past.sold)
    frame["売価"] = _by_day(world.per_series(world.plan.price)[:, past])
    frame["特売"] = _by_day(world.per_series(world.plan.promo)[:, past])
    frame["欠品"] = _by_day(world.past.ran_out)
    return frame


def stock(world: World) -> pd.DataFrame:
    """Deliveries, orders and closing stock of the past; the orders of the last two days are still on their way."""
    frame = _days_of(world, slice(0, HISTORY_DAYS))
    frame["入荷数"] = _by_day(world.past.received)
    frame["発注数"] = _by_day(world.past.ordered)
    frame["閉店時在庫"] = _by_day(world.past.stock)
    return frame


def items(world: World) -> pd.DataFrame:
    """One row per item."""
    goods = world.goods
    return pd.DataFrame(
        {
            "商品": goods.ids,
            "商品名": goods.names,
            "分類": [family.label for family in goods.families],
            "定価": goods.price.astype(np.int64),
            "原価": goods.cost.astype(np.int64),
            "粗利率": ((goods.price - goods.cost) / goods.price).round(3),
            "保管費": goods.hold_yen,
            "欠品損失": goods.lost_yen.astype(np.int64),
            "リードタイム": LEAD_DAYS,
        }
    )


def calendar(world: World) -> pd.DataFrame:
    """One row per day, the test days included; observed temperature only for the past."""
    days = world.calendar
    observed = pd.Series(days.temp_obs)
    observed[HISTORY_DAYS:] = np.nan
    return pd.DataFrame(
        {
            "日付": [day.isoformat() for day in days.dates],
            "曜日": [WEEKDAYS[weekday] for weekday in days.weekday],
            "祝日": days.holiday,
            "商戦期": days.season_names,
            "予想気温": days.temp_fcst,
            "実績気温": observed,
        }
    )


def ahead(world: World) -> pd.DataFrame:
    """The test rows with what is known ahead: price, promotion, forecast temperature."""
    days = slice(HISTORY_DAYS, HISTORY_DAYS + TEST_DAYS)
    dates = [day.isoformat() for day in world.calendar.dates[days]]
    return pd.DataFrame(
        {
            ID: ids(world),
            "日付": dates * len(world.series),
            "店舗": [store for store, _ in world.series for _ in dates],
            "商品": [item for _, item in world.series for _ in dates],
            "売価": _by_id(world.per_series(world.plan.price)[:, days]).astype(np.int64),
            "特売": _by_id(world.per_series(world.plan.promo)[:, days]).astype(np.int64),
            "予想気温": np.tile(world.calendar.temp_fcst[days], len(world.series)),
        }
    )


def dictionary(manifest: Path) -> pd.DataFrame:
    """The data dictionary, from the manifest, which alone describes the columns."""
    files = tomllib.loads(manifest.read_text(encoding="utf-8"))["files"]
    rows = [(file["name"], column) for file in files for column in file["columns"]]
    return pd.DataFrame(
        {
            "ファイル": [name for name, _ in rows],
            "列": [column["name"] for _, column in rows],
            "英語名": [column["alias"] for _, column in rows],
            "型": [column["dtype"] for _, column in rows],
            "単位": [column.get("unit", {}).get("ja", "") for _, column in rows],
            "役割": [column["role"] for _, column in rows],
            "説明": [column["description"]["ja"] for _, column in rows],
            "説明(英語)": [column["description"]["en"] for _, column in rows],
        }
    )


def demand_by_id(world: World, split: list[str]) -> pd.DataFrame:
    """The truth: one row per id; `series` is the row of series.csv, `day` counts from 0."""
    count = len(world.series)
    return pd.DataFrame(
        {
            "id": ids(world),
            "split": np.repeat(split, TEST_DAYS),
            "store_id": [store for store, _ in world.series for _ in range(TEST_DAYS)],
            "item_id": [item for _, item in world.series for _ in range(TEST_DAYS)],
            "series": np.repeat(np.arange(count), TEST_DAYS),
            "day": np.tile(np.arange(TEST_DAYS), count),
            "demand": _by_id(world.test_demand).astype(np.int64),
        }
    )


def series(world: World) -> pd.DataFrame:
    """What the simulator needs by series: stock on the first test morning, orders on their way, yen."""
    opening = world.past.opening
    frame = pd.DataFrame(world.series, columns=["store_id", "item_id"])
    frame["on_hand"] = opening.on_hand.astype(np.int64)
    for ahead_days in range(LEAD_DAYS):
        frame[f"arriving_{ahead_days + 1}"] = opening.on_order[:, ahead_days].astype(np.int64)
    frame["hold_yen"], frame["lost_yen"] = world.hold_yen, world.lost_yen
    return frame


def draw_split(rng: np.random.Generator, sold: Floats) -> list[str]:
    """Public or private by series: of every five neighbours in past sales two are public, so both parts are alike."""
    ranked = np.argsort(-sold.sum(axis=1), kind="stable")
    split = ["private"] * len(ranked)
    for start in range(0, len(ranked), 5):
        five = ranked[start : start + 5]
        for index in rng.choice(five, size=round(0.4 * len(five)), replace=False):
            split[index] = "public"
    return split


def _days_of(world: World, days: slice) -> pd.DataFrame:
    dates = [day.isoformat() for day in world.calendar.dates[days]]
    count = len(world.series)
    stores, names = (np.array(column) for column in zip(*world.series, strict=True))
    return pd.DataFrame(
        {"日付": np.repeat(dates, count), "店舗": np.tile(stores, len(dates)), "商品": np.tile(names, len(dates))}
    )


def _by_day(grid: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """(series, days) as a day-major column of whole numbers."""
    return grid.T.ravel().astype(np.int64)


def _by_id(grid: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> Floats:
    """(series, days) as a column in canonical order."""
    return grid.astype(np.float64).ravel()


def _write(frame: pd.DataFrame, path: Path, *, float_format: str | None = None) -> None:
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n", float_format=float_format)
