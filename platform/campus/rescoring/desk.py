"""The page's place on the organiser's desk."""

from django.utils.translation import gettext_lazy as _

from campus.cohorts.desk import Section, lay_on_desk

lay_on_desk(
    section=Section.PROGRESS,
    position=80,
    label=_("Rescoring"),
    url_name="rescoring:rescorings",
    permission="rescoring.rescore",
)
