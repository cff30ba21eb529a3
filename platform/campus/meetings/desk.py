"""Study meetings and consultations on the desk's menu."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.desk import Section, lay_on_desk

lay_on_desk(
    section=Section.CONTACT,
    label=_("Study meetings"),
    url_name="meetings:desk",
    permission="meetings.create",
    position=20,
)
lay_on_desk(
    section=Section.CONTACT,
    label=pgettext_lazy("desk", "Consultations"),
    url_name="meetings:consultations_desk",
    permission="meetings.see_consultations",
    position=21,
)
