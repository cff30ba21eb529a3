"""What happens by itself: completions are recorded, so that badges can rely on them."""

from datetime import timedelta

from django.utils import timezone

from campus import live
from campus.cohorts.models import Cohort
from campus.progress.completing import record_completions

# Extensions and surveys go on after the last day.
AFTERWARDS = timedelta(days=180)


@live.every(seconds=60)
def record() -> None:
    """Look at every cohort that has begun and is not long over."""
    today = timezone.localdate()
    for cohort in Cohort.objects.filter(starts_on__lte=today, ends_on__gte=today - AFTERWARDS).order_by("pk"):
        record_completions(cohort)
