"""What cohorts hold of a person, and why an organiser can't always leave at once."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campus.cohorts.models import AuditEntry, Cohort, Enrolment, EnrolmentState, Note, Role
from campus.people.models import Person
from campus.people.personal_data import Holding, Row, hold, obstacle

# Whoever is in one of these has begun nothing that could be finished without them.
_ENDED = (EnrolmentState.COMPLETED, EnrolmentState.WITHDRAWN)


def _enrolments(person: Person) -> Iterator[Row]:
    for one in Enrolment.objects.filter(person=person).select_related("cohort", "study_class").order_by("pk"):
        yield {
            "cohort": one.cohort.slug,
            "title": one.cohort.title,
            "role": one.role,
            "state": one.state,
            "class": one.study_class.name if one.study_class else "",
            "nickname_on_boards": one.uses_alias,
            "enrolled_at": one.enrolled_at,
        }


def _actions(person: Person) -> Iterator[Row]:
    entries = AuditEntry.objects.filter(actor=person).order_by("pk")
    yield from entries.values("at", "action", "subject", "cohort__slug", "details")


def _leave_cohorts(person: Person) -> None:
    mine = Enrolment.objects.filter(person=person)
    Note.objects.filter(enrolment__in=mine).delete()
    mine.exclude(state__in=_ENDED).leave(EnrolmentState.WITHDRAWN)
    mine.update(uses_alias=False)


@obstacle
def hand_over_first(person: Person) -> Iterator[str]:
    """The only organiser of a cohort that is not over can't leave it alone."""
    running = Cohort.objects.filter(ends_on__gte=timezone.localdate())
    organisers = Enrolment.objects.taking_part().filter(role=Role.ORGANISER, person__erase_at=None)
    mine = Enrolment.objects.taking_part().filter(person=person, role=Role.ORGANISER)
    for cohort in running.filter(pk__in=mine.values("cohort")):
        if not organisers.filter(cohort=cohort).exclude(person=person).exists():
            yield _("You are the only organiser of “%(cohort)s”. Make somebody else an organiser there first.") % {
                "cohort": cohort.title
            }


hold(
    Holding(
        name="enrolments",
        label=pgettext_lazy("data held", "Your cohorts, roles and classes"),
        rows=_enrolments,
        erase=_leave_cohorts,
        gone=gettext_lazy("You leave every cohort. Notes that were written about you are deleted."),
        kept=gettext_lazy(
            "The fact that somebody took part and how it ended, without your name: the programme’s figures need it."
        ),
    )
)
hold(
    Holding(
        name="actions",
        label=pgettext_lazy("data held", "What you did in the audit log"),
        rows=_actions,
        gone=gettext_lazy("Your name disappears from it."),
        kept=gettext_lazy("The entries, without your name: they show how decisions about others came about."),
    )
)
