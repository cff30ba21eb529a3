"""Groups on the desk's menu."""

from django.utils.translation import gettext_lazy as _

from campus.cohorts.desk import Section, lay_on_desk

lay_on_desk(
    section=Section.COHORT,
    position=30,
    label=_("Groups and teams"),
    url_name="grouping:desk",
    permission="grouping.look_after",
)
