"""Writing to those whom a rule of the follow-up list speaks for."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campus.cohorts.audiences import Choices, Criterion, narrows_audience
from campus.cohorts.models import Cohort, Enrolment, Role
from campus.progress.concerns import concerns_in
from campus.progress.queries import progress_of
from campus.progress.reasons import RULES

KEY = "follow_up"
ANY = "any"


def _reasons(_cohort: Cohort) -> Choices:
    return [(ANY, _("For any reason")), *((rule.key, rule.label) for rule in RULES)]


def _needing(enrolments: QuerySet[Enrolment], cohort: Cohort, reason: str) -> QuerySet[Enrolment]:
    """Those on the list now; who was put off after a follow-up is left in peace."""
    learners = Enrolment.objects.filter(pk__in=enrolments.values("pk"), role=Role.LEARNER)
    waiting = [concern for concern in concerns_in(progress_of(cohort, learners)) if not concern.is_quiet]
    wanted = [one.pk for one in waiting if reason == ANY or any(found.rule.key == reason for found in one.reasons)]
    return enrolments.filter(pk__in=wanted)


narrows_audience(Criterion(KEY, _("Needs follow-up"), _reasons, _needing, position=25))
