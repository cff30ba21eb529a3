"""What people say for the forming of groups, how groups are formed, and what a team keeps in its space."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.models import Cohort, Enrolment
from campus.grouping.slots import from_bits, name_of_slot
from campus.teams.models import PROJECT_TEAM_LIMIT, Team, TeamKind

# Sizes that a cohort starts with: smallest, preferred, largest.
USUAL_SIZES = {TeamKind.STUDY_GROUP: (3, 5, 8), TeamKind.PROJECT: (3, 4, PROJECT_TEAM_LIMIT)}


class Policy(models.Model):
    """What holds in a cohort for groups of a kind; without a row the usual sizes, and nobody forms groups alone."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="grouping_policies")
    kind = models.CharField(max_length=20, choices=TeamKind)
    smallest = models.PositiveSmallIntegerField(_("Fewest people"), default=3)
    preferred = models.PositiveSmallIntegerField(_("Preferred number of people"), default=5)
    largest = models.PositiveSmallIntegerField(_("Most people"), default=8)
    self_forming_until = models.DateField(
        _("Learners can form their own groups until"),
        null=True,
        blank=True,
        help_text=_("If empty, learners can’t form groups."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "kind"], name="one_grouping_policy_per_kind"),
            models.CheckConstraint(
                condition=Q(smallest__gte=1, smallest__lte=F("preferred"), preferred__lte=F("largest")),
                name="group_sizes_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in cohort {self.cohort_id}"

    @property
    def is_open(self) -> bool:
        """Whether learners may form groups by themselves today."""
        return self.self_forming_until is not None and self.self_forming_until >= timezone.localdate()


class Availability(models.Model):
    """The weekly slots in which a learner has time, as bits (slots.py)."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="availability")
    slots = models.BigIntegerField(default=0)
    said_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"slots of enrolment {self.enrolment_id}"


class Wish(models.Model):
    """Somebody would like to be in a group with somebody; only she herself and the organiser see it."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="group_wishes")
    wanted = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "wanted"], name="group_wish_unique")]

    def __str__(self) -> str:
        return f"enrolment {self.enrolment_id} would like {self.wanted_id}"


class Pair(models.Model):
    """Two whom the organiser wants in one group, or never in one."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="grouping_pairs")
    first = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="+")
    is_together = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_pair_of_two"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {'with' if self.is_together else 'without'} {self.second_id}"


class Interest(models.Model):
    """A learner's signal that she looks for a group of a kind, or that her group has a place (``team``)."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="group_interests")
    kind = models.CharField(max_length=20, choices=TeamKind)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="interests")
    topic = models.CharField(_("What you would like to work on, and how"), max_length=200)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "kind"], name="one_interest_per_kind")]
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"interest of enrolment {self.enrolment_id}"


class ApproachState(models.TextChoices):
    OPEN = "open", pgettext_lazy("invitation", "Waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("invitation", "Accepted")
    DECLINED = "declined", pgettext_lazy("invitation", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("invitation", "Withdrawn")


class Approach(models.Model):
    """A team invites somebody (``is_invitation``), or somebody asks to join it."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="approaches")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="group_approaches")
    is_invitation = models.BooleanField()
    text = models.CharField(_("A few words"), max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=ApproachState, default=ApproachState.OPEN)
    made_by = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "enrolment"], condition=Q(state="open"), name="one_open_approach_per_team"
            )
        ]
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"enrolment {self.enrolment_id} and team {self.team_id}"


class FormationState(models.TextChoices):
    WORKING = "working", pgettext_lazy("formation", "Being worked out")
    READY = "ready", pgettext_lazy("formation", "Ready to review")
    IMPOSSIBLE = "impossible", pgettext_lazy("formation", "Rules can’t be met")
    PUBLISHED = "published", pgettext_lazy("formation", "Published")
    DROPPED = "dropped", pgettext_lazy("formation", "Discarded")

    @property
    def is_over(self) -> bool:
        return self in {FormationState.PUBLISHED, FormationState.DROPPED}


OPEN_FORMATIONS = [state for state in FormationState if not state.is_over]


class Formation(models.Model):
    """Groups worked out by the solver: a draft that is looked at, changed by hand, and published or dropped.

    plan: the settings (forms.PlanForm). problem: ``{"code", "people", "params"}`` where a rule can't be kept.
    figures: what the draft was worth when it was ready, ``{"value", "chance", "criteria": {…}, "seconds"}``.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="formations")
    kind = models.CharField(max_length=20, choices=TeamKind)
    plan = models.JSONField(default=dict)
    seed = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=FormationState, default=FormationState.WORKING)
    percent = models.PositiveSmallIntegerField(default=0)
    problem = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "kind"], condition=Q(state__in=OPEN_FORMATIONS), name="one_open_formation_per_kind"
            )
        ]
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"formation {self.pk}"

    @property
    def stream(self) -> str:
        """The live stream on which its progress is told."""
        return f"formation:{self.pk}"

    @property
    def is_working(self) -> bool:
        return self.state == FormationState.WORKING

    @property
    def is_ready(self) -> bool:
        return self.state == FormationState.READY

    @property
    def is_open(self) -> bool:
        return not FormationState(self.state).is_over


