"""What the audit log calls the actions on reviews, and how it names reviewed works."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.audit import Name, counted, group_of_actions, names_of, words_for
from campus.reviews.models import Work

words_for(
    {
        "reviews.rebalanced": _("rebalanced the reviews of %(subject)s (%(ended)s withdrawn, %(given)s assigned)"),
        "reviews.numbers_changed": _(
            "changed the settings for the reviews of %(subject)s: reviews %(reviews_each)s, hours until passed on "
            "%(idle_hours)s, hours until due %(due_hours)s, favours %(favours)s"
        ),
        "reviews.rubric_changed": _(
            "changed the rubric of %(subject)s (criteria: %(criteria)s; works whose value changed: %(works)s)"
        ),
        "reviews.excused": _("excused %(subject)s from the reviews of %(step)s"),
        "reviews.excuse_withdrawn": _("asked %(subject)s for the reviews of %(step)s again"),
        "reviews.taken_back": _("gave a review by %(subject)s to somebody else"),
        "reviews.appeal_decided": counted(
            "decided on a request for re-evaluation of %(subject)s (%(count)s review set aside)",
            "decided on a request for re-evaluation of %(subject)s (%(count)s reviews set aside)",
        ),
        "reviews.appeal_closed": _(
            "closed a request for re-evaluation of %(subject)s, because the requester’s account was deleted"
        ),
        "reviews.names_seen": _("looked at who reviewed %(subject)s"),
    }
)
group_of_actions("reviews", pgettext_lazy("audit", "Peer review"))


def _works(ids: Collection[int]) -> dict[int, Name]:
    found = Work.objects.filter(pk__in=ids).select_related(
        "team", "enrolment__person", "round__step__cohort_case__cohort"
    )
    return {
        one.pk: Name(one.owner_name, reverse("reviews:work", args=[one.round.cohort.slug, one.pk])) for one in found
    }


names_of("reviewed_work", _works)
