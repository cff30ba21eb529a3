"""The hand-ins that stand beside the board, each from public data alone, and the oracle that does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shop.censoring import unconstrain
from shop.days import HISTORY_DAYS, TEST_DAYS
from shop.forecast import forecast, known
from shop.goods import Floats
from shop.orders import COVER_DAYS, MEAN_DAYS, legacy_target
from shop.policy import CANDIDATES, TEXTBOOK, cost, fitted_spread, order_up_to, tuned_factor
from shop.view import View, view_of
from shop.world import World


@dataclass(frozen=True)
class HandIn:
    """Forecast and target stock in units, each of shape (series, 56)."""

    demand: Floats
    order_up_to: Floats


def naive(view: View) -> HandIn:
    """What sold on the same weekday of the last week, and 4.2 days of that on the shelf."""
    week = np.tile(view.sold[:, -7:], (1, TEST_DAYS // 7))
    return HandIn(week, week * COVER_DAYS)


def mean28(view: View) -> HandIn:
    """The manager's written rule: the 28-day mean, and 4.2 days of it on the shelf."""
    mean = np.tile(view.sold[:, -MEAN_DAYS:].mean(axis=1)[:, None], (1, TEST_DAYS))
    return HandIn(mean, np.tile(legacy_target(view.sold)[:, None], (1, TEST_DAYS)))


@dataclass(frozen=True)
class Boosting:
    """One forecast with both order rules; `factor` is the tuned one (see policy.order_up_to)."""

    demand: Floats
    textbook: Floats
    tuned: Floats
    factor: float


def estimated_demand(view: View) -> Floats:
    """Past demand with the stock-out days unconstrained, (series, 730)."""
    past = slice(0, HISTORY_DAYS)
    kind = view.day_off[past].astype(np.int64)
    return unconstrain(sold=view.sold, ran_out=view.ran_out, promo=view.promo[:, past], kind=kind)


def boosting(view: View, *, demand: Floats, weight: Floats | None = None) -> Boosting:
    """Forecast from an idea of past demand; spread and ratio are found on the last 56 days of that same idea.

    Days of weight 0 have no demand of their own: the rehearsal puts its forecast there.
    """
    idea = known(view, demand=demand, weight=weight)
    rehearsal = forecast(idea, origin=HISTORY_DAYS - TEST_DAYS)
    seen = np.where(idea.weight[:, -TEST_DAYS:] > 0, demand[:, -TEST_DAYS:], rehearsal)
    spread = fitted_spread(demand=seen, forecast=rehearsal)
    factor = tuned_factor(forecast=rehearsal, demand=seen, spread=spread, view=view)
    ahead = forecast(idea, origin=HISTORY_DAYS)
    textbook, tuned = (
        order_up_to(forecast=ahead, spread=spread, view=view, factor=value) for value in (TEXTBOOK, factor)
    )
    return Boosting(demand=ahead, textbook=textbook, tuned=tuned, factor=factor)


def oracle(world: World) -> HandIn:
    """Knows the true mean demand and picks its ratio on the truth: what nobody can beat but by luck."""
    view, mean = view_of(world), world.demand.mean[:, HISTORY_DAYS:]
    spread = fitted_spread(demand=world.test_demand, forecast=mean)
    targets = [order_up_to(forecast=mean, spread=spread, view=view, factor=factor) for factor in CANDIDATES]

    def price(target: Floats) -> float:
        return cost(target=target, demand=world.test_demand, opening=view.opening(), view=view)

    return HandIn(mean, min(targets, key=price))


def baselines(view: View) -> dict[str, HandIn]:
    """All baselines by the keys of the manifest."""
    boosted = boosting(view, demand=estimated_demand(view))
    return {
        "naive": naive(view),
        "mean28": mean28(view),
        "boosting": HandIn(boosted.demand, boosted.textbook),
        "boosting_tuned": HandIn(boosted.demand, boosted.tuned),
    }
