"""How many submissions an owner has left today; the day is the cohort's own."""

import zoneinfo
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from campus.cases.models import Step
from campus.submissions.models import Owner, Submission


@dataclass(frozen=True)
class Quota:
    """Submissions of today: how many the case allows, how many are used, when the next day begins."""

    per_day: int
    used: int
    resets_at: datetime

    @property
    def left(self) -> int:
        return max(0, self.per_day - self.used)


def quota_of(*, step: Step, owner: Owner, at: datetime | None = None) -> Quota:
    """Count today's submissions that cost an attempt, between two midnights of the cohort's time zone."""
    zone = zoneinfo.ZoneInfo(step.cohort.time_zone)
    now = (at or timezone.now()).astimezone(zone)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    next_midnight = (midnight + timedelta(days=1)).replace(hour=0)
    today = (
        Submission.objects.of_owner(owner)
        .counted()
        .filter(step=step, created_at__gte=midnight, created_at__lt=next_midnight)
    )
    return Quota(per_day=step.case_version.pack().limits.per_day, used=today.count(), resets_at=next_midnight)
