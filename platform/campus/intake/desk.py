"""Intake's pages on the desk."""

from django.utils.translation import pgettext_lazy

from campus.cohorts.desk import Section, lay_on_desk

lay_on_desk(
    section=Section.INTAKE,
    position=10,
    label=pgettext_lazy("desk", "Call for applications"),
    url_name="intake:admission",
    permission="intake.select_applicants",
)
lay_on_desk(
    section=Section.INTAKE,
    position=20,
    label=pgettext_lazy("desk", "Applicants"),
    url_name="intake:applicants",
    permission="intake.select_applicants",
)
lay_on_desk(
    section=Section.INTAKE,
    position=30,
    label=pgettext_lazy("desk", "Invitations"),
    url_name="intake:invitations",
    permission="intake.invite",
)
lay_on_desk(
    section=Section.INTAKE,
    position=40,
    label=pgettext_lazy("desk", "Import people"),
    url_name="intake:import",
    permission="intake.bring_people",
)
