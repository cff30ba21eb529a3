"""What home lays on the cohort's desk."""

from django.utils.translation import pgettext_lazy

from campus.cohorts.desk import Section, lay_on_desk

lay_on_desk(
    section=Section.RECORDS,
    label=pgettext_lazy("desk", "Status"),
    url_name="cohort_status",
    permission="cohorts.run_cohort",
    position=90,
)
