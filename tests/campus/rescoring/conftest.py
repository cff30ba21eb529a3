"""A case with kept submissions, and a mended version of it: another truth, and another measure ranks."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from campus.cases.actions import install_case
from campus.cases.models import CaseVersion, CohortCase, Step
from campus.cohorts.models import Enrolment
from campus.people.models import Person
from campus.rescoring.actions import begin, measure_some
from campus.rescoring.models import Rescoring
from campus.rescoring.telling import tell_some
from campus.submissions.models import Submission
from grader.checks import check_pack
from tests.campus.cast import PACK
from tests.campus.submissions.files import graded

MORE_BREAD = "    sales = {key: sold + 60 * (key[1] == 'bread') for key, sold in sales.items()}\n"


def mended_pack(folder: Path, *, version: str = "1.1.0", changes: Callable[[str], str] = str) -> Path:
    """The pack of the tests with a truth in which far more bread sells, ranked by WAPE."""
    target = folder / version / PACK.name
    shutil.copytree(PACK, target, ignore=shutil.ignore_patterns("__pycache__"))
    manifest, generator = target / "case.toml", target / "generate.py"
    text = manifest.read_text().replace('version = "1.0.0"', f'version = "{version}"')
    text = text.replace('primary = "mae"\nsecondary = "wape"', 'primary = "wape"\nsecondary = "mae"')
    manifest.write_text(changes(text))
    code = generator.read_text()
    oracle = '    hand_in(out / "truth/oracle.csv"'
    assert oracle in code
    generator.write_text(code.replace(oracle, MORE_BREAD + oracle))
    check_pack(target, recording=True)
    return target


@pytest.fixture
def mended(case_version: CaseVersion, tmp_path: Path) -> CaseVersion:
    """The mended version, installed beside the first."""
    return install_case(source=mended_pack(tmp_path), actor=None)


@pytest.fixture
def work(open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment) -> list[Submission]:
    """Three scored submissions. By the first version the learner leads, by the mended one her mate."""
    return [
        graded(open_step, enrolment, value=38.0),
        graded(open_step, enrolment, value=20.0),
        graded(open_step, mate_enrolment, value=70.0),
    ]


@pytest.fixture
def open_cohort_case(open_step: Step) -> CohortCase:
    return CohortCase.objects.select_related("case_version", "cohort").get(pk=open_step.cohort_case_id)


def run_jobs() -> int:
    """Do the queued jobs of rescorings, one after the other, until none is left; returns how many there were."""
    done = 0
    work = {"rescoring.measure": measure_some, "rescoring.tell": tell_some}
    while job := ProcrastinateJob.objects.filter(status="todo", task_name__in=work).order_by("id").first():
        ProcrastinateJob.objects.filter(pk=job.pk)._raw_delete("default")
        work[job.task_name](**job.args)
        done += 1
    return done


@pytest.fixture
def ready(open_cohort_case: CohortCase, work: list[Submission], mended: CaseVersion, organiser: Person) -> Rescoring:
    """A rescoring whose shadow board is worked out."""
    begun = begin(case=open_cohort_case, to_version=mended, reason="パンの正解を直しました。", actor=organiser)
    run_jobs()
    return Rescoring.objects.get(pk=begun.pk)
