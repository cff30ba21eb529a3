"""One seed's whole world: calendar, goods, flyer, demand and the past that followed from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shop.customers import Demand, draw_demand
from shop.days import HISTORY_DAYS, Calendar, make_calendar
from shop.goods import STORES, Floats, Goods, Plan, Settings, draw_goods, draw_plan
from shop.orders import Past, live_through


@dataclass(frozen=True)
class World:
    """Everything that is true in this shop, the hidden part included. Series are store-major: S1/I01, S1/I02, …"""

    settings: Settings
    calendar: Calendar
    goods: Goods
    plan: Plan
    demand: Demand
    past: Past

    @property
    def series(self) -> list[tuple[str, str]]:
        """(store id, item id) of each series."""
        return [(store, item) for store in STORES for item in self.goods.ids]

    def per_series(self, of_items: NDArray[Any]) -> NDArray[Any]:
        """Repeat an (items, …) array for every store: (series, …)."""
        return np.concatenate([of_items] * len(STORES))

    @property
    def hold_yen(self) -> Floats:
        """Yen a unit and night, shape (series,)."""
        return self.per_series(self.goods.hold_yen)

    @property
    def lost_yen(self) -> Floats:
        """Yen a unit of lost demand, shape (series,)."""
        return self.per_series(self.goods.lost_yen)

    @property
    def test_demand(self) -> Floats:
        """Demand of the test days, shape (series, 56): the truth."""
        return self.demand.units[:, HISTORY_DAYS:]


def make_world(*, seed: int, variation: bool = False) -> World:
    """Draw the world of a seed (up to 128 bits), with `variation` its settings too; each part has its own stream."""
    varied, weather, goods_rng, flyer, customers, manager = (
        np.random.default_rng(stream) for stream in np.random.SeedSequence(seed).spawn(6)
    )
    settings = Settings.drawn(varied) if variation else Settings()
    calendar = make_calendar(weather, forecast_error=settings.forecast_error)
    goods = draw_goods(goods_rng, settings)
    plan = draw_plan(flyer, goods, calendar)
    demand = draw_demand(customers, goods=goods, plan=plan, calendar=calendar, settings=settings)
    promo = np.concatenate([plan.promo.astype(np.float64)] * len(STORES))
    past = live_through(manager, demand=demand.units[:, :HISTORY_DAYS], mean=demand.mean[:, :HISTORY_DAYS], promo=promo)
    return World(settings, calendar, goods, plan, demand, past)
