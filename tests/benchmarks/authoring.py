"""Time and memory of `grader new` on a million rows: a table of dated sales, read as CP932 with Japanese days."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROWS = int(os.environ.get("ROWS", "1000000"))
SHOPS = 500


def write_table(path: Path) -> None:
    """Shops by days, with six columns beside the target."""
    chance = np.random.default_rng(1)
    days = pd.date_range("2020-04-01", periods=-(-ROWS // SHOPS))
    names = np.array([f"{day.year}年{day.month}月{day.day}日" for day in days])
    day, shop = np.divmod(np.arange(ROWS), SHOPS)
    usual = chance.uniform(20, 200, SHOPS)
    promo, warm = chance.random(ROWS) < 0.15, 16 + 10 * np.sin(day / 58) + chance.normal(0, 3, ROWS)
    sold = chance.poisson(usual[shop] * np.where(promo, 1.5, 1.0) * (1 + 0.01 * warm))
    frame = pd.DataFrame(
        {
            "日付": names[day],
            "店舗": np.char.add("店", shop.astype(str)),
            "特売": np.where(promo, "○", "×"),
            "予想気温": warm.round(1),
            "売価": chance.integers(90, 140, ROWS),
            "売上": sold * 100,
            "販売数": sold,
        }
    )
    frame.to_csv(path, index=False, encoding="cp932")


# The peak is asked of the child, by the kernel's own count: that of getrusage begins with what the parent had.
PROGRAM = """
import json, re, resource, sys, time
from pathlib import Path
from grader.cli import main
began = time.perf_counter()
code = main(["--lang", "en", *sys.argv[1:]])
used = resource.getrusage(resource.RUSAGE_SELF)
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
told = {"seconds": time.perf_counter() - began, "processor": used.ru_utime + used.ru_stime}
print(json.dumps({"code": code, "peak_mb": peak, **told}))
"""


def measured(*words: str | Path) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-c", PROGRAM, *map(str, words)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    assert found["code"] == 0, done.stdout + done.stderr
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        table, case = Path(folder) / "sales.csv", Path(folder) / "big-case"
        write_table(table)
        print(f"{ROWS:,} rows, {table.stat().st_size / 1e6:,.0f} MB as CP932")
        began = time.perf_counter()
        for words in (("new", case, "--from", table, "--target", "販売数", "--horizon", "28d"), ("check", case)):
            found = measured(*words)
            seconds, processor, peak = (found[name] for name in ("seconds", "processor", "peak_mb"))
            print(f"grader {words[0]:5} {seconds:7,.1f} s ({processor:,.1f} s of processor), peak {peak:,.0f} MB")
        print(f"together {time.perf_counter() - began:,.1f} s")


if __name__ == "__main__":
    main()
