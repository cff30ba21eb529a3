"""Until when deliverables are taken, what is late, and what happens where deadlines move.

Until the owner's deadline a version replaces the one before it. After it, what came in time stands: it is being judged.
Whoever has handed in nothing in time may still do so, marked as late, and replace that, until the cohort's last day.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import ngettext

from campus.cases.models import Extension, Step, StepKind
from campus.cases.scheduling import Concern, Move, checks_moves
from campus.cases.signals import deadlines_moved
from campus.cohorts.models import Cohort
from campus.deliverables.models import Deliverable
from campus.deliverables.refusals import HandedInAlready, Over
from campus.submissions.models import Owner


def is_over(cohort: Cohort, at: datetime) -> bool:
    """Whether the cohort's last day has ended, where it takes place."""
    return at.astimezone(ZoneInfo(cohort.time_zone)).date() > cohort.ends_on


def refuse_too_late(step: Step, owner: Owner, *, at: datetime) -> None:
    """Raise Over or HandedInAlready where nothing more is taken; a later deadline of one's own goes before all."""
    if at < owner.deadline(step):
        return
    if is_over(step.cohort, at):
        raise Over(step.cohort.ends_on)
    if Deliverable.objects.filter(owner.filter, step=step, is_late=False).exists():
        raise HandedInAlready


@checks_moves
def say_what_becomes_late(move: Move) -> Iterable[Concern]:
    """An earlier deadline makes work late."""
    if move.step.kind != StepKind.TEXT or move.closes_at >= move.step.closes_at:
        return
    earlier = {"handed_in_at__gte": move.closes_at, "handed_in_at__lt": move.step.closes_at}
    late = Deliverable.objects.current().filter(step=move.step, **earlier).count()
    if late:
        text = ngettext("%(count)s hand-in would then be late.", "%(count)s hand-ins would then be late.", late)
        yield Concern(text % {"count": late})


@receiver(deadlines_moved, dispatch_uid="deliverables.lateness")
def work_out_lateness_anew(steps: Iterable[Step], **_details: object) -> None:
    """What was in time may be late now, or the other way round: one statement for each kind of owner."""
    texts = [step.pk for step in steps if step.kind == StepKind.TEXT]
    if not texts:
        return
    rows = Deliverable.objects.filter(step__in=texts)
    for theirs, granted in (
        (rows.filter(team=None), {"enrolment": OuterRef("enrolment")}),
        (rows.exclude(team=None), {"team": OuterRef("team")}),
    ):
        own = Step.objects.filter(pk=OuterRef("step")).values("closes_at")
        later = Extension.objects.filter(step=OuterRef("step"), **granted).values("closes_at")
        due = Greatest(Subquery(own), Coalesce(Subquery(later), Subquery(own)))
        late = Case(When(handed_in_at__gte=F("due"), then=Value(True)), default=False, output_field=BooleanField())
        theirs.annotate(due=due).update(is_late=late)


def takes_hand_ins(step: Step, owner: Owner) -> bool:
    """Whether the owner may hand in now, in time or late."""
    now = timezone.now()
    if now < step.opens_at:
        return False
    try:
        refuse_too_late(step, owner, at=now)
    except (Over, HandedInAlready):
        return False
    return True
