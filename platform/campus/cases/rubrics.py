"""What people judge a step by: the case's criteria, with the weights and words that the organiser has changed since."""

from collections.abc import Mapping
from typing import Any

from campus.cases.models import Step

Criterion = dict[str, Any]


def criteria_of(step: Step) -> list[Criterion]:
    """The criteria of the step as they hold now, in the form of the case's manifest; ``weight`` where it isn't 1."""
    return [_changed(one, step.rubric_changes.get(one["key"], {})) for one in criteria_of_case(step)]


def criteria_of_case(step: Step) -> list[Criterion]:
    """The same as the case has them."""
    return [one for one in step.case_version.manifest.get("rubric", []) if step.key in one["steps"]]


def _changed(criterion: Criterion, change: Mapping[str, Any]) -> Criterion:
    words = change.get("levels", {})
    levels = [level | {"text": words.get(str(level["points"]), level["text"])} for level in criterion["levels"]]
    whole = {name: change[name] for name in ("weight", "label", "description") if name in change}
    return criterion | whole | {"levels": levels}
