"""What the app itself lays on the cohort's desk."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.bulk import BulkAction, offer_bulk_action
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
lay_on_desk(
    section=Section.COHORT,
    label=_("People of the cohort"),
    url_name="cohorts:people",
    permission="cohorts.look_after_learners",
    position=5,
)
lay_on_desk(
    section=Section.COHORT,
    label=_("Classes"),
    url_name="cohorts:classes",
    permission="cohorts.run_cohort",
    position=40,
)
lay_on_desk(
    section=Section.RECORDS,
    label=_("Audit log"),
    url_name="cohorts:audit",
    permission="cohorts.run_cohort",
    position=80,
)
offer_bulk_action(BulkAction(_("Put into a class"), "cohorts:move_people", "cohorts.run_cohort", 20))
offer_bulk_action(BulkAction(_("Change the state"), "cohorts:change_state", "cohorts.run_cohort", 30))
offer_bulk_action(BulkAction(_("Change the role"), "cohorts:change_role", "cohorts.run_cohort", 40))
offer_bulk_action(BulkAction(_("Continue in a later cohort"), "cohorts:resume", "cohorts.run_cohort", 50))
