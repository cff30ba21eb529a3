"""A person's skills with their evidence: what badges in force show, told in the latest version of each framework."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from campus.badges.models import Award
from campus.badges.skills.models import Crossing, Skill, SkillFramework
from campus.people.models import Person


@dataclass
class Shown:
    """An item of the latest version, and the badges that show it, by themselves or by what an earlier item became."""

    skill: Skill
    awards: list[Award] = field(default_factory=list)


@dataclass
class Picture:
    """One framework in its latest version, by groups in their order."""

    framework: SkillFramework
    groups: list[tuple[str, list[Shown]]]

    def figures(self) -> dict[str, Any]:
        """For the radar chart: how many items of each group are shown, within how many there are."""
        all_of_them = [len(items) for _group, items in self.groups]
        counts = [sum(bool(one.awards) for one in items) for _group, items in self.groups]
        return {
            "kind": "radar",
            "x": _("Group of skills"),
            "y": _("Skills shown by badges"),
            "labels": [group for group, _items in self.groups],
            "series": [
                {"name": _("Shown by badges"), "values": counts},
                {"name": _("All skills of the group"), "values": all_of_them},
            ],
            "summary": _("Your badges show %(shown)s of %(all)s skills.")
            % {"shown": sum(counts), "all": sum(all_of_them)},
        }


def skills_of(person: Person) -> list[Picture]:
    """Each framework in its latest version, also where nothing is shown yet; in a fixed number of queries."""
    latest: dict[str, SkillFramework] = {}
    for framework in SkillFramework.objects.all():
        latest.setdefault(framework.key, framework)
    items = {one.pk: Shown(one) for one in Skill.objects.filter(framework__in=latest.values())}
    known = {(one.framework.key, one.framework.version, one.code): one.pk for one in _all_skills()}
    newer = _newer()
    mine = (
        Award.objects.filter(person=person, revoked_at=None).issued().select_related("version", "achievement__cohort")
    )
    for award in mine.order_by("issued_at"):
        for told in award.version.alignments if award.is_in_force else []:
            start = known.get((told["framework"], told["version"], told["code"]))
            for pk in _led_to(start, newer) & items.keys():
                items[pk].awards.append(award)
    return [Picture(framework, _grouped(framework, items)) for framework in latest.values()]


def _all_skills() -> Any:
    return Skill.objects.select_related("framework").only("code", "framework__key", "framework__version")


def _newer() -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for older, newer in Crossing.objects.values_list("older", "newer"):
        found[older].add(newer)
    return found


def _led_to(start: int | None, newer: dict[int, set[int]]) -> set[int]:
    """The item itself and all that it became, over any number of versions."""
    reached: set[int] = set()
    waiting = [start] if start else []
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting += newer.get(here, ())
    return reached


def _grouped(framework: SkillFramework, items: dict[int, Shown]) -> list[tuple[str, list[Shown]]]:
    groups: dict[str, list[Shown]] = {}
    for one in items.values():
        if one.skill.framework_id == framework.pk:
            groups.setdefault(one.skill.group, []).append(one)
    return list(groups.items())
