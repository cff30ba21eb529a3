"""Thirty days of two items, and ten days to predict."""

import csv
import random
from collections.abc import Iterable
from pathlib import Path
from statistics import mean

ITEMS = {"bread": 20, "milk": 60}
PAST, AHEAD = 30, 10


def generate(*, seed: int, out: Path, variation: bool) -> None:
    """Write the files of docs/pack-format.md."""
    chance = random.Random(seed)
    scale = chance.uniform(0.8, 1.2) if variation else 1.0
    sales = {
        (day, item): round(scale * usual * chance.uniform(0.7, 1.3) * (1.2 if day % 7 < 2 else 1.0))
        for day in range(PAST + AHEAD)
        for item, usual in ITEMS.items()
    }
    past = [key for key in sales if key[0] < PAST]
    ahead = {f"{item}-{day}": (day, item) for day, item in sales if day >= PAST}
    write(out / "public/train.csv", ["日", "商品", "欠品", "販売数"], [[*key, 0, sales[key]] for key in past])
    write(out / "public/test.csv", ["id", "日", "商品"], [[name, *key] for name, key in ahead.items()])
    means = {item: mean(sales[key] for key in past if key[1] == item) for item in ITEMS}
    hand_in(out / "public/sample_submission.csv", dict.fromkeys(ahead, 0))
    hand_in(out / "baselines/zero.csv", dict.fromkeys(ahead, 0))
    hand_in(out / "baselines/mean.csv", {name: round(means[item], 3) for name, (_, item) in ahead.items()})
    hand_in(out / "truth/oracle.csv", {name: sales[key] for name, key in ahead.items()})
    splits = ["public" if day % 5 < 2 else "private" for day, _ in ahead.values()]
    rows = [[name, split, sales[key]] for (name, key), split in zip(ahead.items(), splits, strict=True)]
    write(out / "truth/truth.csv", ["id", "split", "sales"], rows)


def hand_in(path: Path, forecasts: dict[str, float]) -> None:
    write(path, ["id", "予測"], forecasts.items())


def write(path: Path, header: list[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([header, *rows])
