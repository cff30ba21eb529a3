"""What the audit log calls the actions on badges, and how it names them."""

from collections.abc import Collection, Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campus.badges.models import Achievement, Award
from campus.cohorts.audit import Name, counted, group_of_actions, names_of, words_for

words_for(
    {
        "achievement.made": _("created the badge %(subject)s"),
        "achievement.changed": _("changed the badge %(subject)s (version %(version)s)"),
        "achievement.removed": _("deleted the badge %(name)s, which nobody had received"),
        "badge.issuing_begun": counted(
            "started issuing the badge %(subject)s to %(count)s person",
            "started issuing the badge %(subject)s to %(count)s people",
        ),
        "badge.issuing_resumed": counted(
            "resumed issuing the badge %(subject)s to the remaining %(count)s person",
            "resumed issuing the badge %(subject)s to the remaining %(count)s people",
        ),
        "badge.issuing_stopped": _("stopped issuing the badge %(subject)s (issued: %(count)s, left out: %(left_out)s)"),
        "badge.issued": counted(
            "issued the badge %(subject)s to %(count)s person", "issued the badge %(subject)s to %(count)s people"
        ),
        "badge.replacing_begun": counted(
            "started reissuing the badge %(subject)s for %(count)s holder",
            "started reissuing the badge %(subject)s for %(count)s holders",
        ),
        "badge.replaced": counted(
            "reissued the badge %(subject)s for %(count)s holder",
            "reissued the badge %(subject)s for %(count)s holders",
        ),
        "issuer.keys_rotated": _(
            "changed the keys that sign badges (keys number %(number)s; old keys unsafe: %(is_compromised)s)"
        ),
        "issuer.keys_exported": _("backed up the badge signing keys (generations: %(count)s)"),
        "issuer.keys_restored": _("restored badge signing keys from a backup (generations: %(count)s)"),
        "issuer.changed": _("changed who issues the badges (fields: %(fields)s)"),
        "award.revoked": _("revoked the badge %(achievement)s of %(subject)s"),
        "award.reissued": _("reissued the badge %(achievement)s of %(subject)s (issue %(revision)s)"),
    }
)
group_of_actions("achievement", _("Badges"))
group_of_actions("badge", _("Issuing of badges"))
group_of_actions("issuer", _("Badge signing keys"))
group_of_actions("award", _("Badges of people"))


def _achievements(ids: Collection[int]) -> dict[int, Name]:
    found = Achievement.objects.filter(pk__in=ids).select_related("current", "cohort")
    return {one.pk: Name(one.name, reverse("badges:achievement", args=[one.cohort.slug, one.pk])) for one in found}


def _awards(ids: Collection[int]) -> dict[int, Name]:
    found = Award.objects.filter(pk__in=ids).select_related("person", "achievement__cohort")
    return {
        one.pk: Name(one.person.name, reverse("badges:award", args=[one.achievement.cohort.slug, one.pk]))
        for one in found
    }


def _named(text: str) -> Iterable[int]:
    return Award.objects.filter(person__name__icontains=text).values_list("pk", flat=True).iterator()


names_of("achievement", _achievements)
names_of("award", _awards, find=_named)
