"""What the page about one person of a cohort shows besides the enrolment itself; each app adds its own part."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from campus.cohorts.models import Enrolment
from campus.people.models import Person


@dataclass(frozen=True)
class Panel:
    """A part of the page. ``context``: what the template needs, or None where there is nothing to show."""

    template: str
    context: Callable[[Enrolment, Person], dict[str, Any] | None]
    position: int = 50


_panels: list[Panel] = []


def show_on_persons_page(panel: Panel) -> None:
    """Register a panel; call it in the app's ``desk.py``, imported in ``AppConfig.ready``."""
    _panels.append(panel)
    _panels.sort(key=lambda one: one.position)


def panels_of(enrolment: Enrolment, *, reader: Person) -> list[SafeString]:
    """The parts, drawn; the reader is somebody who looks after the person."""
    drawn = []
    for panel in _panels:
        context = panel.context(enrolment, reader)
        if context is not None:
            shared = {"enrolment": enrolment, "cohort": enrolment.cohort}
            drawn.append(render_to_string(panel.template, shared | context))
    return drawn
