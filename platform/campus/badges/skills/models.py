"""A framework of skills in one version, its items, and which item of another version each goes over into.

Nothing of this comes with the product: the operator enters frameworks as their publishers word them.
"""

from django.db import models

from campus.cohorts.models import in_reader_language


class SkillFramework(models.Model):
    """One version of a framework; versions share the key."""

    key = models.SlugField(max_length=40)
    version = models.CharField(max_length=20)
    name_ja = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    url = models.URLField(help_text="Where its publisher describes it")
    published_on = models.DateField(help_text="The latest is offered first")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="framework_version_unique")]
        ordering = ["key", "-published_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def name(self) -> str:
        return in_reader_language(self.name_ja, self.name_en)


class Skill(models.Model):
    """An item of a framework; its group is an axis of the radar chart."""

    framework = models.ForeignKey(SkillFramework, on_delete=models.CASCADE, related_name="skills")
    code = models.CharField(max_length=40)
    name_ja = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    group_ja = models.CharField(max_length=120)
    group_en = models.CharField(max_length=120, blank=True)
    url = models.URLField(blank=True, help_text="Where the item is described; empty: the framework's")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="skill_code_unique")]
        ordering = ["framework", "position", "pk"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        return in_reader_language(self.name_ja, self.name_en)

    @property
    def group(self) -> str:
        return in_reader_language(self.group_ja, self.group_en)


class Crossing(models.Model):
    """An item of one version that an item of another version continues."""

    older = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="continued_by")
    newer = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="continues")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["older", "newer"], name="crossing_unique")]

    def __str__(self) -> str:
        return f"{self.older_id} → {self.newer_id}"
