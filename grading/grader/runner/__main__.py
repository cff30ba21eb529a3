"""`python -m grader.runner`: the same as `grader runner`, without importing what the other commands need."""

from __future__ import annotations

import argparse
import sys

from grader.runner.command import add_runner_options, run_runner


def main() -> int:
    """Run submissions for others until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m grader.runner", description=main.__doc__)
    add_runner_options(parser)
    return run_runner(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
