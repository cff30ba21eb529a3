"""The discussion on the desk's menu."""

from django.utils.translation import gettext_lazy as _

from campus.cohorts.desk import Section, lay_on_desk

lay_on_desk(
    section=Section.CONTACT,
    label=_("Flagged posts"),
    url_name="discussion:flags",
    permission="discussion.moderate",
    position=30,
)
lay_on_desk(
    section=Section.PROGRESS,
    label=_("Unanswered questions"),
    url_name="discussion:unanswered",
    permission="discussion.moderate",
    position=40,
)
lay_on_desk(
    section=Section.COHORT,
    label=_("Topics of the discussion"),
    url_name="discussion:topics",
    permission="discussion.keep_topics",
    position=60,
)
