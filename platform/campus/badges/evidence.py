"""What a holder agreed to show beside a badge: facts, never scores or texts of the work."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campus.badges.models import Award, Evidence
from campus.cases.hand_ins import Among, hand_ins_of
from campus.cases.models import Step
from campus.discussion.contributions import helped_in
from campus.teams.models import Membership
from campus.ui.moments import date_in_words


@dataclass(frozen=True)
class Shown:
    """One kind of evidence, as lines."""

    title: str
    lines: list[str]


def evidence_of(award: Award) -> list[Shown]:
    """What the holder chose to show and there is; what isn't there leaves no heading."""
    found = [_SHOWN[Evidence(kind)](award) for kind in award.evidence]
    return [one for one in found if one.lines]


def _submissions(award: Award) -> Shown:
    return Shown(_("Work handed in"), list(_handed_in(award)))


def _contribution(award: Award) -> Shown:
    cohort = award.achievement.cohort
    count = helped_in(cohort, [award.person_id]).get(award.person_id, 0)
    words = ngettext("%(count)s post that helped others", "%(count)s posts that helped others", count)
    return Shown(_("Help for others"), [words % {"count": count}] if count else [])


def _handed_in(award: Award) -> Iterator[str]:
    if award.enrolment_id is None:
        return
    cohort = award.achievement.cohort
    steps = {step.pk: step for step in Step.objects.with_case().filter(cohort_case__cohort=cohort)}
    teams = Membership.objects.filter(enrolment=award.enrolment_id).values_list("team", flat=True)
    found = {one.step_id: one for one in hand_ins_of(steps.values(), Among([award.enrolment_id], list(teams)))}
    ordered = sorted(found, key=lambda pk: (steps[pk].cohort_case.position, steps[pk].position))
    for pk in ordered:
        words = {"step": steps[pk].title, "day": date_in_words(timezone.localdate(found[pk].first_at))}
        yield _("%(step)s, handed in on %(day)s") % words


_SHOWN: dict[Evidence, Callable[[Award], Shown]] = {
    Evidence.SUBMISSIONS: _submissions,
    Evidence.CONTRIBUTION: _contribution,
}
