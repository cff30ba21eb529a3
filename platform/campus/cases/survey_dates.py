"""A survey's form opens when its step does; it has no deadline of its own, because late work is taken too."""

from collections.abc import Iterable
from typing import Any

from django.dispatch import receiver

from campus.cases.models import Step
from campus.cases.signals import deadlines_moved
from campus.questionnaires.models import Questionnaire


def open_with_steps(steps: Iterable[Step]) -> None:
    """Let the forms of these steps open with them, so that nobody comes to them earlier by their own address."""
    for step in steps:
        if step.questionnaire_id:
            Questionnaire.objects.filter(pk=step.questionnaire_id).update(opens_at=step.opens_at, closes_at=None)


@receiver(deadlines_moved, dispatch_uid="cases.survey_dates")
def _steps_moved(steps: Iterable[Step], **_more: Any) -> None:
    open_with_steps(steps)
