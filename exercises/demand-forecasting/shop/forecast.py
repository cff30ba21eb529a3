"""The boosting baseline: forecasts 56 days from one morning with nothing that is not known then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from shop.days import TEST_DAYS
from shop.goods import STORES, Floats
from shop.view import View

FIRST_ORIGIN = 112
ORIGIN_STEP = 42
LEVEL_DAYS = 56
ITEM_COLUMN, STORE_COLUMN, WEEKDAY_COLUMN = 0, 1, 2


@dataclass(frozen=True)
class Known:
    """A view of the shop with somebody's idea of the past demand (series, 730); weight 0 leaves a day out."""

    view: View
    demand: Floats
    weight: Floats
    price_ratio: Floats


def known(view: View, *, demand: Floats, weight: Floats | None = None) -> Known:
    """Bundle the public data with an idea of the demand; without weights every day counts."""
    return Known(view, demand, np.ones_like(demand) if weight is None else weight, view.price_ratio)


def forecast(known: Known, *, origin: int) -> Floats:
    """Mean demand for the 56 days from day `origin`, shape (series, 56), trained on days before `origin` only."""
    origins = range(FIRST_ORIGIN, origin - TEST_DAYS + 1, ORIGIN_STEP)
    blocks = [_block(known, start) for start in origins]
    features = np.concatenate([block.features for block in blocks])
    target = np.concatenate([block.ratio for block in blocks])
    weight = np.concatenate([block.weight for block in blocks])
    model = HistGradientBoostingRegressor(
        loss="poisson", max_iter=160, learning_rate=0.07, max_leaf_nodes=24, min_samples_leaf=60, l2_regularization=5.0,
        categorical_features=[ITEM_COLUMN, STORE_COLUMN, WEEKDAY_COLUMN], early_stopping=False, random_state=0,
    )  # fmt: skip
    with threadpool_limits(limits=1):
        model.fit(features, target, sample_weight=weight)
        ahead = _features(known, origin)
        ratio: NDArray[np.float64] = model.predict(ahead.reshape(-1, ahead.shape[-1]))
    return ratio.reshape(-1, TEST_DAYS) * _level(known, origin)[:, None]


@dataclass(frozen=True)
class _Rows:
    features: Floats
    ratio: Floats
    weight: Floats


def _block(known: Known, origin: int) -> _Rows:
    """Training rows of the 56 days from `origin`: demand as a ratio to the level known that morning."""
    level = _level(known, origin)[:, None]
    days = slice(origin, origin + TEST_DAYS)
    features = _features(known, origin)
    weight = known.weight[:, days] * level
    keep = weight.ravel() > 0
    ratio = (known.demand[:, days] / level).ravel()
    return _Rows(features.reshape(-1, features.shape[-1])[keep], ratio[keep], weight.ravel()[keep])


def _level(known: Known, origin: int) -> Floats:
    """Units a day of each series in the last 56 days, promotion days brought down to ordinary ones; (series,)."""
    return _mean(known, origin, LEVEL_DAYS)


def _mean(known: Known, origin: int, days: int) -> Floats:
    window = slice(max(0, origin - days), origin)
    weight = known.weight[:, window]
    usual = known.demand[:, window] / np.where(known.view.promo[:, window], 2.0, 1.0)
    mean: Floats = ((usual * weight).sum(axis=1) + 0.5) / (weight.sum(axis=1) + 1.0)
    return mean


def _features(known: Known, origin: int) -> Floats:
    """Shape (series, 56, features). The calendar and the flyer are known ahead; the rest stops at `origin`."""
    view, days = known.view, slice(origin, origin + TEST_DAYS)
    count, items = view.series, view.items
    level = _level(known, origin)
    recent_warmth = view.temp_obs[origin - 28 : origin].mean()
    per_series = (
        np.arange(count) % items,
        np.arange(count) // items % len(STORES),
        np.log(level),
        np.log(_mean(known, origin, 14) / level),
        np.log(_mean(known, origin, 28) / level),
        np.log(_mean(known, origin, 112) / level),
    )
    per_day = (
        view.weekday[days],
        view.day_off[days],
        view.season[days],
        view.temp_fcst[days],
        view.temp_fcst[days] - recent_warmth,
        np.arange(TEST_DAYS),
    )
    shape = (count, TEST_DAYS)
    columns = [np.broadcast_to(value[:, None], shape) for value in per_series]
    columns[2:2] = [np.broadcast_to(value[None, :], shape) for value in per_day]
    columns += [known.price_ratio[:, days], view.promo[:, days]]
    return np.stack([column.astype(np.float64) for column in columns], axis=-1)
