"""What an audience can be narrowed down by: state, consents, silence, and what was or was not handed in."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from campus.announcements.queries import CHOSEN, STATE
from campus.cases.choosing import cases_of
from campus.cases.hand_ins import hand_ins_of, is_recorded
from campus.cases.models import Step
from campus.cohorts.audiences import Choices, Criterion, narrows_audience
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState
from campus.consents.queries import with_current_answer
from campus.teams.models import Membership, TeamKind

MISSING, GIVEN = "missing", "given"
SILENT_DAYS = (3, 7, 14, 30)


def _states(_cohort: Cohort) -> Choices:
    return list(EnrolmentState.choices)


def _in_state(enrolments: QuerySet[Enrolment], _cohort: Cohort, state: str) -> QuerySet[Enrolment]:
    return enrolments.filter(state=state)


def _silences(_cohort: Cohort) -> Choices:
    words = ngettext_lazy("For %(days)d day or longer", "For %(days)d days or longer", "days")
    return [(str(days), words % {"days": days}) for days in SILENT_DAYS]


def _silent(enrolments: QuerySet[Enrolment], _cohort: Cohort, days: str) -> QuerySet[Enrolment]:
    """Who has not been here since; who has never been here is silent too."""
    before = timezone.now() - timedelta(days=int(days))
    return enrolments.filter(Q(person__seen_at=None) | Q(person__seen_at__lt=before))


def _consents(_cohort: Cohort) -> Choices:
    return [(MISSING, _("Not answered yet")), (GIVEN, _("Answered"))]


def _consented(enrolments: QuerySet[Enrolment], _cohort: Cohort, wanted: str) -> QuerySet[Enrolment]:
    """By whether they answered what the cohort asks now; where it asks nothing, nobody is met."""
    asked = with_current_answer(enrolments).filter(current_version__isnull=False)
    return asked.filter(has_answered=wanted == GIVEN)


def _steps(cohort: Cohort) -> Choices:
    steps = Step.objects.with_case().filter(cohort_case__cohort=cohort)
    ordered = steps.order_by("cohort_case__position", "cohort_case__slug", "position")
    return [(str(step.pk), f"{step.case_version.title}: {step.title}") for step in ordered if is_recorded(step)]


def _without(enrolments: QuerySet[Enrolment], cohort: Cohort, step_id: str) -> QuerySet[Enrolment]:
    """Who works on the step's case and has not handed in the step."""
    step = _step(cohort, step_id)
    if step is None:
        return enrolments.none()
    asked = list(enrolments.only("pk", "cohort_id"))
    cases, done = cases_of(asked), _done(step)
    return enrolments.filter(pk__in=[one.pk for one in asked if step.cohort_case_id in cases[one.pk]]).exclude(
        pk__in=done
    )


def _with(enrolments: QuerySet[Enrolment], cohort: Cohort, step_id: str) -> QuerySet[Enrolment]:
    step = _step(cohort, step_id)
    return enrolments.filter(pk__in=_done(step)) if step else enrolments.none()


def _step(cohort: Cohort, step_id: str) -> Step | None:
    return Step.objects.with_case().filter(pk=step_id, cohort_case__cohort=cohort).first()


def _done(step: Step) -> set[int]:
    """Enrolments that handed in, by themselves or with the project team that they are in now."""
    hand_ins = list(hand_ins_of([step]))
    teams = [one.team_id for one in hand_ins if one.team_id]
    members = Membership.objects.current().filter(team__in=teams, kind=TeamKind.PROJECT)
    alone = {one.enrolment_id for one in hand_ins if one.enrolment_id}
    return alone | set(members.values_list("enrolment", flat=True))


def enrolments_chosen(enrolments: Iterable[int]) -> str:
    """The answer that stands for people chosen one by one in a list."""
    return ",".join(str(pk) for pk in sorted(enrolments))


def _chosen_ids(value: str) -> list[int]:
    """None where somebody made up the answer."""
    numbers = value.split(",")
    return [int(number) for number in numbers] if all(n.isdecimal() and len(n) < 18 for n in numbers) else []


def _among_chosen(enrolments: QuerySet[Enrolment], _cohort: Cohort, value: str) -> QuerySet[Enrolment]:
    return enrolments.filter(pk__in=_chosen_ids(value))


def _chosen_in_words(value: str) -> str | None:
    count = len(_chosen_ids(value))
    words = ngettext("%(count)d person, chosen in a list", "%(count)d people, chosen in a list", count)
    return words % {"count": count} if count else None


def _nothing_to_choose(_cohort: Cohort) -> Choices:
    """People are chosen in the lists where they stand."""
    return []


narrows_audience(
    Criterion(CHOSEN, _("Only these"), _nothing_to_choose, _among_chosen, position=5, in_words=_chosen_in_words)
)
narrows_audience(Criterion(STATE, _("State"), _states, _in_state, position=10))
narrows_audience(Criterion("silent", _("Has not visited"), _silences, _silent, position=20))
narrows_audience(Criterion("consent", _("Consents"), _consents, _consented, position=15))
narrows_audience(Criterion("not_handed_in", _("Has not handed in"), _steps, _without, position=30))
narrows_audience(Criterion("handed_in", _("Has handed in"), _steps, _with, position=31))
