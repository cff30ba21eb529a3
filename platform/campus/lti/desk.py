"""The page on the desk that says what launches may do."""

from django.utils.translation import pgettext_lazy

from campus.cohorts.desk import Section, lay_on_desk

lay_on_desk(
    section=Section.INTAKE,
    position=50,
    label=pgettext_lazy("desk", "LMS"),
    url_name="lti:desk",
    permission="lti.admit_by_launch",
)
