"""What the cases lay on the cohort's desk."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.desk import Section, lay_on_desk

lay_on_desk(
    section=Section.COHORT,
    label=_("Schedule"),
    url_name="cases:schedule",
    permission="cohorts.run_cohort",
    position=20,
)
lay_on_desk(
    section=Section.COHORT,
    label=pgettext_lazy("desk", "Cases"),
    url_name="cases:desk_cases",
    permission="cohorts.run_cohort",
    position=30,
)
lay_on_desk(
    section=Section.COHORT,
    label=_("Choice of cases"),
    url_name="cases:choice",
    permission="cohorts.run_cohort",
    position=31,
)
