"""Study meetings and who takes part; mentors' times for consultations and who booked them; what a cohort allows."""

import secrets
import uuid
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.models import TAKES_PART, Cohort, Enrolment, StudyClass
from campus.people.models import Person
from campus.submissions.models import Owner
from campus.teams.models import Membership, Team
from campus.ui.moments import moment_in_words

LONGEST_MINUTES = 12 * 60
CHECK_IN_BEFORE = timedelta(minutes=15)
CHECK_IN_AFTER = timedelta(minutes=30)
only_https = URLValidator(schemes=["https"], message=_("Enter a web address that begins with https://."))


def new_code() -> str:
    """Six digits, to be read aloud."""
    return f"{secrets.randbelow(1_000_000):06}"


class State(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("meeting", "Proposed")
    OPEN = "open", pgettext_lazy("meeting", "Takes place")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "Cancelled")


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def to_come(self) -> "MeetingQuerySet":
        """Those that are not over, the next first."""
        return self.filter(ends_at__gt=timezone.now()).order_by("starts_at", "pk")

    def over(self) -> "MeetingQuerySet":
        """Those that are over, the latest first."""
        return self.filter(ends_at__lte=timezone.now()).order_by("-starts_at", "-pk")


class Meeting(models.Model):
    """A study meeting of a cohort or of one of its classes, at a web address."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="meetings")
    study_class = models.ForeignKey(
        StudyClass, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Who it is for")
    )
    host = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("Title"), max_length=120)
    description = models.TextField(_("What it is about"), max_length=10_000, blank=True)
    starts_at = models.DateTimeField(_("Begins at"))
    ends_at = models.DateTimeField()
    capacity = models.PositiveIntegerField(
        _("Places"), null=True, blank=True, validators=[MinValueValidator(2), MaxValueValidator(10_000)]
    )
    url = models.URLField(_("Address of the online room"), max_length=500, blank=True, validators=[only_https])
    recording_url = models.URLField(_("Address of the recording"), max_length=500, blank=True, validators=[only_https])
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    code = models.CharField(max_length=6, default=new_code, editable=False, help_text="To check in with.")
    sequence = models.PositiveIntegerField(default=0, help_text="Counts changes, for calendars.")
    changed_at = models.DateTimeField(auto_now=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="meeting_ends_later")
        ]
        indexes = [
            models.Index(fields=["cohort", "starts_at"]),
            models.Index(fields=["starts_at"], condition=Q(state="open"), name="meeting_open"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def path(self) -> str:
        return reverse("meetings:meeting", args=[self.cohort.slug, self.pk])

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    def takes_check_ins(self, at: datetime) -> bool:
        """Whether participants can say themselves that they are there."""
        return self.is_open and self.starts_at - CHECK_IN_BEFORE <= at <= self.ends_at + CHECK_IN_AFTER


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def going(self) -> "ParticipationQuerySet":
        return self.filter(is_waiting=False)

    def waiting(self) -> "ParticipationQuerySet":
        """In the order in which they get a place."""
        return self.filter(is_waiting=True).order_by("signed_up_at", "pk")

    def in_force(self) -> "ParticipationQuerySet":
        """Of people who still take part in the cohort."""
        enrolments = Enrolment.objects.taking_part().filter(
            person=OuterRef("person"), cohort=OuterRef("meeting__cohort")
        )
        return self.filter(Exists(enrolments))


class Participation(models.Model):
    """Somebody who signed up: has a place, or waits for one. Whoever cancels has no row."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="participations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="meetings")
    is_waiting = models.BooleanField(default=False)
    signed_up_at = models.DateTimeField(default=timezone.now)
    attended_at = models.DateTimeField(null=True)
    reminded_day_at = models.DateTimeField(null=True)
    reminded_hour_at = models.DateTimeField(null=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="participation_unique")]
        indexes = [models.Index(fields=["meeting", "is_waiting", "signed_up_at"])]

    def __str__(self) -> str:
        return f"person {self.person_id} in meeting {self.meeting_id}"


USUAL_NOTICE = 24
LONGEST_QUESTION = 2_000


class Policy(models.Model):
    """What a cohort allows its learners; without a row they may not propose meetings, and the notice is the usual."""

    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="meeting_policy")
    learners_may_propose = models.BooleanField(_("Learners may propose study meetings"), default=False)
    notice_hours = models.PositiveSmallIntegerField(
        _("How many hours before a consultation it can still be booked and cancelled"),
        default=USUAL_NOTICE,
        validators=[MaxValueValidator(7 * 24)],
    )

    def __str__(self) -> str:
        return f"policy of cohort {self.cohort_id}"


class Audience(models.TextChoices):
    """Who may book a mentor's time."""

    EVERYBODY = "everybody", pgettext_lazy("consultation", "Teams and individual learners")
    TEAMS = "teams", pgettext_lazy("consultation", "Teams only")
    SINGLE = "single", pgettext_lazy("consultation", "Individual learners only")

    @staticmethod
    def admitting(owner: Owner) -> "list[Audience]":
        """Those of which the owner is one."""
        return [Audience.EVERYBODY, Audience.TEAMS if owner.team else Audience.SINGLE]


