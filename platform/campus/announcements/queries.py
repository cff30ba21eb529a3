"""Whom an announcement meets, whom it went to, and what became of it for each."""

from django.db.models import CharField, Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from campus.announcements.models import KEY, Announcement, Recipient
from campus.cohorts.audiences import narrowed
from campus.cohorts.models import TAKES_PART, Cohort, Enrolment
from campus.cohorts.queries import learners_looked_after
from campus.cohorts.rules import is_organiser
from campus.notices.models import Mail, MailState, Notice
from campus.people.models import Person

STATE, CHOSEN = "state", "chosen"


def audience_of(announcement: Announcement) -> QuerySet[Enrolment]:
    """The enrolments it meets now, never beyond what its author may write to now."""
    cohort = announcement.cohort
    found = within_reach(announcement.author, cohort).filter(role__in=announcement.roles, person__is_active=True)
    classes = list(announcement.classes.all())
    if classes:
        found = found.filter(study_class__in=classes)
    if not {STATE, CHOSEN} & set(announcement.criteria):  # Whoever was chosen one by one is meant in any state.
        found = found.filter(state__in=TAKES_PART)
    return narrowed(found, cohort, announcement.criteria)


def within_reach(author: Person, cohort: Cohort) -> QuerySet[Enrolment]:
    """To whom somebody may write: organisers to all of the cohort, facilitators to the learners of their classes."""
    if is_organiser(author, cohort):
        return Enrolment.objects.filter(cohort=cohort)
    return learners_looked_after(author, cohort)


def people_met(announcement: Announcement) -> QuerySet[Person]:
    """The same as persons, each once, whatever number of roles they have."""
    return Person.objects.filter(pk__in=audience_of(announcement).values("person")).order_by("name", "pk")


def recipients_of(announcement: Announcement) -> QuerySet[Recipient]:
    """Whom it went to, with ``mail_state``, ``mail_problem``, ``mailed_at``, ``read_at``, ``in_page``."""
    mail = Mail.objects.filter(key=announcement.key, person=OuterRef("person"))
    notice = Notice.objects.filter(key=announcement.key, person=OuterRef("person"))
    return (
        announcement.recipients.select_related("person")
        .annotate(
            mail_state=Coalesce(Subquery(mail.values("state")[:1]), Value(""), output_field=CharField()),
            mail_problem=Subquery(mail.values("problem")[:1]),
            mailed_at=Subquery(mail.values("sent_at")[:1]),
            read_at=Subquery(notice.values("read_at")[:1]),
            in_page=Exists(notice),
        )
        .order_by("person__name", "pk")
    )


def mails_by_state(announcement: Announcement) -> list[tuple[MailState, int]]:
    """How many of its mails are in each state; states without any are left out."""
    rows = Mail.objects.filter(key=announcement.key).values_list("state").annotate(Count("pk")).order_by()
    counts: dict[str, int] = dict(rows)
    return [(state, counts[state]) for state in MailState if state in counts]


def read_count(announcement: Announcement) -> int:
    return Notice.objects.filter(key=announcement.key, read_at__isnull=False).count()


def desk_announcements(person: Person, cohort: Cohort) -> QuerySet[Announcement]:
    """Those that the person manages, with how many people got each."""
    rows = Announcement.objects.filter(cohort=cohort).select_related("author")
    if not is_organiser(person, cohort):
        rows = rows.filter(author=person)
    return rows.annotate(recipient_count=Count("recipients"))


def latest_received(person: Person, cohort: Cohort | None, *, count: int) -> list[Announcement]:
    """The latest that the person got, of one cohort or of all in which they take part now; new ones are marked."""
    key = Concat(Value(KEY), Cast(OuterRef("pk"), CharField()))
    unread = Notice.objects.unread().filter(person=person, key=key)
    rows = Announcement.objects.received_by(person).select_related("cohort").annotate(is_new=Exists(unread))
    mine = Enrolment.objects.of(person).values("cohort")
    return list((rows.filter(cohort=cohort) if cohort else rows.filter(cohort__in=mine))[:count])