class DraftGroup(models.Model):
    """A group of a draft. ``reasons``: ``[{"code", "is_good", "params"}]`` of the people who are in it now."""

    formation = models.ForeignKey(Formation, on_delete=models.CASCADE, related_name="groups")
    position = models.PositiveIntegerField()
    name = models.CharField(pgettext_lazy("team", "Name"), max_length=80)
    reasons = models.JSONField(default=list)
    value = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["formation", "name"], name="draft_name_unique")]
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class DraftSeat(models.Model):
    """Somebody in a group of a draft."""

    formation = models.ForeignKey(Formation, on_delete=models.CASCADE, related_name="seats")
    group = models.ForeignKey(DraftGroup, on_delete=models.CASCADE, related_name="seats")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["formation", "enrolment"], name="one_seat_per_formation")]

    def __str__(self) -> str:
        return f"enrolment {self.enrolment_id} in draft {self.group_id}"


class Space(models.Model):
    """What a team says of itself: when it meets each week, where, and what it is about."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="space")
    slot = models.PositiveSmallIntegerField(_("Weekly slot"), null=True, blank=True)
    meets_at = models.TimeField(pgettext_lazy("weekly slot", "Starts at"), null=True, blank=True)
    room = models.URLField(_("Address of the online room"), max_length=500, blank=True)
    about = models.CharField(_("What the team is about"), max_length=300, blank=True)

    def __str__(self) -> str:
        return f"space of team {self.team_id}"

    @property
    def slot_name(self) -> str:
        return name_of_slot(self.slot) if self.slot is not None else ""


class TeamFile(models.Model):
    """A file that the team shares, known by its name; each upload of the name is a version."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="team_file_name_unique")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class FileVersion(models.Model):
    """One upload; the bytes lie by their digest (ui/files.py)."""

    file = models.ForeignKey(TeamFile, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    stored = models.FileField(upload_to="unused", max_length=200)
    size = models.PositiveIntegerField(help_text="Bytes")
    note = models.CharField(pgettext_lazy("file", "What has changed"), max_length=200, blank=True)
    by = models.ForeignKey(Enrolment, on_delete=models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="file_version_unique")]
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"version {self.number} of file {self.file_id}"


class LogKind(models.TextChoices):
    DECISION = "decision", pgettext_lazy("team log", "Decision")
    NOTE = "note", pgettext_lazy("team log", "Record")


class LogEntry(models.Model):
    """Something that the team decided or did on a day."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="log")
    on = models.DateField(_("Date"), default=timezone.localdate)
    kind = models.CharField(pgettext_lazy("team log", "Kind"), max_length=10, choices=LogKind, default=LogKind.NOTE)
    text = models.TextField(pgettext_lazy("team log", "What was decided or done"), max_length=2000)
    by = models.ForeignKey(Enrolment, on_delete=models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"log entry {self.pk} of team {self.team_id}"


class Milestone(models.Model):
    """What the team wants to have reached by a day."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(pgettext_lazy("milestone", "Milestone"), max_length=120)
    due_on = models.DateField(pgettext_lazy("milestone", "By"))
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Enrolment, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_overdue(self) -> bool:
        return self.done_at is None and self.due_on < date.today()


class Criterion(models.TextChoices):
    """By what members judge how the work was shared."""

    SHARE = "share", _("Took a fair share of the work")
    RELIABLE = "reliable", _("Kept to what was agreed")
    OPEN = "open", _("Shared information and listened to others")
    IDEAS = "ideas", _("Contributed to the result")


class Level(models.IntegerChoices):
    """How often."""

    RARELY = 1, pgettext_lazy("level", "Hardly")
    SOMETIMES = 2, pgettext_lazy("level", "Sometimes")
    MOSTLY = 3, pgettext_lazy("level", "Mostly")
    ALWAYS = 4, pgettext_lazy("level", "Always")


class Evaluation(models.Model):
    """The members of a team judge, once, how the work was shared; results open when all have, or at the end."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="evaluation")
    opened_at = models.DateTimeField(default=timezone.now)
    closes_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"evaluation in team {self.team_id}"

    @property
    def is_closed(self) -> bool:
        return self.closes_at <= timezone.now()


class Judgement(models.Model):
    """One member's level for another by one criterion."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="judgements")
    by = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="+")
    about = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="+")
    criterion = models.CharField(max_length=10, choices=Criterion)
    level = models.PositiveSmallIntegerField(choices=Level)
    given_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "by", "about", "criterion"], name="one_judgement_each"),
            models.CheckConstraint(condition=~Q(by=F("about")), name="nobody_judges_oneself"),
        ]

    def __str__(self) -> str:
        return f"judgement {self.pk}"


def space_address(team: Team) -> str:
    """The page of the team's space; read the team with its cohort."""
    return reverse("grouping:space", args=[team.cohort.slug, team.pk])


def slots_of(availability: Availability | None) -> list[int]:
    return from_bits(availability.slots) if availability else []