class SlotQuerySet(models.QuerySet["Slot"]):
    def standing(self) -> "SlotQuerySet":
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)

    def to_come(self) -> "SlotQuerySet":
        return self.filter(starts_at__gt=timezone.now())

    def free(self) -> "SlotQuerySet":
        return self.exclude(bookings__in=Booking.objects.in_force())

    def with_is_booked(self) -> "SlotQuerySet":
        return self.annotate(is_booked=Exists(Booking.objects.in_force().filter(slot=OuterRef("pk"))))

    def with_all(self) -> "SlotQuerySet":
        """With mentor and cohort, and the booking in force with its owner, in two queries."""
        bookings = models.Prefetch("bookings", Booking.objects.in_force().with_owner(), to_attr="in_force")
        return self.select_related("mentor__person", "mentor__cohort").prefetch_related(bookings)


class Slot(models.Model):
    """A time at which a mentor can be booked for a consultation; of weekly ones there is a row for each week."""

    mentor = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="slots")
    audience = models.CharField(_("Who may book"), max_length=10, choices=Audience, default=Audience.EVERYBODY)
    starts_at = models.DateTimeField(_("Begins at"))
    ends_at = models.DateTimeField()
    url = models.URLField(_("Address of the online room"), max_length=500, validators=[only_https])
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0, help_text="Counts changes, for calendars.")
    changed_at = models.DateTimeField(default=timezone.now)

    objects = SlotQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="slot_ends_later")]
        indexes = [models.Index(fields=["mentor", "starts_at"], condition=Q(withdrawn_at=None), name="slot_standing")]

    def __str__(self) -> str:
        return moment_in_words(self.starts_at)

    @property
    def cohort(self) -> Cohort:
        return self.mentor.cohort

    @property
    def path(self) -> str:
        return reverse("meetings:consultation", args=[self.cohort.slug, self.pk])

    @property
    def day(self) -> date:
        """On which it begins, in the reader's time zone."""
        return timezone.localdate(self.starts_at)

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def booking(self) -> "Booking | None":
        """What is in force; read ``with_all`` where there are many."""
        if not hasattr(self, "in_force"):
            self.in_force = list(self.bookings.in_force().with_owner())
        return self.in_force[0] if self.in_force else None


class BookingQuerySet(models.QuerySet["Booking"]):
    def in_force(self) -> "BookingQuerySet":
        return self.filter(cancelled_at=None)

    def to_come(self) -> "BookingQuerySet":
        """Those that have not ended."""
        return self.filter(slot__ends_at__gt=timezone.now())

    def with_owner(self) -> "BookingQuerySet":
        return self.select_related("enrolment__person", "team")

    def with_all(self) -> "BookingQuerySet":
        return self.with_owner().select_related("slot__mentor__person", "slot__mentor__cohort")

    def held_by(self, person: Person) -> "BookingQuerySet":
        """The person's own, and those of teams that she is in now, in cohorts in which she takes part."""
        mine = Enrolment.objects.of(person)
        teams = Membership.objects.current().filter(enrolment__in=mine).values("team")
        return self.filter(Q(team=None, enrolment__in=mine) | Q(team__in=teams))


class Booking(models.Model):
    """A learner's, or for all of it a team's, booking of a mentor's time, with what it is about."""

    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="bookings")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="bookings", help_text="Who booked")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings")
    question = models.TextField(_("What you want to talk about"), max_length=LONGEST_QUESTION)
    booked_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    moved_at = models.DateTimeField(null=True, help_text="When its time was last changed: not what was booked.")
    reminded_day_at = models.DateTimeField(null=True)
    reminded_hour_at = models.DateTimeField(null=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slot"], condition=Q(cancelled_at=None), name="slot_booked_once")
        ]

    def __str__(self) -> str:
        return f"booking {self.pk} of slot {self.slot_id}"

    @property
    def owner(self) -> Owner:
        return Owner(enrolment=self.enrolment, team=self.team)

    @property
    def owner_name(self) -> str:
        return self.team.name if self.team else self.enrolment.person.name

    @property
    def people(self) -> list[Person]:
        """Who comes: the learner, or who is in the team now; while they take part in the cohort."""
        if self.team_id is None:
            comes = self.enrolment.state in TAKES_PART and self.enrolment.person.is_active
            return [self.enrolment.person] if comes else []
        members = Membership.objects.current().filter(team=self.team_id).values("enrolment")
        return [one.person for one in Enrolment.objects.taking_part().filter(pk__in=members).select_related("person")]


class Feed(models.Model):
    """A person's calendar address is in force while it names this number (see feeds.py)."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    number = models.UUIDField(default=uuid.uuid4)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"feed of person {self.person_id}"
