"""The evaluation inside a team: each member judges how the others shared the work.

Members see what was said about themselves, summed up, once it is over and at least two have spoken: nobody can tell who
said what. Mentors and organisers see the answers.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from campus.cohorts.actions import record_audit
from campus.cohorts.models import Cohort, Enrolment
from campus.grouping.models import Criterion, Evaluation, Judgement
from campus.grouping.notices import EVALUATION
from campus.notices.actions import notify
from campus.people.models import Person
from campus.teams.models import Membership, Team, TeamKind

# Of fewer answers a summary would tell who gave them.
FEWEST_SHOWN = 2


@transaction.atomic
def open_evaluations(*, cohort: Cohort, closes_at: datetime, actor: Person | None) -> int:
    """Open the evaluation in every project team that has none yet and at least two members; they are told."""
    teams = Team.objects.filter(cohort=cohort, kind=TeamKind.PROJECT, evaluation=None).standing(at_least=2)
    opened = Evaluation.objects.bulk_create(Evaluation(team=team, closes_at=closes_at) for team in teams)
    record_audit(
        action="grouping.evaluation_opened",
        subject=f"cohort:{cohort.pk}",
        actor=actor,
        cohort=cohort,
        count=len(opened),
    )
    members = Membership.objects.current().filter(team__in=[one.team_id for one in opened])
    notify(
        kind=EVALUATION.name,
        to=Person.objects.filter(pk__in=members.values("enrolment__person")),
        context={"closes_at": closes_at.isoformat()},
        url=reverse("grouping:own", args=[cohort.slug]),
        key=f"evaluation:{cohort.pk}:{closes_at:%Y%m%d%H%M}",
    )
    return len(opened)


@transaction.atomic
def judge(*, evaluation: Evaluation, by: Enrolment, levels: Mapping[tuple[int, str], int]) -> None:
    """Keep the member's answers, by (enrolment, criterion); they can be changed until it closes. All or none."""
    others = set(others_of(evaluation, by))
    if evaluation.is_closed:
        raise ValidationError(_("The evaluation is closed."))
    if set(levels) != {(pk, str(criterion)) for pk in others for criterion in Criterion}:
        raise ValidationError(
            _("Please answer for everybody in your team. Its members may have changed in the meantime.")
        )
    Judgement.objects.filter(evaluation=evaluation, by=by).delete()
    Judgement.objects.bulk_create(
        Judgement(evaluation=evaluation, by=by, about_id=pk, criterion=criterion, level=level)
        for (pk, criterion), level in levels.items()
    )


def others_of(evaluation: Evaluation, by: Enrolment) -> list[int]:
    """Ids of the other present members."""
    members = evaluation.team.memberships.current().exclude(enrolment=by).order_by("joined_at", "pk")
    return list(members.values_list("enrolment", flat=True))


def is_over(evaluation: Evaluation) -> bool:
    """Closed, or all present members have answered."""
    if evaluation.is_closed:
        return True
    answered = evaluation.judgements.values("by")
    return not evaluation.team.memberships.current().exclude(enrolment__in=answered).exists()


@dataclass(frozen=True)
class Summary:
    """What was said about somebody by one criterion: the mean level of so many answers."""

    criterion: Criterion
    mean: float
    count: int


def summary_for(evaluation: Evaluation, about: Enrolment) -> list[Summary]:
    """What a member may know of the answers about herself; nothing while that could tell who said what."""
    levels: dict[str, list[int]] = defaultdict(list)
    if is_over(evaluation):
        for criterion, level in evaluation.judgements.filter(about=about).values_list("criterion", "level"):
            levels[criterion].append(level)
    return [
        Summary(criterion, fmean(levels[criterion]), len(levels[criterion]))
        for criterion in Criterion
        if len(levels[criterion]) >= FEWEST_SHOWN
    ]


@dataclass(frozen=True)
class Answer:
    """What one member said of another: a level for each criterion, in their order."""

    by: Enrolment
    about: Enrolment
    levels: list[str]


def answers_of(evaluation: Evaluation) -> list[Answer]:
    """All answers, for mentors and organisers."""
    found: dict[tuple[int, int], dict[str, str]] = defaultdict(dict)
    people: dict[int, Enrolment] = {}
    for one in evaluation.judgements.select_related("by__person", "about__person").order_by("about", "by", "pk"):
        people |= {one.by_id: one.by, one.about_id: one.about}
        found[one.about_id, one.by_id][one.criterion] = one.get_level_display()
    return [
        Answer(people[by], people[about], [levels.get(criterion, "") for criterion in Criterion])
        for (about, by), levels in found.items()
    ]
