"""`grader new`: a case pack from a table."""

from __future__ import annotations

import argparse
import json
import sys
import time

from grader.new.reporting import as_json, lines_of
from grader.new.wishes import Wishes
from grader.new.writing import make_pack
from grader.pack import PackError
from grader.pack.text import Text
from grader.problems import Language, Problem


def run_new(options: argparse.Namespace, language: Language) -> int:
    """Make the pack and tell what was guessed; 1 when it does not prove itself, 2 when there is none."""
    started = time.perf_counter()
    try:
        report = make_pack(
            options.source.read_bytes(), name=options.source.name, folder=options.case, wishes=_wishes(options)
        )
    except PackError as refusal:
        if not options.json:
            raise
        print(json.dumps({"refused": [problem.to_json() for problem in refusal.problems]}, ensure_ascii=False))
        return 2
    if options.json:
        print(json.dumps(as_json(report), ensure_ascii=False))
    else:
        for line in lines_of(report, language):
            print(line)
        print()
    for problem in report.problems:
        print(f"- {problem.text(language)} [{problem.code}]", file=sys.stderr)
    if not options.json:
        seconds = round(time.perf_counter() - started, 1)
        print(Problem("new_made", {"case": str(options.case), "seconds": seconds}).text(language))
    return 1 if report.problems else 0


def _wishes(options: argparse.Namespace) -> Wishes:
    ja, en = options.title_ja or options.title_en, options.title_en or options.title_ja
    return Wishes(
        target=options.target,
        time=options.time,
        group=options.group,
        shuffle=options.shuffle,
        id=options.id,
        horizon=options.horizon,
        metric=options.metric,
        after=tuple(options.after),
        ahead=tuple(options.ahead),
        drop=tuple(options.drop),
        title=Text(ja, en) if ja and en else None,
    )
