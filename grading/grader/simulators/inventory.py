"""Runs a daily order-up-to policy with lost sales and prices it in yen.

One day t of one series (a store's item), with lead time L:

1. what was ordered on the morning of day t − L arrives;
2. the order is placed: q(t) = max(0, S(t) − stock on hand − what is still on its way);
3. customers come: sold = min(stock, demand), the rest of the demand is lost (nobody waits);
4. the day is priced: h · (stock left at closing) + p · (demand lost).

So S(t) has to last for L + 1 days, from t to the evening before the order of t + 1 arrives. The model is the lost-sales
base-stock system of Zipkin, "Old and new methods for lost-sales inventory systems", Operations Research 56(5), 2008.
Loops over days; every step is one vector over the series.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Opening:
    """The state before the first morning.

    on_hand: units on the shelf, shape (series,).
    on_order: units still on their way, shape (series, L); column 0 arrives on the first morning.
    """

    on_hand: Floats
    on_order: Floats


@dataclass(frozen=True)
class Run:
    """What happened, each of shape (series, days) in units: closing stock, demand lost, ordered, received."""

    stock: Floats
    lost: Floats
    ordered: Floats
    received: Floats

    def cost(self, *, hold_yen: Floats, lost_yen: Floats) -> Floats:
        """Yen per series over all days, shape (series,): Σ (h · stock + p · lost); h in yen per unit and night, p per unit."""
        held: Floats = self.stock.sum(axis=1) * hold_yen
        missed: Floats = self.lost.sum(axis=1) * lost_yen
        return held + missed


def run_policy(*, order_up_to: Floats, demand: Floats, opening: Opening) -> Run:
    """Run the targets S of shape (series, days) against the demand of the same shape, both in units.

    Targets may be fractional: the order is rounded to whole units (half up), since nobody ships 0.4 of a cabbage.
    Raises ValueError when shapes differ or the opening has no lead time.
    """
    _check_shapes(order_up_to, demand, opening)
    series, days = demand.shape
    stock, lost, ordered, received = (np.zeros((series, days)) for _ in range(4))
    on_hand, on_order = opening.on_hand.astype(np.float64), opening.on_order.astype(np.float64)
    for day in range(days):
        received[:, day] = on_order[:, 0]
        on_hand = on_hand + on_order[:, 0]
        wanted = order_up_to[:, day] - on_hand - on_order[:, 1:].sum(axis=1)
        ordered[:, day] = np.maximum(0.0, np.floor(wanted + 0.5))
        on_order = np.column_stack([on_order[:, 1:], ordered[:, day]])
        lost[:, day] = np.maximum(0.0, demand[:, day] - on_hand)
        on_hand = np.maximum(0.0, on_hand - demand[:, day])
        stock[:, day] = on_hand
    return Run(stock=stock, lost=lost, ordered=ordered, received=received)


def _check_shapes(order_up_to: Floats, demand: Floats, opening: Opening) -> None:
    if order_up_to.shape != demand.shape:
        raise ValueError(f"order_up_to has shape {order_up_to.shape}, demand has {demand.shape}")
    if opening.on_hand.shape != demand.shape[:1] or opening.on_order.shape[:1] != demand.shape[:1]:
        raise ValueError("the opening stock does not have one row per series")
    if opening.on_order.ndim != 2 or opening.on_order.shape[1] < 1:
        raise ValueError("the lead time must be at least one day")
