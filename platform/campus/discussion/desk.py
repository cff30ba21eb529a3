"""The discussion on the desk's menu, and on the page about one person."""

from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from campus.cohorts.desk import Section, lay_on_desk
from campus.cohorts.models import Enrolment
from campus.cohorts.panels import Panel, show_on_persons_page
from campus.discussion.contributions import by_skill, contributions_of
from campus.discussion.models import Post, Thread
from campus.discussion.rules import is_suspended, may_be_suspended_by
from campus.people.models import Person

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


def what_one_wrote(enrolment: Enrolment, reader: Person) -> dict[str, Any] | None:
    """How much a person talks in the cohort and how that helps others: figures, never what was said."""
    posts = Post.objects.filter(author=enrolment.person_id, thread__place__cohort=enrolment.cohort_id, deleted_at=None)
    counted = posts.aggregate(count=Count("pk"), thanks=Sum("thanks_count"))
    given = contributions_of(enrolment.person, enrolment.cohort)
    return {
        "post_count": counted["count"],
        "thanks": counted["thanks"] or 0,
        "accepted": Thread.objects.filter(accepted__in=posts).count(),
        "is_suspended": is_suspended(enrolment.person, enrolment.cohort_id),
        "contributions": given,
        "skills": by_skill(given),
        "may_suspend": may_be_suspended_by(reader, person=enrolment.person, cohort=enrolment.cohort),
    }


show_on_persons_page(Panel("discussion/desk/panel.html", what_one_wrote, position=55))
