"""Intake's pages on the desk."""

from django.utils.translation import pgettext_lazy

from campus.cohorts.desk import Section, lay_on_desk

lay_on_desk(
    section=Section.INTAKE,
    position=40,
    label=pgettext_lazy("desk", "Import people"),
    url_name="intake:import",
    permission="intake.bring_people",
)
