"""Programmes, their cohorts, and who takes part in which role."""

from typing import Any, Protocol

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from campus.people.models import Person, validate_time_zone
from campus.people.second_factor import must_add_second_factor


def in_reader_language(ja: str, en: str) -> str:
    """Return the text in the language of the page, the other one where it is missing."""
    return (en or ja) if get_language() == "en" else (ja or en)


class Titled(models.Model):
    """Something with a title in both languages."""

    title_ja = models.CharField(_("Title (Japanese)"), max_length=200)
    title_en = models.CharField(_("Title (English)"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_reader_language(self.title_ja, self.title_en)


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def run_by(self, person: Person) -> "ProgrammeQuerySet":
        """Programmes of which the person may make cohorts: all for operators, for others those they organise."""
        if person.is_active and person.is_staff:
            return self
        organised = Enrolment.objects.of(person).filter(role=Role.ORGANISER)
        return self.filter(pk__in=organised.values("cohort__programme"))


class Programme(Titled):
    """A kind of training that an organiser runs again and again."""

    slug = models.SlugField(unique=True)

    objects = ProgrammeQuerySet.as_manager()


class CohortQuerySet(models.QuerySet["Cohort"]):
    def of(self, person: Person) -> "CohortQuerySet":
        """Cohorts that the person takes part in, the latest first."""
        mine = Enrolment.objects.of(person).values("cohort")
        return self.filter(pk__in=mine).order_by("-starts_on", "slug")


class Cohort(Titled):
    """One run of a programme: its dates, people, cases and rules."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="cohorts")
    slug = models.SlugField(unique=True)
    starts_on = models.DateField(_("First day"))
    ends_on = models.DateField(_("Last day"))
    time_zone = models.CharField(
        _("Time zone"),
        max_length=60,
        default="Asia/Tokyo",
        help_text="Daily limits start again at midnight in this time zone.",
        validators=[validate_time_zone],
    )

    objects = CohortQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="cohort_ends_after_start"
            )
        ]


class StudyClass(models.Model):
    """About a hundred learners of a cohort, with a facilitator."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="classes")
    name = models.CharField(max_length=60)
    facilitators: "models.ManyToManyField[Enrolment, Any]" = models.ManyToManyField(
        "Enrolment", related_name="facilitated_classes", blank=True
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "name"], name="class_name_unique_in_cohort")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    LEARNER = "learner", _("Learner")
    FACILITATOR = "facilitator", _("Facilitator")
    MENTOR = "mentor", _("Mentor")
    ORGANISER = "organiser", _("Organiser")
    ALUMNI = "alumni", _("Alumni")


class EnrolmentState(models.TextChoices):
    APPLIED = "applied", pgettext_lazy("enrolment", "Applied")
    SELECTED = "selected", pgettext_lazy("enrolment", "Selected")
    ACTIVE = "active", pgettext_lazy("enrolment", "Active")
    PAUSED = "paused", pgettext_lazy("enrolment", "Paused")
    WITHDRAWN = "withdrawn", pgettext_lazy("enrolment", "Withdrawn")
    COMPLETED = "completed", pgettext_lazy("enrolment", "Completed")

    @property
    def takes_part(self) -> bool:
        """Whether somebody in this state may open the cohort's pages."""
        return self in {EnrolmentState.ACTIVE, EnrolmentState.COMPLETED}


TAKES_PART = [state for state in EnrolmentState if state.takes_part]
# Whoever has only applied or been selected takes part in nothing yet.
BEFORE_THE_START = (EnrolmentState.APPLIED, EnrolmentState.SELECTED)


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def taking_part(self) -> "EnrolmentQuerySet":
        return self.filter(state__in=TAKES_PART, person__is_active=True)

    def leave(self, state: EnrolmentState) -> int:
        """Set a state in which nobody takes part, and keep whether they had begun before."""
        began_not = models.Case(
            models.When(state__in=BEFORE_THE_START, then=True),
            models.When(state__in=TAKES_PART, then=False),
            default=models.F("never_began"),
        )
        return self.update(state=state, never_began=began_not)

    def of(self, person: Person) -> "EnrolmentQuerySet":
        """The person's enrolments in cohorts whose pages they may open.

        Where the site wants organisers to have a second factor, nobody is one without it.
        """
        mine = self.taking_part().filter(person=person)
        return mine.exclude(role=Role.ORGANISER) if must_add_second_factor(person) else mine


class Enrolment(models.Model):
    """A person in a cohort, with a role and a state. A person may have several roles in one cohort."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="enrolments")
    role = models.CharField(max_length=20, choices=Role, default=Role.LEARNER)
    state = models.CharField(max_length=20, choices=EnrolmentState, default=EnrolmentState.ACTIVE)
    study_class = models.ForeignKey(
        StudyClass, on_delete=models.SET_NULL, null=True, blank=True, related_name="learners"
    )
    continues = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="continued_by",
        help_text="The paused enrolment in an earlier cohort that this one goes on with.",
    )
    never_began = models.BooleanField(
        default=False, help_text="Paused or withdrawn before taking part; says nothing in other states."
    )
    uses_alias = models.BooleanField(_("Show my nickname instead of my name on leaderboards"), default=False)
    enrolled_at = models.DateTimeField(auto_now_add=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "cohort", "role"], name="enrolment_unique")]
        indexes = [models.Index(fields=["cohort", "role", "state"])]

    def __str__(self) -> str:
        return f"{self.person} ({self.get_role_display()})"

    @property
    def shown_name(self) -> str:
        """The name that other learners see on leaderboards."""
        return self.person.alias if self.uses_alias and self.person.alias else self.person.name


# Of more than so many, a query reads all of the cohort's rows rather than name each id.
MANY = 300


class Enrolled(Protocol):
    """What stands for an enrolment where only its ids are asked for: thousands of rows need no models."""

    @property
    def pk(self) -> int: ...

    @property
    def cohort_id(self) -> int: ...


class Note(models.Model):
    """What somebody who looks after a learner wants to remember; learners don't see it."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField(pgettext_lazy("about a learner", "Note"), max_length=2000)
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return f"note {self.pk} on enrolment {self.enrolment_id}"


class AuditEntry(models.Model):
    """Who did what to what, kept for the organiser; never changed."""

    cohort = models.ForeignKey(Cohort, on_delete=models.SET_NULL, null=True, related_name="audit_entries")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    action = models.CharField(max_length=80, help_text="A verb in dotted form: step.opened")
    subject = models.CharField(max_length=120, help_text="Kind and id of what was acted on: step:12")
    details = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["cohort", "-at"]), models.Index(fields=["subject", "-at"])]
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.action} {self.subject}"
