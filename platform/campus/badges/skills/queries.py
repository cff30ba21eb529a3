"""What forms and pages ask about skills."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from campus.badges.skills.models import Skill


def skill_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every item that a badge can show, below its framework; empty where no framework was entered."""
    rows = Skill.objects.select_related("framework").order_by("framework__key", "-framework__published_on", "position")
    by_framework = groupby(rows, key=lambda one: one.framework)
    return [(str(framework), [(str(one.pk), str(one)) for one in items]) for framework, items in by_framework]


def chosen_in(alignments: Iterable[dict[str, Any]]) -> list[str]:
    """The items that these alignments are about, as far as they are still known."""
    wanted = {(one["framework"], one["version"], one["code"]) for one in alignments}
    rows = Skill.objects.filter(code__in=[code for _key, _version, code in wanted]).select_related("framework")
    return [str(one.pk) for one in rows if (one.framework.key, one.framework.version, one.code) in wanted]


def alignments_of(chosen: Iterable[str]) -> list[dict[str, str]]:
    """The items as a badge keeps them: words and addresses as of now, so that it says the same for ever."""
    return [
        {
            "framework": one.framework.key,
            "framework_name": one.framework.name_en or one.framework.name_ja,
            "framework_name_ja": one.framework.name_ja,
            "version": one.framework.version,
            "code": one.code,
            "name_ja": one.name_ja,
            "name_en": one.name_en or one.name_ja,
            "url": one.url or one.framework.url,
        }
        for one in Skill.objects.filter(pk__in=list(chosen)).select_related("framework")
    ]
