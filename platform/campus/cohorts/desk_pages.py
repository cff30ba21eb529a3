"""What the app itself lays on the cohort's desk."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.desk import Section, lay_on_desk

lay_on_desk(
    section=Section.COHORT,
    label=pgettext_lazy("desk", "Settings"),
    url_name="cohorts:settings",
    permission="cohorts.run_cohort",
    position=10,
)
lay_on_desk(
    section=Section.COHORT,
    label=_("Copy to a new cohort"),
    url_name="cohorts:clone",
    permission="cohorts.run_cohort",
    position=90,
)
