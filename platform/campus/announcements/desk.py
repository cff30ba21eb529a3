"""Announcements on the desk's menu."""

from django.utils.translation import gettext_lazy as _

from campus.cohorts.bulk import BulkAction, offer_bulk_action
from campus.cohorts.desk import Section, lay_on_desk

lay_on_desk(
    section=Section.CONTACT,
    label=_("Announcements"),
    url_name="announcements:desk",
    permission="announcements.write",
    position=10,
)
offer_bulk_action(BulkAction(_("Write to them"), "announcements:write_to", "announcements.write", 5))
