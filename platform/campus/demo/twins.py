"""Work for thousands without grading it thousands of times: twins hand in what somebody else has handed in.

Equal files are measured once on the real site too, so a twin's rows are those that it would have made.
"""

import copy
import random
from collections import defaultdict
from datetime import timedelta
from typing import Any

from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.demo.ways import Way, way_of
from campus.submissions.models import Grading, Standing, Submission

BATCH = 1000
EARLIER = timedelta(hours=30)


def copy_work(*, step: Step, models: list[Enrolment], twins: list[Enrolment]) -> None:
    """Give each twin without work that of a model that comes along in the same way, a little earlier."""
    worked = set(Submission.objects.filter(step=step, enrolment__in=twins).values_list("enrolment", flat=True))
    pairs = list(_pairs(models, [twin for twin in twins if twin.pk not in worked]))
    shifts = {twin.pk: EARLIER * random.Random(f"{twin.person.email}:twin").random() for _model, twin in pairs}
    own = {"step": step, "team": None, "enrolment__in": models}
    originals = _by_enrolment(Submission.objects.filter(**own).select_related("grading"))
    made = [
        (original, _as_of(original, enrolment=twin, created_at=_earlier(original.created_at, shifts[twin.pk], step)))
        for model, twin in pairs
        for original in originals[model.pk]
    ]
    Submission.objects.bulk_create([twin for _original, twin in made], batch_size=BATCH)
    gradings = [_as_of(original.grading, submission=twin, queued_at=twin.created_at) for original, twin in made]
    Grading.objects.bulk_create(gradings, batch_size=BATCH)
    _place(Standing.objects.filter(**own), pairs, {(original.pk, twin.enrolment_id): twin for original, twin in made})


def _pairs(models: list[Enrolment], twins: list[Enrolment]) -> Any:
    by_way: dict[Way, list[Enrolment]] = defaultdict(list)
    for model in models:
        by_way[way_of(model.person.email)].append(model)
    for twin in twins:
        if alike := by_way[way_of(twin.person.email)]:
            yield random.Random(twin.person.email).choice(alike), twin


def _by_enrolment(rows: Any) -> dict[int, list[Any]]:
    found = defaultdict(list)
    for row in rows:
        found[row.enrolment_id].append(row)
    return found


def _earlier(moment: Any, shift: timedelta, step: Step) -> Any:
    return max(moment - shift, step.opens_at + timedelta(minutes=1))


def _as_of(row: Any, **fields: Any) -> Any:
    """The row as a new one that isn't saved yet."""
    twin = copy.copy(row)
    twin._state = copy.copy(row._state)
    twin._state.fields_cache = {}
    twin._state.adding, twin.pk = True, None
    for name, value in fields.items():
        setattr(twin, name, value)
    return twin


def _place(standings: Any, pairs: list[tuple[Enrolment, Enrolment]], made: dict[tuple[int, int], Submission]) -> None:
    """The twins' places on the board."""
    by_model = _by_enrolment(standings)
    places = []
    for model, twin in pairs:
        for standing in by_model[model.pk]:
            best = {half: made[getattr(standing, f"{half}_submission_id"), twin.pk] for half in ("public", "private")}
            fields = {f"{half}_submission": one for half, one in best.items()}
            moments = {f"{half}_at": one.created_at for half, one in best.items()}
            places.append(_as_of(standing, enrolment=twin, **fields, **moments))
    Standing.objects.bulk_create(places, batch_size=BATCH)
