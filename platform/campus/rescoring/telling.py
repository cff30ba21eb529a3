"""Tells those whose score or place has changed, in the page and by mail, each once."""

from collections.abc import Iterable
from itertools import groupby

from django.urls import reverse
from django.utils import timezone

from campus import live
from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.notices.actions import notify
from campus.people.models import Person
from campus.rescoring.models import RescoringState, ShadowStanding
from campus.rescoring.notices import SWITCHED
from campus.submissions.models import Owner
from campus.teams.models import Membership

TOLD_AT_ONCE = 200


@live.atomic
def tell_some(rescoring_id: int) -> None:
    """Tell the next of those concerned, and come again for the others. Harmless when called twice."""
    from campus.rescoring.tasks import defer_telling

    untold = ShadowStanding.objects.changed().filter(
        rescoring=rescoring_id, rescoring__state=RescoringState.SWITCHED, told_at=None
    )
    rows = untold.select_related("enrolment__person", "team", "rescoring", "step__cohort_case__cohort")
    standings = list(rows.order_by("step", "pk").select_for_update(of=("self",), skip_locked=True)[:TOLD_AT_ONCE])
    for _step, of_step in groupby(standings, key=lambda one: one.step_id):
        _tell(list(of_step))
    ShadowStanding.objects.filter(pk__in=[one.pk for one in standings]).update(told_at=timezone.now())
    if len(standings) == TOLD_AT_ONCE:
        defer_telling(rescoring_id)


def _tell(standings: list[ShadowStanding]) -> None:
    """All of one step."""
    step, rescoring = standings[0].step, standings[0].rescoring
    for standing in standings:
        live.publish(_owner(standing).stream, "rescored", {"step": step.pk})
    notify(
        kind=SWITCHED.name,
        to=_people(standings),
        context={"step": {"ja": step.title_ja, "en": step.title_en}, "reason": rescoring.reason},
        url=_address(step),
        key=f"rescoring:{rescoring.pk}:{step.pk}",
    )


def _owner(standing: ShadowStanding) -> Owner:
    return Owner(enrolment=standing.enrolment, team=standing.team)  # type: ignore[arg-type]  # a team needs no enrolment


def _people(standings: Iterable[ShadowStanding]) -> Iterable[Person]:
    """Those who work alone, and the present members of teams; nobody who has left the cohort."""
    alone = [one.enrolment_id for one in standings if one.enrolment_id]
    in_teams = Membership.objects.current().filter(team__in=[one.team_id for one in standings if one.team_id])
    enrolments = Enrolment.objects.taking_part().select_related("person")
    yield from (one.person for one in enrolments.filter(pk__in=alone))
    yield from (one.person for one in enrolments.filter(pk__in=in_teams.values("enrolment")))


def _address(step: Step) -> str:
    return reverse("submissions:hand_in", args=[step.cohort.slug, step.cohort_case.slug, step.key])
