"""The past as the shop lived it: the manager's orders, what was sold, what ran out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grader.simulators.inventory import Opening
from shop.goods import LEAD_DAYS, Floats

MEAN_DAYS = 28
COVER_DAYS = 4.2  # the manager orders up to 4.2 days of the 28-day mean
PROMO_EXTRA = 1.3  # and by feeling that much more when a promotion is on


@dataclass(frozen=True)
class Past:
    """What the shop recorded, shape (series, days) in units; `opening` is the state on the first test morning;
    `ran_out`: the shelf was empty before closing and somebody went without."""

    sold: Floats
    ran_out: NDArray[np.bool_]
    stock: Floats
    ordered: Floats
    received: Floats
    opening: Opening


def legacy_target(sold: Floats) -> Floats:
    """The written rule: mean sales of the last 28 days × 4.2 days; `sold` (series, days) → (series,)."""
    target: Floats = sold[:, -MEAN_DAYS:].mean(axis=1) * COVER_DAYS
    return target


def live_through(rng: np.random.Generator, *, demand: Floats, mean: Floats, promo: Floats) -> Past:
    """Two years of the manager's orders: the written rule, more before promotions, with his daily mood.

    promo: (series, days), 1 on promotion days. The first month, before there is a mean, he orders from experience.
    """
    series, days = demand.shape
    sold, stock, ordered, received = (np.zeros((series, days)) for _ in range(4))
    on_hand = np.round(2 * mean[:, 0])
    on_order: Floats = np.round(np.tile(mean[:, :1], (1, LEAD_DAYS))).astype(np.float64)
    mood = rng.normal(1.0, 0.08, (series, days))
    for day in range(days):
        received[:, day] = on_order[:, 0]
        on_hand = on_hand + on_order[:, 0]
        known = sold[:, :day] if day >= MEAN_DAYS else mean[:, :MEAN_DAYS]
        coming = promo[:, day : day + LEAD_DAYS + 1].mean(axis=1)
        target = legacy_target(known) * mood[:, day] * (1 + PROMO_EXTRA * coming)
        ordered[:, day] = np.maximum(0.0, np.round(target - on_hand - on_order[:, 1:].sum(axis=1)))
        on_order = np.column_stack([on_order[:, 1:], ordered[:, day]])
        sold[:, day] = np.minimum(on_hand, demand[:, day])
        on_hand = on_hand - sold[:, day]
        stock[:, day] = on_hand
    return Past(sold, demand > sold, stock, ordered, received, Opening(on_hand=on_hand, on_order=on_order))
