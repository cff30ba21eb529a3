"""Notebooks on the cohort's desk."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campus.cohorts.desk import Section, lay_on_desk
from campus.cohorts.models import Enrolment
from campus.cohorts.panels import Panel, show_on_persons_page
from campus.notebooks.queries import visitable
from campus.people.models import Person


def way_in(enrolment: Enrolment, reader: Person) -> dict[str, Any] | None:
    """The way to a learner's notebook, for those who may open it."""
    if settings.ENVIRONMENT.notebooks == "off":
        return None
    return {} if visitable(reader, enrolment.cohort).filter(pk=enrolment.pk).exists() else None


show_on_persons_page(Panel("notebooks/parts/way_in.html", way_in, position=60))
lay_on_desk(
    section=Section.PROGRESS,
    label=_("Notebooks"),
    url_name="notebooks_of_cohort:running",
    permission="notebooks.see_list",
    position=80,
)
