"""Is everything well? What the status pages show, read in a fixed number of queries."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from campus import live
from campus.cohorts.models import Cohort, Enrolment
from campus.notebooks import hub
from campus.notices.models import Mail, MailState
from campus.submissions import runner
from campus.submissions.models import Grading, Submission
from grader.contract import State

LATELY = timedelta(days=1)
# An operator's backup touches this file when it has succeeded (docs/operations.md).
BACKUP_MARK = "last-backup"
# Mails that somebody should look at.
TROUBLED = [MailState.BOUNCED, MailState.FAILED, MailState.UNCLEAR]


class RunnerState(StrEnum):
    """How the sandbox for models and programs is: switched off by the operator, or what it last said of itself."""

    OFF = "off"
    READY = "ready"
    REFUSES = "refuses"
    SILENT = "silent"


class HubState(StrEnum):
    """Whether notebooks can be opened: switched off by the operator, or whether the Hub answers."""

    OFF = "off"
    READY = "ready"
    SILENT = "silent"


@dataclass(frozen=True)
class Processes:
    """What runs: workers with a fresh sign of life, whether a live process has one, the runner and the Hub."""

    workers: int
    is_live: bool
    runner: RunnerState
    hub: HubState

    @property
    def are_well(self) -> bool:
        runner_is_well = self.runner in {RunnerState.READY, RunnerState.OFF}
        return bool(self.workers) and self.is_live and runner_is_well and self.hub != HubState.SILENT


@dataclass(frozen=True)
class GradingState:
    """What waits to be graded, since when at the earliest, and what failed within a day."""

    waiting: int
    running: int
    oldest: datetime | None
    failed_lately: int


@dataclass(frozen=True)
class QueueState:
    """Background jobs of one queue."""

    name: str
    waiting: int
    running: int
    failed: int


@dataclass(frozen=True)
class Disk:
    """Bytes of the disk that holds the data, of what was handed in, and of the database."""

    total: int
    free: int
    handed_in: int
    database: int

    @property
    def used_percent(self) -> int:
        return round(100 * (self.total - self.free) / self.total) if self.total else 0


def processes() -> Processes:
    return Processes(
        workers=live.workers_alive(), is_live=live.is_listening(), runner=_runner_state(), hub=_hub_state()
    )


def _runner_state() -> RunnerState:
    if settings.ENVIRONMENT.runner == "off":
        return RunnerState.OFF
    pulse = runner.pulse()
    if pulse is None:
        return RunnerState.SILENT
    return RunnerState.READY if pulse.is_ready else RunnerState.REFUSES


def _hub_state() -> HubState:
    if settings.ENVIRONMENT.notebooks == "off":
        return HubState.OFF
    return HubState.READY if hub.is_up() else HubState.SILENT


def grading_state(cohort: Cohort | None = None) -> GradingState:
    """Of a cohort, or of all."""
    rows = Grading.objects.all()
    if cohort:
        rows = rows.filter(submission__step__cohort_case__cohort=cohort)
    lately = timezone.now() - LATELY
    counted = rows.filter(Q(state__in=[State.QUEUED, State.RUNNING]) | Q(state=State.FAILED, finished_at__gte=lately))
    told = counted.aggregate(
        waiting=Count("pk", filter=Q(state=State.QUEUED)),
        running=Count("pk", filter=Q(state=State.RUNNING)),
        failed=Count("pk", filter=Q(state=State.FAILED)),
        oldest=Min("queued_at", filter=Q(state=State.QUEUED)),
    )
    return GradingState(told["waiting"], told["running"], told["oldest"], told["failed"])


def queues() -> list[QueueState]:
    """Every queue that holds jobs."""
    rows = ProcrastinateJob.objects.values_list("queue_name").order_by("queue_name")
    counted = rows.annotate(
        waiting=Count("pk", filter=Q(status="todo")),
        running=Count("pk", filter=Q(status="doing")),
        failed=Count("pk", filter=Q(status="failed")),
    )
    return [QueueState(*row) for row in counted]


def oldest_job() -> datetime | None:
    """Since when the job that waits longest could have run."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(greatest(e.at, coalesce(j.scheduled_at, e.at))) FROM procrastinate_jobs j"
            " JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'"
            " WHERE j.status = 'todo' AND coalesce(j.scheduled_at, now()) <= now()"
        )
        oldest: datetime | None = cursor.fetchone()[0]
    return oldest


def failed_jobs() -> QuerySet[ProcrastinateJob]:
    return ProcrastinateJob.objects.filter(status="failed")


def mails(cohort: Cohort | None = None) -> QuerySet[Mail]:
    """Of a cohort those to its people, whatever they are about; else all."""
    if cohort is None:
        return Mail.objects.all()
    return Mail.objects.filter(person__in=Enrolment.objects.filter(cohort=cohort).values("person"))


def mail_states(cohort: Cohort | None = None) -> list[tuple[MailState, int]]:
    """How many mails are in each state that somebody may have to do something about."""
    rows = mails(cohort).exclude(state__in=[MailState.SENT, MailState.DROPPED]).values_list("state")
    counts: dict[str, int] = dict(rows.annotate(Count("pk")).order_by())
    return [(state, counts.get(state, 0)) for state in (MailState.WAITING, MailState.SENDING, *TROUBLED)]


def disk() -> Disk:
    usage = shutil.disk_usage(settings.DATA_DIR)
    handed_in = Submission.objects.aggregate(size=Sum("file_size"))["size"] or 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        database = int(cursor.fetchone()[0])
    return Disk(total=usage.total, free=usage.free, handed_in=handed_in, database=database)


def handed_in_bytes(cohort: Cohort) -> int:
    """Bytes that the cohort has handed in."""
    rows = Submission.objects.filter(step__cohort_case__cohort=cohort)
    return rows.aggregate(size=Sum("file_size"))["size"] or 0


def last_backup() -> datetime | None:
    """When the operator's backup last said that it succeeded; None when it never did."""
    mark = Path(settings.DATA_DIR) / BACKUP_MARK
    try:
        return datetime.fromtimestamp(mark.stat().st_mtime, tz=UTC)
    except OSError:
        return None
