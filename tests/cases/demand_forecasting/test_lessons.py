"""The two lessons hidden in the case come out of its public files, by the command that its authors run."""

import re
import subprocess
import sys
from dataclasses import dataclass

import pytest

from tests.cases.demand_forecasting import CASE

ROW = re.compile(r"^(?P<name>.+?) +[\d.]+ +(?P<bias>[+-][\d.]+)% +(?P<cost>[\d,]+)$", re.MULTILINE)

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Row:
    bias_percent: float
    cost_yen: int


@pytest.fixture(scope="module")
def rows(build) -> dict[str, Row]:
    """The printed tables, by the first words of each line."""
    command = [sys.executable, CASE / "lessons.py", "--build", build.path]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {
        found["name"].split()[0]: Row(float(found["bias"]), int(found["cost"].replace(",", "")))
        for found in ROW.finditer(printed)
    }


def test_with_lost_sales_the_textbook_ratio_overstocks(rows):
    manager, textbook, tuned = (rows[name].cost_yen for name in ("manager:", "textbook", "tuned"))

    assert manager > textbook > tuned
    assert textbook / tuned > 1.05


def test_dropping_stock_out_days_is_worse_than_keeping_them_and_unconstraining_is_best(rows):
    dropped, kept, unconstrained = (rows[name] for name in ("drop", "keep", "unconstrain"))

    assert dropped.cost_yen > kept.cost_yen > unconstrained.cost_yen
    assert dropped.bias_percent < kept.bias_percent < unconstrained.bias_percent
    assert abs(unconstrained.bias_percent) < 3
