"""What intake keeps: the call for applications, applications, invitations, imports until they are confirmed."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role, StudyClass, in_reader_language
from campus.intake.imports.planning import Outcome, Plan
from campus.intake.imports.remarks import Remark
from campus.notices.models import Mail


class AdmissionState(models.TextChoices):
    """Where a call for applications stands, by its dates."""

    PLANNED = "planned", pgettext_lazy("admission", "Opens later")
    OPEN = "open", pgettext_lazy("admission", "Open")
    CLOSED = "closed", pgettext_lazy("admission", "Closed, in selection")
    ANNOUNCED = "announced", pgettext_lazy("admission", "Announced")


class Admission(models.Model):
    """A cohort's call for applications. Decisions are drafts until they are announced."""

    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="admission")
    description_ja = models.TextField(_("Description (Japanese)"), max_length=4000)
    description_en = models.TextField(_("Description (English)"), max_length=4000, blank=True)
    opens_at = models.DateTimeField(pgettext_lazy("admission", "Opens"))
    closes_at = models.DateTimeField(pgettext_lazy("admission", "Deadline"))
    announces_at = models.DateTimeField(_("Date of the announcement"), null=True, blank=True)
    capacity = models.PositiveIntegerField(pgettext_lazy("admission", "Places"), null=True, blank=True)
    announced_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="admission_closes_after_opening")
        ]
        indexes = [models.Index(fields=["announces_at"], condition=Q(announced_at=None), name="intake_admission_due")]

    def __str__(self) -> str:
        return f"admission to cohort {self.cohort_id}"

    @property
    def description(self) -> str:
        return in_reader_language(self.description_ja, self.description_en)

    @property
    def state(self) -> AdmissionState:
        now = timezone.now()
        if now < self.opens_at:
            return AdmissionState.PLANNED
        if now < self.closes_at:
            return AdmissionState.OPEN
        return AdmissionState.ANNOUNCED if self.announced_at else AdmissionState.CLOSED

    @property
    def is_open(self) -> bool:
        return self.state == AdmissionState.OPEN

    @property
    def results_at(self) -> datetime | None:
        """When results were announced, by hand or by date, else when they are to be."""
        return self.announced_at or self.announces_at


class Decision(models.TextChoices):
    """What organisers decide of an application."""

    UNDECIDED = "undecided", pgettext_lazy("decision", "Undecided")
    SELECTED = "selected", pgettext_lazy("decision", "Selected")
    WAITLISTED = "waitlisted", pgettext_lazy("decision", "Waitlisted")
    DECLINED = "declined", pgettext_lazy("decision", "Declined")


class ApplicantState(models.TextChoices):
    """Where an application stands, as its applicant is told: never a result before it is announced."""

    RECEIVED = "received", pgettext_lazy("application", "Received")
    IN_SELECTION = "in_selection", pgettext_lazy("application", "In selection")
    SELECTED = "selected", pgettext_lazy("application", "Selected")
    WAITLISTED = "waitlisted", pgettext_lazy("application", "On the waitlist")
    DECLINED = "declined", pgettext_lazy("application", "Not selected")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "Withdrawn")


# In which the waitlist moves up.
WAITLIST_ORDER = ("waitlist_rank", "submitted_at", "pk")


class ApplicationQuerySet(models.QuerySet["Application"]):
    def standing(self) -> "ApplicationQuerySet":
        """Those that were not withdrawn, neither here nor by taking the person out of the cohort."""
        return self.filter(withdrawn_at=None).exclude(enrolment__state=EnrolmentState.WITHDRAWN)

    def to_announce(self) -> "ApplicationQuerySet":
        """Those with a decision that the applicant has not been told."""
        return self.standing().exclude(decision=Decision.UNDECIDED).exclude(decision=F("announced"))

    def with_place(self) -> "ApplicationQuerySet":
        """Those that take one of the places, told or not."""
        return self.standing().filter(decision=Decision.SELECTED)

    def waiting(self) -> "ApplicationQuerySet":
        """The waitlist, in the order in which it moves up."""
        return self.standing().filter(decision=Decision.WAITLISTED).order_by(*WAITLIST_ORDER)


class Application(models.Model):
    """A person's wish to learn in a cohort; the answers are those to its application form.

    decision: the organisers' draft. announced: what the applicant was told, nothing before the announcement.
    revision: raised by every change, so that two organisers at once don't overwrite each other unseen.
    """

    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="application")
    submitted_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)
    times_submitted = models.PositiveSmallIntegerField(default=0, help_text="More than once after withdrawing")
    note = models.TextField(_("Note"), max_length=2000, blank=True, help_text=_("Only organisers see it."))
    decision = models.CharField(max_length=12, choices=Decision, default=Decision.UNDECIDED)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    waitlist_rank = models.PositiveIntegerField(null=True)
    announced = models.CharField(max_length=12, choices=Decision, default=Decision.UNDECIDED)
    announced_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["decision", "waitlist_rank"])]

    def __str__(self) -> str:
        return str(self.enrolment.person)

    def state(self, admission: Admission) -> ApplicantState:
        """What the applicant is told."""
        if self.is_withdrawn:
            return ApplicantState.WITHDRAWN
        if self.announced != Decision.UNDECIDED:
            return ApplicantState(self.announced)
        return ApplicantState.RECEIVED if admission.is_open else ApplicantState.IN_SELECTION

    @property
    def is_withdrawn(self) -> bool:
        """Whether the applicant took it back, or was taken out of the cohort."""
        return self.withdrawn_at is not None or self.enrolment.state == EnrolmentState.WITHDRAWN

    @property
    def is_final(self) -> bool:
        """Whether the decision stands: who was told of a place keeps it."""
        return self.is_withdrawn or self.announced == Decision.SELECTED

    @property
    def is_untold(self) -> bool:
        """Whether the applicant has still to be told of the decision."""
        return not self.is_withdrawn and self.decision not in {Decision.UNDECIDED, self.announced}


