"""Draws what customers want: mean demand per store, item and day, and the negative-binomial demand around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shop.days import Calendar, persistent_noise
from shop.goods import STORES, Floats, Goods, Plan, Settings


@dataclass(frozen=True)
class Demand:
    """Mean demand μ and the demand itself in units, shape (series, days); series = store-major store × item."""

    mean: Floats
    units: Floats


def draw_demand(
    rng: np.random.Generator, *, goods: Goods, plan: Plan, calendar: Calendar, settings: Settings
) -> Demand:
    """μ = level · store · week · temperature · season · price^elasticity · promotion · drift, then NB(μ, k).

    Elasticities: Bijmolt, van Heerde & Pieters, Journal of Marketing Research 42(2), 2005 (mean −2.62).
    """
    per_item = _item_effects(goods, plan, calendar, settings)
    per_store = _store_effects(rng, goods, calendar)
    shape = (len(STORES), len(goods.ids), len(calendar.dates))
    drift = _weekly_drift(rng, shape, settings.level_drift)
    log_mean = np.log(goods.level)[None, :, None] + per_item[None] + per_store + drift
    mean = np.exp(log_mean).reshape(-1, shape[2])
    return Demand(mean=mean, units=_negative_binomial(rng, mean, np.tile(goods.dispersion, len(STORES))))


def _item_effects(goods: Goods, plan: Plan, calendar: Calendar, settings: Settings) -> Floats:
    price = goods.elasticity[:, None] * np.log(plan.price / plan.usual_price)
    promo = np.log(settings.promo_lift) * plan.promo
    warmth = np.array([family.per_10_degrees for family in goods.families])
    temperature = warmth[:, None] * (calendar.temp_obs - 15.0)[None, :] / 10.0
    effects: Floats = price + promo + temperature + _season_effects(goods, calendar)
    return effects


def _season_effects(goods: Goods, calendar: Calendar) -> Floats:
    factors = np.array([[1.0, *family.seasons] for family in goods.families])
    effects: Floats = np.log(factors[:, calendar.season])
    return effects


def _store_effects(rng: np.random.Generator, goods: Goods, calendar: Calendar) -> Floats:
    """Size of the store, its taste for each item, and its own shape of the week; shape (stores, items, days)."""
    items = len(goods.ids)
    size = rng.normal(0.0, 0.30, len(STORES))
    taste = rng.normal(0.0, 0.25, (len(STORES), items))
    weekend = np.log([family.weekend for family in goods.families]) * rng.uniform(0.6, 1.4, (len(STORES), 1))
    weekdays = rng.normal(0.0, 0.05, (len(STORES), 7))
    week = weekend[:, :, None] * calendar.day_off[None, None, :] + weekdays[:, calendar.weekday][:, None, :]
    effects: Floats = size[:, None, None] + taste[:, :, None] + week
    return effects


def _weekly_drift(rng: np.random.Generator, shape: tuple[int, int, int], spread: float) -> Floats:
    """A slow wandering of each series' level: one value a week, kept for about two months."""
    stores, items, days = shape
    weeks = persistent_noise(rng, shape=(stores, items, days // 7 + 1), keep=0.88, spread=spread)
    return np.repeat(weeks, 7, axis=2)[:, :, :days]


def _negative_binomial(rng: np.random.Generator, mean: Floats, dispersion: NDArray[np.float64]) -> Floats:
    """Negative binomial with mean μ and variance μ + μ²/k, as a Poisson whose rate is Gamma-distributed."""
    k = dispersion[:, None]
    rate = rng.gamma(np.broadcast_to(k, mean.shape), mean / k)
    return rng.poisson(rate).astype(np.float64)
