"""Cohorts of any size for the benchmarks: people, a case, and files to hand in. Import after Django is set up."""

from datetime import timedelta
from pathlib import Path

import numpy as np
from django.conf import settings
from django.utils import timezone

from campus.cases.actions import adopt_case, install_case
from campus.cases.models import CaseVersion, Step
from campus.cohorts.models import Cohort, Enrolment, Programme
from campus.people.models import Person


def open_graded_step(*, source: Path | None = None) -> Step:
    """The graded step of a freshly installed case, open for a month."""
    version = install_case(source=source or settings.CASE_SOURCES / "demand-forecasting", actor=None)
    now = timezone.now()
    programme = Programme.objects.create(slug="bench", title_ja="測定")
    cohort = Cohort.objects.create(
        programme=programme, slug="bench", title_ja="測定", starts_on=now.date(), ends_on=now.date()
    )
    adopt_case(cohort=cohort, case_version=version, starts_at=now, actor=None)
    step = Step.objects.with_case().filter(cohort_case__cohort=cohort, kind="model").earliest("position")
    step.opens_at, step.closes_at = now - timedelta(days=1), now + timedelta(days=30)
    step.save()
    return step


def enrol(step: Step, *, learners: int) -> list[Enrolment]:
    """That many learners in the step's cohort."""
    people = Person.objects.bulk_create(
        Person(email=f"bench{number}@example.org", name=f"受講生{number}", password="!") for number in range(learners)
    )
    return Enrolment.objects.bulk_create(Enrolment(person=person, cohort=step.cohort) for person in people)


def random_file(version: CaseVersion, *, seed: int) -> bytes:
    """A valid hand-in with numbers of its own."""
    pack, ids = version.pack(), version.build().ids.values
    columns = pack.submission.columns
    drawn = np.random.default_rng(seed).uniform(1, 20, (len(ids), len(columns))).round(3)
    header = ",".join([pack.submission.id.name, *(column.name for column in columns)])
    rows = (",".join([row_id, *map(str, row)]) for row_id, row in zip(ids, drawn.tolist(), strict=True))
    return "\n".join([header, *rows, ""]).encode()
