"""What this app lays on the desk of those who run a cohort."""

from django.utils.translation import pgettext_lazy

from campus.cohorts.desk import Section, lay_on_desk

lay_on_desk(
    section=Section.COHORT,
    label=pgettext_lazy("questionnaires", "Forms"),
    url_name="questionnaires:desk",
    permission="questionnaires.see_desk",
    position=40,
)
