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

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grader.problems import JSON
from grader.truth import Truth

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
        """Yen per series over all days, shape (series,): Σ (h · stock + p · lost); h yen a unit and night, p a unit."""
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


def simulate(*, plan: Mapping[str, Floats], truth: Truth, params: Mapping[str, JSON]) -> dict[str, Floats]:
    """Run the column `order_up_to` of a plan; what each row (one series on one day) contributes, shape (rows,).

    Outcomes: `cost` in yen, `lost` and `stock` in units. `truth.columns`: series (row number in the table series), day
    (from 0) and demand; table `series`: on_hand, arriving_1 … arriving_L, hold_yen, lost_yen. `params.lead_days` is L.
    Raises ValueError when the rows are not one for each series and day.
    """
    cell = _cells(truth)
    grid = (len(truth.tables["series"]["on_hand"]), len(cell) // len(truth.tables["series"]["on_hand"]))
    run = run_policy(
        order_up_to=_on_grid(plan["order_up_to"], cell, grid),
        demand=_on_grid(_number(truth.columns["demand"]), cell, grid),
        opening=_opening(truth, lead_days=params["lead_days"]),
    )
    lost, stock = run.lost.ravel()[cell], run.stock.ravel()[cell]
    hold_yen, lost_yen = (
        np.repeat(_number(truth.tables["series"][name]), grid[1])[cell] for name in ("hold_yen", "lost_yen")
    )
    return {"cost": hold_yen * stock + lost_yen * lost, "lost": lost, "stock": stock}


def _cells(truth: Truth) -> NDArray[np.int64]:
    """Where each row stands in the flattened (series, days) grid."""
    series, day = (_number(truth.columns[name]).astype(np.int64) for name in ("series", "day"))
    cell: NDArray[np.int64] = series * (day.max() + 1) + day
    rows = len(truth.tables["series"]["on_hand"]) * (int(day.max()) + 1)
    if len(cell) != rows or not np.array_equal(np.sort(cell), np.arange(rows)):
        raise ValueError("the truth does not have one row for each series and day")
    return cell


def _on_grid(column: Floats, cell: NDArray[np.int64], grid: tuple[int, int]) -> Floats:
    flat = np.empty(len(cell))
    flat[cell] = column
    return flat.reshape(grid)


def _opening(truth: Truth, *, lead_days: JSON) -> Opening:
    if not isinstance(lead_days, int) or lead_days < 1:
        raise ValueError("inventory: params.lead_days must be a whole number of days, 1 or more")
    table = truth.tables["series"]
    arriving = [_number(table[f"arriving_{day}"]) for day in range(1, lead_days + 1)]
    return Opening(on_hand=_number(table["on_hand"]), on_order=np.column_stack(arriving))


def _number(column: NDArray[np.generic]) -> Floats:
    return np.asarray(column, dtype=np.float64)
