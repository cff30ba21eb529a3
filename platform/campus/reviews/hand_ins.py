"""Reviews given as hand-ins of their step: handed in is who has given as many as the round asks for, or was let off."""

from collections.abc import Collection, Iterable

from django.db.models import Count, F, Max, Q, Window
from django.db.models.functions import RowNumber

from campus.cases.hand_ins import Among, Epoch, HandIn, hand_in_source
from campus.cases.models import Step, StepKind
from campus.reviews.models import Assignment, Share


@hand_in_source(StepKind.REVIEW)
def reviews(steps: Collection[Step], among: Among) -> Iterable[HandIn]:
    """One row for each reviewer, by two queries. first_at: when the last one needed was given."""
    given = Assignment.objects.given().filter(share__round__step__in=steps, share__excused_at=None)
    excused = Share.objects.filter(round__step__in=steps, excused_at__isnull=False)
    if among.enrolments is not None:
        given = given.filter(share__enrolment__in=among.enrolments)
        excused = excused.filter(enrolment__in=among.enrolments)
    by_share = [F("share")]
    rows = given.annotate(
        nth=Window(RowNumber(), partition_by=by_share, order_by=[F("given_at"), F("pk")]),
        at=Epoch(F("given_at")),
        last=Epoch(Window(Max("given_at"), partition_by=by_share)),
        count=Window(Count("pk"), partition_by=by_share),
    )
    complete = rows.filter(Q(nth=F("share__round__reviews_each"))).order_by()
    for step, enrolment, *found in complete.values_list(
        "share__round__step", "share__enrolment", "at", "last", "count"
    ):
        yield HandIn(step, enrolment, None, *found)
    moments = excused.annotate(at=Epoch(F("excused_at"))).values_list("round__step", "enrolment", "at")
    for step, enrolment, at in moments:
        yield HandIn(step, enrolment, None, at, at, 1)
