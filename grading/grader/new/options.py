"""The options of `grader new`."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_new_options(parser: argparse.ArgumentParser) -> None:
    """Apart from the command itself, which needs libraries that others do without."""
    parser.add_argument("case", type=Path, help="the new case's folder; its last part is the case's name")
    parser.add_argument("--from", dest="source", type=Path, required=True, metavar="FILE", help="the table, a CSV file")
    parser.add_argument("--target", required=True, metavar="COL", help="the column to predict")
    split = parser.add_mutually_exclusive_group()
    split.add_argument(
        "--time", metavar="COL", help="predict what comes later by this column (default: a column of days)"
    )
    split.add_argument("--group", metavar="COL", help="predict for other values of this column, such as lots")
    split.add_argument("--shuffle", action="store_true", help="predict rows drawn by chance, although there are days")
    parser.add_argument("--horizon", metavar="TIME", help="how much to predict: 28d, 8w, 3m or 20%% (default: 20%%)")
    parser.add_argument("--metric", metavar="NAME", help="what ranks (default: by the target)")
    parser.add_argument("--id", metavar="COL", help="what names a row (default: found, or made)")
    for name, told in (
        ("after", "known only when it is over: left out of the rows to predict"),
        ("ahead", "known for the rows to predict, whatever the name says"),
        ("drop", "left out altogether"),
    ):
        parser.add_argument(f"--{name}", action="append", default=[], metavar="COL", help=f"{told}; may be repeated")
    parser.add_argument("--title-ja", metavar="TEXT", help="the title in Japanese (default: a marked gap)")
    parser.add_argument("--title-en", metavar="TEXT", help="the title in English (default: a marked gap)")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
