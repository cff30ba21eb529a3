"""The follow-up list: the learners for whom a rule speaks, and what was done for them already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Min, Q
from django.db.models.functions import Lower

from campus.cohorts.models import MANY, Cohort, Enrolment, EnrolmentState, Role
from campus.discussion.helping import open_questions
from campus.notices.models import DeadAddress
from campus.progress.models import FollowUp, Thresholds
from campus.progress.queries import Line, Progress
from campus.progress.reasons import RULES, Facts, Reason, reasons_of
from campus.progress.struggles import struggles_in
from campus.reviews.models import Assignment


@dataclass(frozen=True)
class Concern:
    """A learner with reasons, and the latest follow-up."""

    line: Line
    reasons: list[Reason]
    latest: FollowUp | None
    today: date

    def __str__(self) -> str:
        return self.line.name

    @property
    def pk(self) -> int:
        return self.line.pk

    @property
    def keys(self) -> list[str]:
        return [reason.key for reason in self.reasons]

    @property
    def is_quiet(self) -> bool:
        """Whether a follow-up keeps the learner off the list: not past its date, and not for new reasons."""
        if self.latest is None or self.latest.quiet_until is None or self.latest.quiet_until <= self.today:
            return False
        return set(self.keys) <= set(self.latest.reasons)

    @property
    def urgency(self) -> tuple[int, int, datetime, int]:
        """The list's order: the most urgent rule, then more reasons, then the older one."""
        first = self.reasons[0]
        return RULES.index(first.rule), -len(self.reasons), first.since, self.pk


def thresholds_of(cohort: Cohort) -> Thresholds:
    """The cohort's thresholds, or the defaults."""
    return Thresholds.objects.filter(cohort=cohort).first() or Thresholds(cohort=cohort)


def concerns_in(
    progress: Progress, thresholds: Thresholds | None = None, *, latest: Mapping[int, FollowUp] | None = None
) -> list[Concern]:
    """Everybody for whom a rule speaks, the most urgent first; those kept quiet by a follow-up among them.

    latest: each learner's latest follow-up by enrolment, where they were read already. Excused are all who are not
    active: paused, withdrawn, completed, not begun.
    """
    thresholds = thresholds or thresholds_of(progress.cohort)
    found = [(line, reasons) for line, reasons in _reasons(progress, thresholds) if reasons]
    latest = _latest(progress.cohort, [line.pk for line, _ in found]) if latest is None else latest
    concerns = [Concern(line, reasons, latest.get(line.pk), progress.today) for line, reasons in found]
    return sorted(concerns, key=lambda concern: concern.urgency)


def _reasons(progress: Progress, thresholds: Thresholds) -> Iterable[tuple[Line, list[Reason]]]:
    struggles = struggles_in(progress, thresholds)
    dead = _dead_addresses(progress.cohort)
    waiting = _waiting_reviews(progress.cohort)
    questions = open_questions(progress.cohort, now=progress.now)
    starts_at = _beginning(progress.cohort)
    for line in progress.lines:
        if line.state == EnrolmentState.ACTIVE:
            facts = Facts(
                line=line,
                steps=progress.steps,
                now=progress.now,
                starts_at=starts_at,
                thresholds=thresholds,
                struggle=struggles.get(line.pk),
                mail_dead_since=dead.get(line.address.lower()),
                review_waits_since=waiting.get(line.pk),
                question=questions.get(line.person_id),
            )
            yield line, reasons_of(facts)


def _dead_addresses(cohort: Cohort) -> dict[str, datetime]:
    """Since when mails to learners of the cohort come back."""
    addresses = Enrolment.objects.filter(cohort=cohort, role=Role.LEARNER).values(address=Lower("person__email"))
    return dict(DeadAddress.objects.filter(address__in=addresses).values_list("address", "at"))


def _waiting_reviews(cohort: Cohort) -> dict[int, datetime]:
    """Since when each learner has had a review that is not begun, by enrolment id."""
    rows = Assignment.objects.open().filter(share__round__step__cohort_case__cohort=cohort, begun_at=None)
    return dict(rows.order_by().values_list("share__enrolment").annotate(Min("assigned_at")))


def _beginning(cohort: Cohort) -> datetime:
    return datetime.combine(cohort.starts_on, time.min, ZoneInfo(cohort.time_zone))


def _latest(cohort: Cohort, enrolments: list[int]) -> dict[int, FollowUp]:
    theirs = Q(enrolment__in=enrolments) if len(enrolments) <= MANY else Q(enrolment__cohort=cohort)
    rows = FollowUp.objects.filter(theirs).order_by("enrolment_id", "-pk")
    return {one.enrolment_id: one for one in rows.distinct("enrolment_id")}
