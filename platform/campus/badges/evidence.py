"""What a holder agreed to show beside a badge: facts, never scores or texts of the work, and nobody else's name.

Asked anew whenever the page is opened, so that consent taken back is gone at once; none of it is signed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campus.badges.models import Award, Evidence
from campus.cases.hand_ins import Among, HandIn, hand_ins_of
from campus.cases.models import Step, StepKind
from campus.discussion.contributions import helped_in
from campus.reviews.queries import counted_by_step
from campus.teams.models import Membership
from campus.ui.moments import date_in_words

# What is not work: answers to a survey, and reviews, which are evidence of their own.
_NO_WORK = {StepKind.SURVEY, StepKind.REVIEW}


@dataclass(frozen=True)
class Shown:
    """One kind of evidence, as lines."""

    title: str
    lines: list[str]


def evidence_of(award: Award) -> list[Shown]:
    """What the holder chose to show and there is; what isn't there leaves no heading."""
    found = [_SHOWN[kind](award) for kind in Evidence if kind in award.evidence]
    return [one for one in found if one.lines]


def _submissions(award: Award) -> Shown:
    steps = [step for step in _steps(award) if step.kind not in _NO_WORK]
    days = dict(_handed_in(award, steps))
    words = _("%(step)s, handed in on %(day)s")
    return Shown(
        _("Work handed in"),
        [
            words % {"step": step.title, "day": date_in_words(timezone.localdate(days[step.pk]))}
            for step in steps
            if step.pk in days
        ],
    )


def _steps(award: Award) -> list[Step]:
    """Of the cohort, in their order."""
    steps = Step.objects.with_case().filter(cohort_case__cohort=award.achievement.cohort_id)
    return list(steps.order_by("cohort_case__position", "position"))


def _handed_in(award: Award, steps: list[Step]) -> Iterator[tuple[int, datetime]]:
    """When the holder, or her team while she was in it, handed in each step."""
    if award.enrolment_id is None:
        return
    memberships = {one.team_id: one for one in Membership.objects.filter(enrolment=award.enrolment_id)}
    for one in hand_ins_of(steps, Among([award.enrolment_id], list(memberships))):
        moment = _when_of_team(one, memberships[one.team_id]) if one.team_id else one.first_at
        if moment:
            yield one.step_id, moment


def _when_of_team(hand_in: HandIn, membership: Membership) -> datetime | None:
    """What a team did before somebody joined or after she left is not her work."""
    moments = (hand_in.first_at, hand_in.last_at)
    left_at = membership.left_at
    return next((at for at in moments if membership.joined_at <= at and (left_at is None or at <= left_at)), None)


def _reviews(award: Award) -> Shown:
    counts = counted_by_step(award.enrolment_id) if award.enrolment_id else {}
    return Shown(
        _("Reviews given to others"),
        [
            ngettext("%(step)s: %(count)s review", "%(step)s: %(count)s reviews", counts[step.pk])
            % {"step": step.title, "count": counts[step.pk]}
            for step in _steps(award)
            if step.pk in counts
        ],
    )


def _contribution(award: Award) -> Shown:
    cohort = award.achievement.cohort
    count = helped_in(cohort, [award.person_id]).get(award.person_id, 0)
    words = ngettext("%(count)s post that helped others", "%(count)s posts that helped others", count)
    return Shown(_("Help for others"), [words % {"count": count}] if count else [])


_SHOWN: dict[Evidence, Callable[[Award], Shown]] = {
    Evidence.SUBMISSIONS: _submissions,
    Evidence.REVIEWS: _reviews,
    Evidence.CONTRIBUTION: _contribution,
}
