"""The command line, as a process: exit codes, JSON, languages."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys

import pytest

from grader.cli import language_of
from tests.grading.tiny import csv_of, rows_of


def run(*arguments, lang="C.UTF-8"):
    environment = {"PATH": os.environ["PATH"], "LANG": lang, "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "grader.cli", *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def answer(build, tmp_path):
    path = tmp_path / "answer.csv"
    path.write_bytes(csv_of(rows_of(build.ids.values)))
    return path


def test_a_scored_file_ends_with_0_and_rounded_scores(case_path, build, answer, pack):
    done = run("score", case_path, answer, "--build", build.path, "--json")

    printed = json.loads(done.stdout)
    assert (done.returncode, printed["status"], printed["errors"], printed["notices"]) == (0, "scored", [], [])
    assert printed["scores"]["public"] == pack.scoring.rounded(printed["scores"]["public"])
    assert printed["seconds"] < 1


def test_a_refused_file_ends_with_1_and_its_reasons(case_path, build, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"id\t1\n")

    done = run("score", case_path, bad, "--build", build.path, "--json", lang="ja_JP.UTF-8")

    printed = json.loads(done.stdout)
    assert (done.returncode, printed["status"], printed["scores"]) == (1, "rejected", {})
    assert [error["code"] for error in printed["errors"]] == ["delimiter_tab"]
    assert printed["errors"][0]["text"].startswith("列がタブで")


def test_without_a_build_the_demo_data_are_made(case_path, answer):
    done = run("--lang", "ja", "score", case_path, answer)

    assert done.returncode == 0
    assert "削減額" in done.stdout


def test_build_and_new_seed_work_together(case_path, tmp_path):
    assert run("new-seed", tmp_path / "seed").returncode == 0
    assert stat.S_IMODE((tmp_path / "seed").stat().st_mode) == 0o600

    done = run("build", case_path, "--out", tmp_path / "out", "--seed-file", tmp_path / "seed")

    assert done.returncode == 0
    assert json.loads((tmp_path / "out" / "build.json").read_text())["seed_kind"] == "secret"


def test_what_cannot_be_tried_ends_with_2_and_words(case_path, build, answer, tmp_path):
    (tmp_path / "seed").write_text("x")
    tries = [
        run("score", tmp_path, answer),
        run("score", case_path, tmp_path / "away.csv", "--build", build.path),
        run("build", case_path, "--out", build.path),
        run("build", case_path, "--out", tmp_path / "out", "--seed-file", tmp_path / "seed"),
        run("new-seed", tmp_path / "seed"),
    ]

    assert [done.returncode for done in tries] == [2] * len(tries)
    assert all(done.stderr and "Traceback" not in done.stderr for done in tries)


def test_check_tells_problems_with_their_codes(case_path):
    done = run("check", case_path)

    assert done.returncode == 1
    assert "[pack_file_missing]" in done.stderr


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE", "LC_MESSAGES": "ja"}, "ja"),
        ({"LC_ALL": "", "LANG": "ja"}, "ja"),
    ],
)
def test_the_language_is_the_locales(environment, language):
    assert language_of(environment) == language
