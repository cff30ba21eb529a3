"""The command `grader`: make, check, build and score case packs, and make secret seeds."""

from __future__ import annotations

import argparse
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from grader.checks import prove_pack
from grader.contract import Kind, Result, State
from grader.new.options import add_new_options
from grader.pack import Build, Pack, PackError, load_build, load_pack
from grader.pack.generation import build_pack
from grader.pack.seeds import read_secret_seed, write_secret_seed
from grader.problems import JSON, Language, Problem
from grader.runner import client
from grader.runner.client import RunnerRefuses, RunnerUnavailable
from grader.runner.command import add_runner_options, run_runner
from grader.runner.private import private_runner, runner_python
from grader.scoring import load_truth
from grader.submissions import grade

GOOD, BAD, UNUSABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 when all is well (for `score`: when scored), 1 when not, 2 when it could not be tried."""
    options = _parser().parse_args(arguments)
    language: Language = options.lang or language_of(os.environ)
    try:
        code: int = options.run(options, language)
        return code
    except PackError as error:
        _print_problems(error.problems, language)
    except FileExistsError as error:
        _say(language, "cli_exists", stream=sys.stderr, file=str(error.filename or error))
    except OSError as error:
        _say(language, "cli_unreadable", stream=sys.stderr, file=str(error.filename), detail=str(error.strerror))
    return UNUSABLE


def language_of(environment: Any) -> Language:
    """Japanese when the locale is, else English; the first that is set of LC_ALL, LC_MESSAGES, LANG decides."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environment[name] for name in names if environment.get(name)), "")
    return "ja" if locale.startswith("ja") else "en"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="grader", description=__doc__)
    parser.add_argument("--lang", choices=["ja", "en"], help="language of messages (default: that of LANG)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    new = commands.add_parser("new", help="make a pack from a table, a CSV file")
    add_new_options(new)
    new.set_defaults(run=_new)

    check = commands.add_parser("check", help="prove a pack by itself, on its demo seed")
    check.add_argument("case", type=Path)
    check.add_argument("--record", action="store_true", help="write digests and results to samples/expected.json first")
    check.add_argument("--json", action="store_true", help="print each check and the ladder as JSON")
    check.set_defaults(run=_check)

    build = commands.add_parser("build", help="make the data of a pack")
    build.add_argument("case", type=Path)
    build.add_argument("--out", type=Path, required=True, help="a new or empty folder")
    build.add_argument("--seed-file", type=Path, help="a secret seed (default: the pack's public demo seed)")
    build.set_defaults(run=_build)

    score = commands.add_parser("score", help="score a file: predictions, a model, code or a notebook")
    score.add_argument("case", type=Path)
    score.add_argument("file", type=Path)
    score.add_argument("--build", type=Path, help="built data (default: build the demo data, which takes a while)")
    score.add_argument("--runner", type=Path, metavar="SOCKET", help="the runner to use (default: one of its own)")
    score.add_argument("--no-hints", action="store_true", help="don't run it once more for hints on its method")
    score.add_argument("--json", action="store_true", help="print the result as JSON")
    score.set_defaults(run=_score)

    runner = commands.add_parser("runner", help="run submissions for others, behind a socket")
    add_runner_options(runner)
    runner.set_defaults(run=_runner)

    selftest = commands.add_parser("selftest", help="tell whether this machine can isolate what it runs")
    selftest.add_argument("--runner", type=Path, metavar="SOCKET", help="the runner to ask (default: one of its own)")
    selftest.add_argument("--json", action="store_true", help="print the result as JSON")
    selftest.set_defaults(run=_selftest)

    bench = commands.add_parser("bench", help="measure what isolation costs here")
    bench.set_defaults(run=_bench)

    seed = commands.add_parser("new-seed", help="write a fresh secret seed to a new file")
    seed.add_argument("file", type=Path)
    seed.set_defaults(run=_new_seed)
    return parser


def _new(options: argparse.Namespace, language: Language) -> int:
    from grader.new.cli import run_new  # needs scikit-learn, which other commands do without

    return run_new(options, language)


def _check(options: argparse.Namespace, language: Language) -> int:
    started = time.perf_counter()
    proof = prove_pack(options.case, recording=options.record)
    problems = proof.problems
    if options.json:
        print(json.dumps(proof.to_json(), ensure_ascii=False))
        return BAD if problems else GOOD
    if options.record:
        _say(language, "cli_recorded", file=str(options.case / "samples" / "expected.json"))
    if problems:
        _print_problems(problems, language)
        _say(language, "cli_case_bad", case=str(options.case), count=len(problems))
        return BAD
    _say(language, "cli_case_good", case=str(options.case), seconds=_since(started))
    return GOOD


def _build(options: argparse.Namespace, language: Language) -> int:
    started = time.perf_counter()
    seed = read_secret_seed(options.seed_file) if options.seed_file else None
    build_pack(load_pack(options.case), out=options.out, seed=seed)
    _say(language, "cli_built", folder=str(options.out), seconds=_since(started))
    return GOOD


def _runner(options: argparse.Namespace, _: Language) -> int:
    return run_runner(options)


def _bench(_: argparse.Namespace, __: Language) -> int:
    return subprocess.run([runner_python(), "-P", "-m", "grader.runner.bench"], check=False).returncode


def _new_seed(options: argparse.Namespace, language: Language) -> int:
    write_secret_seed(options.file)
    _say(language, "cli_seed", file=str(options.file))
    return GOOD


def _score(options: argparse.Namespace, language: Language) -> int:
    pack = load_pack(options.case)
    data = options.file.read_bytes()
    with ExitStack() as stack:
        build = _built(options, pack, stack)
        result = _graded(data, options, pack, build, stack)
    if options.json:
        print(json.dumps(_as_json(result, pack, language), ensure_ascii=False))
    else:
        _print_result(result, pack, language)
    return GOOD if result.status is State.SCORED else BAD


def _built(options: argparse.Namespace, pack: Pack, stack: ExitStack) -> Build:
    if options.build:
        return load_build(options.build)
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="grader-score-"))
    return build_pack(pack, out=Path(folder) / "build")


