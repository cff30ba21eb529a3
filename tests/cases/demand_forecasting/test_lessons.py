"""The two lessons hidden in the case come out of its public files, by the command that its authors run."""

import re
import subprocess
import sys
from dataclasses import dataclass

import pytest

from tests.cases.demand_forecasting import CASE

ROW = re.compile(r"^(?P<name>.+?) +[\d.]+ +(?P<bias>[+-][\d.]+)% +(?P<cost>[\d,]+)$", re.MULTILINE)

TREATMENTS = ("drop stock-out days", "keep sales as they are", "unconstrain the demand")

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Row:
    bias_percent: float
    cost_yen: int


@pytest.fixture(scope="module")
def rows(build) -> dict[str, Row]:
    """The printed tables, by the name of each line."""
    command = [sys.executable, CASE / "lessons.py", "--build", build.path]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {
        found["name"]: Row(float(found["bias"]), int(found["cost"].replace(",", ""))) for found in ROW.finditer(printed)
    }


def test_with_lost_sales_the_textbook_ratio_overstocks(rows):
    manager, textbook = rows["manager: 28-day mean x 4.2"].cost_yen, rows["textbook ratio p/(p+h)"].cost_yen
    tuned = next(row.cost_yen for name, row in rows.items() if name.startswith("tuned ratio"))

    assert manager > textbook > tuned
    assert textbook / tuned > 1.05


def test_dropping_stock_out_days_is_worse_than_keeping_them_and_unconstraining_is_best(rows):
    dropped, kept, unconstrained = (rows[name] for name in TREATMENTS)

    assert dropped.cost_yen > kept.cost_yen > unconstrained.cost_yen
    assert dropped.bias_percent < kept.bias_percent < unconstrained.bias_percent
    assert abs(unconstrained.bias_percent) < 3


def test_the_textbooks_overstock_hides_that_so_lesson_1_comes_first(rows):
    """An honest table: by the textbook's ratio the best forecast is the dearest."""
    dropped, kept, unconstrained = (rows[f"textbook: {name}"].cost_yen for name in TREATMENTS)

    assert max(dropped, kept) < unconstrained
    assert unconstrained > rows[TREATMENTS[-1]].cost_yen
