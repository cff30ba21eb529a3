"""How many submissions an owner has left today; the day is the cohort's own."""

import zoneinfo
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from campus.cases.models import Step
from campus.submissions.models import Owner, Submission
from grader.contract import Kind

# For each submission that the case allows, so many runs of models and programs: those that fail are not counted as
# submissions, but they tell something about the hidden data, and they take time from everybody.
RUNS_PER_SUBMISSION = 4


@dataclass(frozen=True)
class Quota:
    """Submissions of today: how many the case allows, how many are used, when the next day begins.

    ``runs``: models and programs handed in today, whatever became of them.
    """

    per_day: int
    used: int
    resets_at: datetime
    runs: int = 0

    @property
    def left(self) -> int:
        return max(0, self.per_day - self.used)

    @property
    def runs_per_day(self) -> int:
        return RUNS_PER_SUBMISSION * self.per_day


def quota_of(*, step: Step, owner: Owner, at: datetime | None = None) -> Quota:
    """Count today's submissions that cost an attempt, between two midnights of the cohort's time zone."""
    zone = zoneinfo.ZoneInfo(step.cohort.time_zone)
    now = (at or timezone.now()).astimezone(zone)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    next_midnight = (midnight + timedelta(days=1)).replace(hour=0)
    today = Submission.objects.of_owner(owner).filter(step=step, created_at__gte=midnight, created_at__lt=next_midnight)
    used = today.counted().count()
    runs = today.exclude(kind=Kind.PREDICTIONS).count()
    return Quota(per_day=step.case_version.pack().limits.per_day, used=used, resets_at=next_midnight, runs=runs)
