"""Study groups and project teams, and who is in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from campus.cohorts.models import Cohort, Enrolment

PROJECT_TEAM_LIMIT = 6


class TeamKind(models.TextChoices):
    STUDY_GROUP = "study_group", _("Study group")
    PROJECT = "project", _("Project team")


class TeamQuerySet(models.QuerySet["Team"]):
    def standing(self, *, at_least: int = 1) -> "TeamQuerySet":
        """Teams that have members now (so many), with ``size``; those whom all have left are history."""
        counted = models.Count("memberships", filter=models.Q(memberships__left_at=None))
        return self.annotate(size=counted).filter(size__gte=at_least)

    def smaller_than(self, size: int) -> "TeamQuerySet":
        """Teams that stand with fewer members than that, the smallest first."""
        counted = models.Count("memberships", filter=models.Q(memberships__left_at=None))
        return self.annotate(size=counted).filter(size__gt=0, size__lt=size).order_by("size", "name", "pk")


class Team(models.Model):
    """A study group hands in person by person; a project team of 3 to 6 hands in together."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="teams")
    kind = models.CharField(max_length=20, choices=TeamKind, default=TeamKind.PROJECT)
    name = models.CharField(max_length=80)
    formed_at = models.DateTimeField(auto_now_add=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "kind", "name"], name="team_name_unique")]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        return self.filter(left_at=None)


class Membership(models.Model):
    """From when to when an enrolment belonged to a team; nobody is in two teams of a kind at once."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="memberships")
    kind = models.CharField(max_length=20, choices=TeamKind, editable=False, help_text="The team's, for the constraint")
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "kind"], condition=models.Q(left_at=None), name="one_current_team_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} in {self.team}"
