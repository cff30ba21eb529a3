"""By what a cohort's people can be narrowed down when somebody writes to them; each app registers what it knows.

    narrows_audience(Criterion("not_handed_in", _("Has not handed in"), choices=steps, narrow=without_hand_in))

Registered in the app's ``audiences.py``, imported in ``AppConfig.ready``. Criteria are combined by AND.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise

from campus.cohorts.models import Cohort, Enrolment

Choices = list[tuple[str, str | Promise]]


@dataclass(frozen=True)
class Criterion:
    """One question about an enrolment. ``choices`` are the answers that can be asked for, empty where there are none;
    ``narrow`` leaves the enrolments to which the answer applies, in a fixed number of queries.

    in_words: says an answer that isn't among the choices, but is brought along from another page; None for none.
    """

    key: str
    label: str | Promise
    choices: Callable[[Cohort], Choices]
    narrow: Callable[[QuerySet[Enrolment], Cohort, str], QuerySet[Enrolment]]
    position: int = 50
    in_words: Callable[[str], str | None] = lambda _value: None

    def offered(self, cohort: Cohort, value: str) -> Choices:
        """The answers that a form offers in which ``value`` is chosen already."""
        brought = self.in_words(value) if value else None
        return [*self.choices(cohort), *([(value, brought)] if brought else [])]


_criteria: dict[str, Criterion] = {}


def narrows_audience(criterion: Criterion) -> None:
    """Register a criterion."""
    if criterion.key in _criteria:
        raise ValueError(f"two criteria are called {criterion.key!r}")
    _criteria[criterion.key] = criterion


def criteria() -> list[Criterion]:
    """All of them, in the order in which forms show them."""
    return sorted(_criteria.values(), key=lambda one: (one.position, one.key))


def narrowed(enrolments: QuerySet[Enrolment], cohort: Cohort, wanted: Mapping[str, str]) -> QuerySet[Enrolment]:
    """The enrolments that meet all that is wanted. A criterion that no app knows any more leaves nobody: better no
    message than one to the wrong people."""
    for key, value in wanted.items():
        known = _criteria.get(key)
        enrolments = known.narrow(enrolments, cohort, value) if known else enrolments.none()
    return enrolments
