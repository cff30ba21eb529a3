"""Order rules: from a forecast to a target stock, and the tuning of the ratio on the past."""

from __future__ import annotations

import numpy as np
from scipy.stats import nbinom

from grader.simulators.inventory import Opening, run_policy
from shop.days import HISTORY_DAYS, TEST_DAYS
from shop.goods import LEAD_DAYS, Floats
from shop.view import View

TEXTBOOK = 1.0
CANDIDATES = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0)


def protection_mean(forecast: Floats) -> Floats:
    """Mean demand from each day to the arrival of the next order: the sum of L + 1 days; same shape."""
    days = forecast.shape[1]
    padded = np.column_stack([forecast, *[forecast[:, -1:]] * LEAD_DAYS])
    total: Floats = np.sum([padded[:, ahead : ahead + days] for ahead in range(LEAD_DAYS + 1)], axis=0)
    return total


def order_up_to(*, forecast: Floats, spread: Floats, view: View, factor: float) -> Floats:
    """The ratio's quantile of the demand of L + 1 days, negative binomial of mean M and size `spread` (series,).

    ratio = p / (p + factor · h): factor 1 is the textbook's critical ratio, which holds when customers wait.
    """
    lost, hold = view.lost_yen, view.hold_yen
    ratio = lost / (lost + factor * hold)
    mean = np.maximum(protection_mean(forecast), 1e-6)
    size = spread[:, None]
    target: Floats = nbinom.ppf(ratio[:, None], size, size / (size + mean))
    return target


def fitted_spread(*, demand: Floats, forecast: Floats) -> Floats:
    """Size k of the demand of L + 1 days per series, by moments over all series: Σ(D − M)² = ΣM + ΣM²/k."""
    mean, total = protection_mean(forecast), protection_mean(demand)
    excess = float(((total - mean) ** 2 - mean).sum())
    size = float((mean**2).sum()) / max(excess, 1e-9)
    return np.full(len(demand), np.clip(size, 1.0, 100.0))


def cost(*, target: Floats, demand: Floats, opening: Opening, view: View) -> float:
    """Yen of all series over the days of `target`."""
    run = run_policy(order_up_to=target, demand=demand, opening=opening)
    return float(run.cost(hold_yen=view.hold_yen, lost_yen=view.lost_yen).sum())


def tuned_factor(*, forecast: Floats, demand: Floats, spread: Floats, view: View) -> float:
    """The candidate that is cheapest on the last 56 days of the past, run by the same simulator."""
    opening = view.opening(HISTORY_DAYS - TEST_DAYS)

    def price(factor: float) -> float:
        target = order_up_to(forecast=forecast, spread=spread, view=view, factor=factor)
        return cost(target=target, demand=demand, opening=opening, view=view)

    return min(CANDIDATES, key=price)
