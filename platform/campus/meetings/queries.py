"""Which meetings somebody sees, by day, and what a meeting's page shows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from campus.cohorts.models import Cohort, Enrolment, Role, StudyClass
from campus.cohorts.rules import is_organiser
from campus.meetings.models import Meeting, MeetingQuerySet, Participation, State
from campus.people.models import Person


@dataclass
class Day:
    """The meetings of a day in the reader's time zone."""

    day: date
    meetings: list[Meeting] = field(default_factory=list)


def visible_to(person: Person, cohort: Cohort) -> MeetingQuerySet:
    """The meetings whose pages the person may open, as meetings.view_meeting says it of one."""
    rows = Meeting.objects.filter(cohort=cohort)
    if is_organiser(person, cohort):
        return rows
    mine = Enrolment.objects.of(person).filter(cohort=cohort)
    facilitated = StudyClass.objects.filter(facilitators__in=mine)
    invited = Q(study_class=None) | Q(study_class__in=mine.filter(study_class__isnull=False).values("study_class"))
    return rows.filter(Q(study_class__in=facilitated) | Q(host=person) | (invited & ~Q(state=State.PROPOSED)))


def with_figures(rows: QuerySet[Meeting], person: Person) -> QuerySet[Meeting]:
    """Add ``going``, ``waiting``, and whether the person is among them: ``is_going``, ``is_waiting``."""
    own = Participation.objects.filter(meeting=OuterRef("pk"), person=person)
    return rows.select_related("cohort", "study_class", "host").annotate(
        going=Count("participations", filter=Q(participations__is_waiting=False)),
        waiting=Count("participations", filter=Q(participations__is_waiting=True)),
        is_going=Exists(own.filter(is_waiting=False)),
        is_waiting=Exists(own.filter(is_waiting=True)),
    )


def agenda(meetings: Iterable[Meeting]) -> list[Day]:
    """The meetings by day, in their order."""
    days: list[Day] = []
    for meeting in meetings:
        day = timezone.localtime(meeting.starts_at).date()
        if not days or days[-1].day != day:
            days.append(Day(day))
        days[-1].meetings.append(meeting)
    return days


def next_meetings(person: Person, cohort: Cohort, *, count: int) -> list[Meeting]:
    """The next that take place and that the person may see."""
    rows = visible_to(person, cohort).filter(state=State.OPEN).to_come()
    return list(with_figures(rows, person)[:count])


def next_of_cohorts(person: Person, enrolments: Iterable[Enrolment]) -> dict[int, Meeting]:
    """The next meeting in each cohort of these enrolments that is for the person, by cohort id; one query.

    For all, for the own class, or one that the person hosts or has signed up for; with ``is_going``.
    """
    enrolments = list(enrolments)
    going = Participation.objects.filter(meeting=OuterRef("pk"), person=person, is_waiting=False)
    own_classes = {one.study_class_id for one in enrolments if one.study_class_id}
    meant = Q(study_class=None) | Q(study_class__in=own_classes) | Q(host=person) | Q(is_going=True)
    rows = Meeting.objects.filter(cohort__in={one.cohort_id for one in enrolments}, state=State.OPEN).to_come()
    rows = rows.annotate(is_going=Exists(going)).filter(meant).order_by("cohort_id", "starts_at", "pk")
    return {one.cohort_id: one for one in rows.distinct("cohort_id").select_related("cohort")}


def participants_of(meeting: Meeting) -> QuerySet[Participation]:
    """Everybody who signed up, with the ``class_name`` of learners and ``attended``."""
    classes = Enrolment.objects.filter(cohort=meeting.cohort_id, person=OuterRef("person"), role=Role.LEARNER)
    return meeting.participations.select_related("person").annotate(
        class_name=Subquery(classes.values("study_class__name")[:1]),
        attended=Case(When(attended_at=None, then=Value(False)), default=Value(True), output_field=BooleanField()),
    )


def desk_meetings(person: Person, cohort: Cohort) -> QuerySet[Meeting]:
    """Those that the person decides about or hosts, with their figures and ``attended``."""
    rows = Meeting.objects.filter(cohort=cohort)
    if not is_organiser(person, cohort):
        mine = Enrolment.objects.of(person).filter(cohort=cohort, role=Role.FACILITATOR)
        rows = rows.filter(Q(study_class__in=StudyClass.objects.filter(facilitators__in=mine)) | Q(host=person))
    attended = Count("participations", filter=Q(participations__attended_at__isnull=False))
    return with_figures(rows, person).annotate(attended=attended)
