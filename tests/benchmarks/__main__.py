"""`make bench` runs every benchmark, `make bench BENCH=board` one of them; each prints its figures."""

import subprocess
import sys

BENCHMARKS = [
    "upload_to_score",
    "bulk_message",
    "burst",
    "board",
    "killed_workers",
    "grading_faults",
    "rescoring",
    "live_fanout",
    "live_faults",
    "people_import",
    "form_results",
    "pages",
    "applicants",
    "notebooks",
    "discussion",
    "grouping",
    "badges",
    "reviews",
    "authoring",
]


def main() -> None:
    wanted = sys.argv[1:] or BENCHMARKS
    for name in wanted:
        if name not in BENCHMARKS:
            sys.exit(f"There is no benchmark {name}. Choose from: {', '.join(BENCHMARKS)}.")
    # A process each: their settings point to databases of their own.
    failed = [name for name in wanted if subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}"]).returncode]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
