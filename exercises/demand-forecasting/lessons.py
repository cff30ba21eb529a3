"""Shows the two lessons of the case on a build: python exercises/demand-forecasting/lessons.py --build DIR."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from shop.baselines import Boosting, boosting, estimated_demand, mean28
from shop.days import TEST_DAYS
from shop.goods import Floats
from shop.policy import cost
from shop.view import View, read_view


@dataclass(frozen=True)
class Line:
    """One way of working and what came of it: bias = Σ forecast / Σ demand − 1, cost in yen over 56 days."""

    name: str
    wape: float
    bias: float
    cost_yen: float


@dataclass(frozen=True)
class Lessons:
    """Lesson 1: order rules on one forecast. Lesson 2: stock-out days treated three ways, each with its tuned ratio.

    The same by the textbook's ratio shows why lesson 1 comes first: its overstock hides a forecast that is too low.
    """

    order_rules: tuple[Line, ...]
    stock_out_days: tuple[Line, ...]
    stock_out_days_by_textbook: tuple[Line, ...]


def learn(build: Path) -> Lessons:
    """Work as a learner would on the public files; only the last look, the price of the plans, uses the truth."""
    view, truth = read_view(build / "public"), _true_demand(build)
    kept = np.ones_like(view.sold)
    best = boosting(view, demand=estimated_demand(view))
    keeping = boosting(view, demand=view.sold)
    dropping = boosting(view, demand=view.sold, weight=kept - view.ran_out)

    def line(name: str, demand: Floats, target: Floats) -> Line:
        return _line(name, view=view, truth=truth, demand=demand, target=target)

    def tuned(name: str, result: Boosting) -> Line:
        return line(name, result.demand, result.tuned)

    def by_textbook(name: str, result: Boosting) -> Line:
        return line(f"textbook: {name}", result.demand, result.textbook)

    treatments = {
        "drop stock-out days": dropping,
        "keep sales as they are": keeping,
        "unconstrain the demand": best,
    }
    legacy = mean28(view)
    return Lessons(
        order_rules=(
            line("manager: 28-day mean x 4.2", legacy.demand, legacy.order_up_to),
            line("textbook ratio p/(p+h)", best.demand, best.textbook),
            line(f"tuned ratio p/(p+{best.factor:g}h)", best.demand, best.tuned),
        ),
        stock_out_days=tuple(tuned(name, result) for name, result in treatments.items()),
        stock_out_days_by_textbook=tuple(by_textbook(name, result) for name, result in treatments.items()),
    )


def _true_demand(build: Path) -> Floats:
    truth = pd.read_csv(build / "truth" / "truth.csv").sort_values(["series", "day"])
    demand: Floats = truth["demand"].to_numpy(dtype=np.float64).reshape(-1, TEST_DAYS)
    return demand


def _line(name: str, *, view: View, truth: Floats, demand: Floats, target: Floats) -> Line:
    return Line(
        name=name,
        wape=float(np.abs(truth - demand).sum() / truth.sum()),
        bias=float(demand.sum() / truth.sum() - 1),
        cost_yen=cost(target=target, demand=truth, opening=view.opening(), view=view),
    )


def table(title: str, lines: Iterable[Line]) -> str:
    """A plain table, one line each."""
    rows = [f"{line.name:<34} {line.wape:6.3f} {line.bias:+7.1%} {line.cost_yen:12,.0f}" for line in lines]
    head = f"{'':<34} {'WAPE':>6} {'bias':>7} {'cost (yen)':>12}"
    return "\n".join([title, head, *rows])


def main() -> None:
    """Print both lessons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True, help="a folder made by grader build")
    lessons = learn(parser.parse_args().build)
    print(table("1. Lost sales: the textbook's critical ratio overstocks", lessons.order_rules))
    print()
    print(table("2. Stock-out days: what each treatment of them ends up costing", lessons.stock_out_days))
    print()
    print(table("   The same by the textbook's ratio: its overstock can hide that", lessons.stock_out_days_by_textbook))
    print(
        "\nThe censored forecasts may win in WAPE (it rewards the median, which lies below the mean) and lose in yen."
    )


if __name__ == "__main__":
    main()
