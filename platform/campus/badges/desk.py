"""Badges on the organiser's desk, and the button below the list of people that gives one by hand."""

from django.utils.translation import gettext_lazy as _

from campus.cohorts.bulk import BulkAction, offer_bulk_action
from campus.cohorts.desk import Section, lay_on_desk

lay_on_desk(
    section=Section.PROGRESS,
    position=70,
    label=_("Badges"),
    url_name="badges:achievements",
    permission="badges.issue",
)
offer_bulk_action(BulkAction(label=_("Give a badge"), url_name="badges:give", permission="badges.issue", position=70))
