"""A cohort's badges as a part that a new cohort can take over: what they stand for, nobody's awards."""

from django.utils.translation import pgettext_lazy

from campus.badges.models import Achievement, AchievementVersion
from campus.cohorts.copying import Copying, Part, can_copy

_TEXTS = ("name_ja", "name_en", "description_ja", "description_en", "criteria_ja", "criteria_en")
_REST = ("valid_months", "alignments", "design", "picture")


def preview_badges(copying: Copying) -> list[str]:
    return [one.name for one in copying.source.achievements.select_related("current")]


def copy_badges(copying: Copying) -> int:
    """Copy each badge in its current version, which is the first one there."""
    badges = list(copying.source.achievements.select_related("current"))
    for one in badges:
        made = Achievement.objects.create(cohort=copying.target, rule=one.rule)
        texts = {name: getattr(one.version, name) for name in (*_TEXTS, *_REST)}
        made.current = AchievementVersion.objects.create(achievement=made, made_by=copying.actor, **texts)
        made.save(update_fields=["current"])
    return len(badges)


can_copy(Part("badges", pgettext_lazy("to copy", "Badges"), preview_badges, copy_badges, position=60))
