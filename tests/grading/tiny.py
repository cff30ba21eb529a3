"""A whole case pack in miniature, written by code so that each test can spoil what it needs.

Two shops sell one item for 20 days each: 40 ids. Shop A is public, shop B private.
"""

from __future__ import annotations

from pathlib import Path

CASE = """
slug = "tiny"
version = "1.0.0"
track = "ai"
licence = "CC-BY-4.0"
title = { ja = "小さな店", en = "A tiny shop" }
summary = { ja = "要約", en = "Summary" }
story = { ja = "story.ja.md", en = "story.en.md" }
pictures = ["pictures/shop.svg"]

[demo]
seed = "7"

[[files]]
name = "sales.csv"
title = { ja = "売上", en = "Sales" }
description = { ja = "過去の売上", en = "Past sales" }
part = "train"
columns = [
  { name = "日付", alias = "date", role = "time", dtype = "date", description = { ja = "日", en = "Day" } },
  { name = "店舗", alias = "shop", role = "group", dtype = "text", description = { ja = "店", en = "Shop" } },
  { name = "販売数", alias = "sold", role = "target", dtype = "int", description = { ja = "数", en = "Sold" } },
]

[[files]]
name = "test.csv"
title = { ja = "予測対象", en = "To predict" }
description = { ja = "予測する日", en = "Days to predict" }
part = "test"
columns = [
  { name = "id", alias = "id", role = "id", dtype = "text", description = { ja = "id", en = "Id" } },
  { name = "日付", alias = "date", role = "time", dtype = "date", description = { ja = "日", en = "Day" } },
  { name = "予定価格", alias = "price", role = "known_ahead", dtype = "int", description = { ja = "円", en = "Yen" } },
]

[[files]]
name = "sample_submission.csv"
title = { ja = "提出サンプル", en = "Sample submission" }
description = { ja = "この形で提出", en = "Hand in like this" }
part = "sample"
columns = [
  { name = "id", alias = "id", role = "id", dtype = "text", description = { ja = "id", en = "Id" } },
  { name = "予測", alias = "demand", role = "feature", dtype = "float", description = { ja = "数", en = "Units" } },
  { name = "発注数", alias = "order", role = "feature", dtype = "int", description = { ja = "数", en = "Order" } },
]

[submission]
kinds = ["predictions"]
sample = "sample_submission.csv"
id = { name = "id", alias = "id" }
columns = [
  { name = "予測", alias = "demand", label = { ja = "需要", en = "Demand" }, min = 0, max = 1000 },
  { name = "発注数", alias = "order", label = { ja = "発注", en = "Order" }, min = -5, max = 100, integer = true },
]

[limits]
bytes = 20000
rows = 100
per_day = 5

[truth]
file = "truth.csv"
oracle = "oracle.csv"

[split]
column = "split"
by = ["shop"]
public_share = 0.5
description = { ja = "店Aが暫定", en = "Shop A is public" }

[scoring]
primary = "wape"
secondary = "rmse"

[[scoring.metrics]]
key = "wape"
label = { ja = "WAPE", en = "WAPE" }
description = { ja = "誤差", en = "Error" }
direction = "lower"
digits = 4
metric = "wape"
prediction = "demand"
truth = "demand"

[[scoring.metrics]]
key = "rmse"
label = { ja = "RMSE", en = "RMSE" }
description = { ja = "誤差", en = "Error" }
direction = "lower"
digits = 3
metric = "rmse"
prediction = "demand"
truth = "demand"

[business]
key = "saving_yen"
label = { ja = "削減額", en = "Saving" }
formula = "saving_per_year"
metric = "rmse"
baseline = "mean"
params = { weeks = 4 }

[[baselines]]
key = "mean"
label = { ja = "平均", en = "Mean" }
description = { ja = "平均", en = "Mean" }

[[baselines]]
key = "ones"
label = { ja = "すべて1", en = "All ones" }
description = { ja = "すべて1", en = "All ones" }
trivial = true

[[steps]]
key = "model"
kind = "model"
by = "person"
title = { ja = "モデル", en = "Model" }
text = { ja = "予測する", en = "Predict" }
opens_day = 0
closes_day = 14

[[rubric]]
key = "impact"
label = { ja = "効果", en = "Impact" }
description = { ja = "効果", en = "Impact" }
steps = ["model"]
levels = [{ points = 1, text = { ja = "低", en = "Low" } }, { points = 3, text = { ja = "高", en = "High" } }]

[[skills]]
key = "forecast"
label = { ja = "予測", en = "Forecasting" }
"""

GENERATOR = '''
"""Two shops, one item, Poisson demand."""

from datetime import date, timedelta

import numpy as np


def generate(*, seed, out, variation):
    rng = np.random.default_rng(seed)
    level = rng.uniform(20, 40) if variation else 30
    days = [date(2026, 1, 1) + timedelta(days=day) for day in range(60)]
    ids, truth, test, sales = [], [], [], []
    for shop in "AB":
        demand = rng.poisson(level, len(days))
        sales += [f"{day},{shop},{sold}" for day, sold in zip(days[:40], demand, strict=False)]
        for day, sold in zip(days[40:], demand[40:], strict=True):
            ids.append(f"{shop}-{day}")
            test.append(f"{ids[-1]},{day},{rng.integers(90, 110)}")
            truth.append((ids[-1], "public" if shop == "A" else "private", shop, int(sold)))
    write(out / "public/sales.csv", "日付,店舗,販売数", sales)
    write(out / "public/test.csv", "id,日付,予定価格", test)
    write(out / "public/sample_submission.csv", "id,予測,発注数", [f"{name},0,0" for name in ids])
    write(out / "truth/truth.csv", "id,split,shop,demand", [",".join(map(str, row)) for row in reversed(truth)])
    write(out / "truth/oracle.csv", "id,予測,発注数", [f"{row[0]},{row[3]},0" for row in truth])
    write(out / "truth/shops.csv", "shop,opening", ["A,10", "B,12"])
    write(out / "baselines/mean.csv", "id,予測,発注数", [f"{name},{level:.1f},0" for name in ids])
    write(out / "baselines/ones.csv", "id,予測,発注数", [f"{name},1,0" for name in ids])


def write(path, header, rows):
    path.write_text("\\n".join([header, *rows]) + "\\n", encoding="utf-8", newline="\\n")
'''

HEADER = "id,予測,発注数"


def write_case(folder: Path, *, case: str = CASE, generator: str = GENERATOR) -> Path:
    """Write the pack below ``folder`` and return its own folder."""
    path = folder / "tiny"
    (path / "pictures").mkdir(parents=True)
    (path / "case.toml").write_text(case, encoding="utf-8")
    (path / "generate.py").write_text(generator, encoding="utf-8")
    (path / "story.ja.md").write_text("# 小さな店\n", encoding="utf-8")
    (path / "story.en.md").write_text("# A tiny shop\n", encoding="utf-8")
    (path / "pictures" / "shop.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    return path


def rows_of(ids: tuple[str, ...]) -> list[str]:
    """Clean data rows, one per id: 30 wanted, order 0 to 39."""
    return [f"{name},30,{number}" for number, name in enumerate(ids)]


def csv_of(rows: list[str], header: str = HEADER) -> bytes:
    return "\n".join([header, *rows, ""]).encode()