class InvitationState(models.TextChoices):
    """What became of an invitation, as its mail, its link and its enrolment tell together."""

    NONE = "none", pgettext_lazy("invitation", "Not invited yet")
    QUEUED = "queued", pgettext_lazy("invitation", "On its way")
    SENT = "sent", pgettext_lazy("invitation", "Sent")
    BOUNCED = "bounced", pgettext_lazy("invitation", "Came back")
    OPENED = "opened", pgettext_lazy("invitation", "Opened")
    EXPIRED = "expired", pgettext_lazy("invitation", "Expired")
    ACCEPTED = "accepted", pgettext_lazy("invitation", "Accepted")


class Invitation(models.Model):
    """The invitation that goes with an enrolment; sending it again makes a new link and the old one void.

    number: how often it was sent; only the link with this number opens.
    """

    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="invitation")
    number = models.PositiveSmallIntegerField(default=0)
    mail = models.ForeignKey(Mail, on_delete=models.SET_NULL, null=True, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    queued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"invitation {self.pk}"


DOES_SOMETHING = (Outcome.NEW, Outcome.KNOWN, Outcome.CHANGED, Outcome.LEAVES)
# An upload holds personal data: what is not confirmed by then is deleted.
KEEP_IMPORTS = timedelta(hours=24)


def when_an_import_expires() -> Any:
    return timezone.now() + KEEP_IMPORTS


class PeopleImportQuerySet(models.QuerySet["PeopleImport"]):
    def pending(self) -> "PeopleImportQuerySet":
        """Neither done nor expired."""
        return self.filter(done_at=None, expires_at__gt=timezone.now())


class PeopleImport(models.Model):
    """An uploaded table of people, seen by its owner alone. Once it is done only the counts stay."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="people_imports")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    default_role = models.CharField(max_length=20, choices=Role)
    columns = models.JSONField(default=list, help_text="Pairs: heading in the file, key of the field or nothing")
    notes = models.JSONField(default=list, help_text="Remarks about the file")
    classes = models.JSONField(default=dict, help_text="Of a roster: names of its people's classes by sourcedId")
    counts = models.JSONField(default=dict, help_text="Rows by outcome")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=when_an_import_expires)
    done_at = models.DateTimeField(null=True)

    objects = PeopleImportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["expires_at"])]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def refused(self) -> int:
        return int(self.counts.get(Outcome.REFUSED, 0))

    @property
    def does_something(self) -> bool:
        """Whether any row would change anything."""
        return any(self.counts.get(outcome) for outcome in DOES_SOMETHING)

    @property
    def remarks(self) -> list[Remark]:
        return [Remark.from_json(kept) for kept in self.notes]

    @property
    def new_classes(self) -> list[str]:
        """Classes of a roster that the cohort doesn't have yet: confirming makes them."""
        return sorted(set(self.classes.values()) - set(self.cohort.classes.values_list("name", flat=True)))


class ImportRow(models.Model):
    """A row of an import with what will be done."""

    people_import = models.ForeignKey(PeopleImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="As the spreadsheet counts")
    email = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, choices=Role)
    values = models.JSONField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    problems = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    notes = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["people_import", "number"], name="import_row_unique")]

    def __str__(self) -> str:
        return f"row {self.number}"

    @property
    def place(self) -> str:
        """The row's number, or where it stands in a roster of several files."""
        return str(self.values.get("place", self.number))

    @classmethod
    def of(cls, plan: Plan, people_import: PeopleImport) -> "ImportRow":
        """The row as it is kept."""
        row = cls(
            people_import=people_import,
            number=plan.number,
            email=plan.email,
            name=plan.values.get("name", ""),
            role=plan.role,
            values=plan.values,
            outcome=plan.outcome,
        )
        for kind in ("problems", "changes", "notes"):
            setattr(row, kind, [remark.to_json() for remark in getattr(plan, kind)])
        return row

    def as_plan(self) -> Plan:
        """The cleaned values, to be planned again; what was said of the cells when they were read is kept."""
        return Plan(self.number, self.values)

    def remarks(self, kind: str) -> list[Remark]:
        return [Remark.from_json(kept) for kept in getattr(self, kind)]


class RosterPerson(models.Model):
    """Whom a roster (OneRoster) means by a sourcedId, so that later packages need to tell changes only."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="+")
    sourced_id = models.CharField(max_length=255)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "sourced_id"], name="roster_person_unique")]

    def __str__(self) -> str:
        return f"roster person {self.pk}"


class RosterClass(models.Model):
    """Which class of the cohort a roster's class is."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="+")
    sourced_id = models.CharField(max_length=255)
    study_class = models.ForeignKey(StudyClass, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "sourced_id"], name="roster_class_unique")]

    def __str__(self) -> str:
        return f"roster class {self.pk}"