def _graded(data: bytes, options: argparse.Namespace, pack: Pack, build: Build, stack: ExitStack) -> Result:
    own: list[Path] = []

    def runner(kind: Kind) -> Path:
        if not options.runner and not own:
            own.append(stack.enter_context(private_runner(kinds=[kind])))
        return options.runner or own[0]

    try:
        truth = load_truth(build, pack)
        return grade(
            file_name=options.file.name,
            data=data,
            pack=pack,
            build=build,
            truth=truth,
            runner=runner,
            advises=not options.no_hints,
        )
    except RunnerRefuses as refusal:
        return Result(status=State.FAILED, problems=(refusal.problem,))
    except (ValueError, RunnerUnavailable):
        logging.getLogger(__name__).exception("the file could not be graded")
        return Result(status=State.FAILED, problems=(Problem("grading_failed"),))


def _selftest(options: argparse.Namespace, language: Language) -> int:
    try:
        with ExitStack() as stack:
            status = client.status(options.runner or stack.enter_context(private_runner()))
    except RunnerUnavailable as error:
        status = client.Status(is_ready=False, checks={}, reason=str(error), environment="", facts={})
    if options.json:
        told = {"ok": status.is_ready, "checks": status.checks, "reason": status.reason, "facts": status.facts}
        print(json.dumps({**told, "environment": status.environment}, ensure_ascii=False))
    else:
        for name, is_good in status.checks.items():
            print(f"{'ok ' if is_good else 'BAD'} {name}")
        for name, fact in status.facts.items():
            print(f"    {name}: {fact}")
        if status.is_ready:
            _say(language, "cli_isolates")
        else:
            _say(language, "cli_isolates_not", reason=status.reason)
    return GOOD if status.is_ready else BAD


def _as_json(result: Result, pack: Pack, language: Language) -> dict[str, Any]:
    said = [{**problem.to_json(), "text": problem.text(language)} for problem in result.problems]
    scored = result.status is State.SCORED
    return {
        "status": result.status.value,
        "scores": {split: pack.scoring.rounded(values) for split, values in result.scores.items()},
        "errors": [] if scored else said,
        "notices": said if scored else [],
        "hints": [{**hint.to_json(), "text": hint.text(language)} for hint in result.hints],
        "seconds": round(result.seconds, 4),
    }


def _print_result(result: Result, pack: Pack, language: Language) -> None:
    if result.status is not State.SCORED:
        _say(language, "cli_rejected", stream=sys.stderr)
        _print_problems(result.problems, language)
        return
    shown_as = {metric.key: (metric.label[language], max(metric.digits, 0)) for metric in pack.scoring.metrics}
    if pack.scoring.business:
        shown_as[pack.scoring.business.key] = (pack.scoring.business.label[language], 0)
    for split, values in result.scores.items():
        for key, value in pack.scoring.rounded(values).items():
            label, digits = shown_as[key]
            print(f"{split:8} {label}: {value:,.{digits}f}")
    for notice in result.problems:
        _say(language, "cli_notice", text=notice.text(language))
    for hint in result.hints:
        _say(language, "cli_hint", text=hint.text(language))
    _say(language, "cli_scored", seconds=round(result.seconds, 3))


def _print_problems(problems: Sequence[Problem], language: Language) -> None:
    for problem in problems:
        print(f"- {problem.text(language)} [{problem.code}]", file=sys.stderr)


def _say(language: Language, code: str, *, stream: Any = None, **params: JSON) -> None:
    print(Problem(code, dict(params)).text(language), file=stream or sys.stdout)


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 1)


if __name__ == "__main__":
    sys.exit(main())
