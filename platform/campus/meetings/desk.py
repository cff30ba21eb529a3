"""Study meetings on the desk's menu."""

from django.utils.translation import gettext_lazy as _

from campus.cohorts.desk import Section, lay_on_desk

lay_on_desk(
    section=Section.CONTACT,
    label=_("Study meetings"),
    url_name="meetings:desk",
    permission="meetings.create",
    position=20,
)
