"""What submissions have to say where deadlines move: final scores that were shown must not be worked against."""

from collections.abc import Iterable, Sequence

from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campus.cases.extending import checks_extensions
from campus.cases.models import Extension, Step
from campus.cases.scheduling import Concern, Move, checks_moves
from campus.cases.signals import deadlines_moved
from campus.submissions.models import Standing, Submission
from campus.submissions.tasks import defer_places


@checks_moves
def keep_closed_after_final_scores(move: Move) -> Iterable[Concern]:
    """Whoever has seen final scores could work towards them; and an earlier deadline makes work late."""
    if move.reopens and Standing.objects.filter(step=move.step).exists():
        text = _("The final scores of this step have been shown, so it can’t be reopened. Use a later cohort instead.")
        yield Concern(text, stops=True)
    if move.closes_at >= move.step.closes_at:
        return
    late = Submission.objects.filter(
        step=move.step, created_at__gte=move.closes_at, created_at__lt=move.step.closes_at
    ).count()
    if late:
        text = ngettext("%(count)s submission would then be late.", "%(count)s submissions would then be late.", late)
        yield Concern(text % {"count": late})


@checks_extensions
def refuse_who_saw_final_scores(step: Step, extensions: Sequence[Extension]) -> Iterable[tuple[Extension, str]]:
    """Once the step has closed for somebody with a score, the own final score is known."""
    standings = Standing.objects.filter(step=step)
    seen = set(standings.values_list("enrolment", "team"))
    running = set(step.extensions.filter(closes_at__gt=timezone.now()).values_list("enrolment", "team"))
    for extension in list(extensions):
        owner = (extension.enrolment_id, extension.team_id)
        if step.is_closed() and owner in seen and owner not in running:
            yield extension, _("Their final score has already been shown.")


@receiver(deadlines_moved, dispatch_uid="submissions.places")
def work_out_places_anew(steps: Iterable[Step], **_details: object) -> None:
    """What was in time may be late now, or the other way round."""
    for step in steps:
        if step.is_graded:
            defer_places(step)
