"""What a learner can know of the shop: the public files as arrays. The baselines see nothing else."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from grader.simulators.inventory import Opening
from shop.days import HISTORY_DAYS, SEASONS
from shop.goods import LEAD_DAYS, STORES, Floats
from shop.world import World


@dataclass(frozen=True)
class View:
    """Shapes: (series, 730) the past, (series, 786) price and promo, (786,) the calendar, (series,) yen and item codes.

    temp_obs ends with the past (730,). Series are store-major in the order of items.csv.
    """

    sold: Floats
    ran_out: NDArray[np.bool_]
    stock: Floats
    ordered: Floats
    price: Floats
    promo: NDArray[np.bool_]
    weekday: NDArray[np.int64]
    day_off: NDArray[np.bool_]
    season: NDArray[np.int64]
    temp_fcst: Floats
    temp_obs: Floats
    hold_yen: Floats
    lost_yen: Floats

    @property
    def series(self) -> int:
        """Number of series: stores × items."""
        return len(self.sold)

    @property
    def items(self) -> int:
        """Number of items."""
        return self.series // len(STORES)

    @property
    def price_ratio(self) -> Floats:
        """log(price / usual price); the usual price is the last one seen without promotion, (series, 786)."""
        usual = pd.DataFrame(np.where(self.promo, np.nan, self.price)).ffill(axis=1).bfill(axis=1).to_numpy()
        ratio: Floats = np.log(self.price / usual)
        return ratio

    def opening(self, day: int = HISTORY_DAYS) -> Opening:
        """Stock and orders on their way on the morning of a day, before anything arrives."""
        return Opening(on_hand=self.stock[:, day - 1], on_order=self.ordered[:, day - LEAD_DAYS : day])


def same_view(one: View, other: View) -> bool:
    """True when both know exactly the same."""
    return all(np.array_equal(getattr(one, field.name), getattr(other, field.name)) for field in fields(View))


def view_of(world: World) -> View:
    """The public side of a world."""
    past, calendar = world.past, world.calendar
    return View(
        sold=past.sold,
        ran_out=past.ran_out,
        stock=past.stock,
        ordered=past.ordered,
        price=world.per_series(world.plan.price),
        promo=world.per_series(world.plan.promo) > 0,
        weekday=calendar.weekday,
        day_off=calendar.day_off,
        season=calendar.season,
        temp_fcst=calendar.temp_fcst,
        temp_obs=calendar.temp_obs[:HISTORY_DAYS],
        hold_yen=world.hold_yen,
        lost_yen=world.lost_yen,
    )


def read_view(public: Path) -> View:
    """The same from the public files of a build."""
    items = pd.read_csv(public / "items.csv")
    calendar = pd.read_csv(public / "calendar.csv", keep_default_na=False, na_values={"実績気温": [""]})
    sales, ahead, stock = (pd.read_csv(public / name) for name in ("sales.csv", "test.csv", "stock.csv"))
    names = ["", *SEASONS]
    weekday = pd.to_datetime(calendar["日付"]).dt.day_of_week.to_numpy().astype(np.int64)
    return View(
        sold=_grid(sales, "販売数"),
        ran_out=_grid(sales, "欠品") > 0,
        stock=_grid(stock, "閉店時在庫"),
        ordered=_grid(stock, "発注数"),
        price=np.column_stack([_grid(sales, "売価"), _grid(ahead, "売価")]),
        promo=np.column_stack([_grid(sales, "特売"), _grid(ahead, "特売")]) > 0,
        weekday=weekday,
        day_off=(weekday >= 5) | (calendar["祝日"] != "").to_numpy(),
        season=np.array([names.index(name) for name in calendar["商戦期"]]),
        temp_fcst=calendar["予想気温"].to_numpy(),
        temp_obs=calendar["実績気温"].to_numpy()[:HISTORY_DAYS],
        hold_yen=np.tile(items["保管費"].to_numpy(dtype=np.float64), len(STORES)),
        lost_yen=np.tile(items["欠品損失"].to_numpy(dtype=np.float64), len(STORES)),
    )


def _grid(rows: pd.DataFrame, column: str) -> Floats:
    """Rows of (日付, 店舗, 商品) as (series, days)."""
    ordered = rows.sort_values(["店舗", "商品", "日付"], kind="stable")
    grid: Floats = ordered[column].to_numpy(dtype=np.float64).reshape(-1, rows["日付"].nunique())
    return grid
