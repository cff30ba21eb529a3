"""What can be done about what the status pages show: run a failed job again, send a mail again."""

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from campus.cohorts.actions import record_audit
from campus.cohorts.models import Cohort
from campus.home.status import failed_jobs
from campus.notices.actions import send_again
from campus.notices.models import Mail
from campus.people.models import Person


@transaction.atomic
def retry_jobs(*, ids: list[int], actor: Person) -> int:
    """Let failed jobs run again; return how many were still failed. Jobs are harmless when called twice."""
    jobs = list(failed_jobs().filter(pk__in=ids).values_list("pk", "task_name"))
    for pk, task_name in jobs:
        app.job_manager.retry_job_by_id(pk, retry_at=timezone.now())
        record_audit(action="job.retried", subject=f"job:{pk}", actor=actor, cohort=None, task=task_name)
    return len(jobs)


@transaction.atomic
def repeat_mails(*, mails: list[Mail], actor: Person, cohort: Cohort | None) -> int:
    """Send mails again that came back, failed, or of which nobody knows; return how many are owed again."""
    again = [mail for mail in mails if send_again(mail)]
    if again:
        subject = f"cohort:{cohort.pk}" if cohort else "mail:0"
        record_audit(action="mail.repeated", subject=subject, actor=actor, cohort=cohort, count=len(again))
    return len(again)
