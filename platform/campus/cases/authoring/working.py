"""The job behind a draft: make the pack, check it, install it. Each in a process of its own, so that neither a large
table nor a strange pack takes a worker along."""

import json
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.db.models import F

from campus import live
from campus.cases.actions import PackChanged, install_case
from campus.cases.authoring.archives import EXPECTED
from campus.cases.authoring.words import FAILED, TABLE_FILE, VERSION_TAKEN
from campus.cases.models import CaseDraft, DraftState, DraftTask
from grader.pack import PackError

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 2
LONGEST_SECONDS = 900
PASSED = ("HOME", "TMPDIR", "VIRTUAL_ENV")
ENVIRONMENT = {"PYTHONUTF8": "1", "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"}


class WorkFailed(Exception):
    """Nothing that the organiser can mend: the process was killed, took too long, or its answer makes no sense."""


def work_on(draft_id: int) -> None:
    """Do what the draft waits for; harmless when called twice."""
    draft = _taken(draft_id)
    if draft is None:
        return
    try:
        changes = _WORK[DraftTask(draft.task)](draft)
    except PackError as error:
        changes = _broken([problem.to_json() for problem in error.problems])
    except PackChanged:
        changes = _broken([{"code": VERSION_TAKEN}])
    except (WorkFailed, OSError):
        logger.exception("draft %s could not be worked on", draft.pk)
        changes = _broken([{"code": FAILED}])
    _end(draft, changes)


@live.atomic
def _taken(draft_id: int) -> CaseDraft | None:
    """The draft, from now on in progress; None where it waits for nothing."""
    waiting = CaseDraft.objects.filter(pk=draft_id, state=DraftState.WAITING)
    if not waiting.update(state=DraftState.WORKING, attempt=F("attempt") + 1):
        return None
    draft = CaseDraft.objects.select_related("cohort", "asked_by").get(pk=draft_id)
    live.touch(draft.stream, "progress")
    return draft


@live.atomic
def _end(draft: CaseDraft, changes: dict[str, Any]) -> None:
    """Write what came of it, unless another attempt has taken the draft over."""
    ours = CaseDraft.objects.filter(pk=draft.pk, state=DraftState.WORKING, attempt=draft.attempt)
    if ours.update(**changes):
        live.touch(draft.stream, "progress")


def _broken(problems: list[dict[str, Any]]) -> dict[str, Any]:
    return {"state": DraftState.BROKEN, "problems": problems}


def _make(draft: CaseDraft) -> dict[str, Any]:
    """A pack of the table, then its proof."""
    work = draft.folder / "making"
    shutil.rmtree(work, ignore_errors=True)
    try:
        report = _grader("new", work / draft.slug, "--json", "--from", draft.folder / TABLE_FILE, *_options(draft))
        if "refused" in report:
            return {**_broken(report["refused"]), "report": None}
        shutil.rmtree(draft.pack_folder, ignore_errors=True)
        (work / draft.slug).rename(draft.pack_folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return {"report": report, **_prove(draft)}


def _options(draft: CaseDraft) -> list[str]:
    """The wishes as options of `grader new`."""
    titles = [f"--title-ja={draft.title_ja}", f"--title-en={draft.title_en}"]
    options: list[str] = []
    for name, value in (draft.wishes or {}).items():
        if value is True:
            options.append(f"--{name}")
        elif isinstance(value, list):
            options += [f"--{name}={one}" for one in value]
        elif value:
            options.append(f"--{name}={value}")
    return [*titles, *options]


def _prove(draft: CaseDraft) -> dict[str, Any]:
    """The check; where nothing was recorded yet, it records what the samples come to."""
    recording = [] if (draft.pack_folder / EXPECTED).is_file() else ["--record"]
    proof = _grader("check", draft.pack_folder, "--json", *recording)
    is_good = not any(check["problems"] != [] for check in proof["checks"])
    return {"state": DraftState.READY if is_good else DraftState.BROKEN, "proof": proof, "problems": []}


def _publish(draft: CaseDraft) -> dict[str, Any]:
    version = install_case(source=draft.pack_folder, actor=draft.asked_by, owner=draft.cohort)
    return {"state": DraftState.READY, "published": version, "problems": []}


_WORK = {DraftTask.MAKE: _make, DraftTask.PROVE: _prove, DraftTask.PUBLISH: _publish}


def _grader(*words: str | Path) -> dict[str, Any]:
    """What a command of the grader prints as JSON. Raises WorkFailed."""
    environment = ENVIRONMENT | {name: os.environ[name] for name in PASSED if name in os.environ}
    command = ["nice", "-n", "10", sys.executable, "-m", "grader.cli", *map(str, words)]
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False
        )
        found: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise WorkFailed(str(error)) from error
    return found


@live.atomic
def take_up_again(draft: CaseDraft) -> None:
    """Let work that ended with its worker begin anew, a few times; then it is given up in words."""
    stuck = CaseDraft.objects.filter(pk=draft.pk, state=DraftState.WORKING, attempt=draft.attempt)
    if draft.attempt >= MOST_ATTEMPTS:
        stuck.update(**_broken([{"code": FAILED}]))
    else:
        stuck.update(state=DraftState.WAITING)
    live.touch(draft.stream, "progress")
