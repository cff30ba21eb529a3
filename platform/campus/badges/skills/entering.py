"""Enters a framework of skills from a TOML file, as its publisher words it; entering it again brings it up to date.

key = "dss"                      version = "2.0"            published_on = 2026-01-01
name_ja = "…"                    name_en = "…"              url = "https://…"
[[skills]]
code = "A1"                      group_ja = "…"             group_en = "…"
name_ja = "…"                    name_en = "…"              url = "https://…"
continues = ["1.2:A1", "1.2:A3"]   items of earlier versions that this one goes on from
"""

import tomllib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from campus.badges.skills.models import Crossing, Skill, SkillFramework

_HEAD = ("key", "version", "name_ja", "url", "published_on")
_ITEM = ("code", "name_ja", "group_ja")


class NotAFramework(ValueError):
    """Says which field is wrong."""


@transaction.atomic
def enter(text: str) -> SkillFramework:
    """Store the framework; items that are not in the file any more go. Raises NotAFramework."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotAFramework(str(error)) from error
    _need(told, _HEAD, "the head")
    items = told.get("skills", [])
    if not isinstance(items, list) or not items or not all(isinstance(one, dict) for one in items):
        raise NotAFramework("there are no [[skills]]")
    fields = {name: told.get(name, "") for name in ("name_ja", "name_en", "url", "published_on")}
    _check(SkillFramework(key=told["key"], version=told["version"], **fields), "the head")
    framework, _ = SkillFramework.objects.update_or_create(key=told["key"], version=told["version"], defaults=fields)
    entered = [_enter_one(framework, position, one) for position, one in enumerate(items, start=1)]
    framework.skills.exclude(pk__in=[one.pk for one in entered]).delete()
    return framework


def _need(told: dict[str, Any], names: tuple[str, ...], where: str) -> None:
    for name in names:
        if not told.get(name):
            raise NotAFramework(f"{name} is missing in {where}")


def _check(row: SkillFramework | Skill, where: str) -> None:
    """Say which field doesn't fit, before the database does."""
    try:
        row.clean_fields(exclude=["framework"])
    except ValidationError as error:
        name, problems = next(iter(error.message_dict.items()))
        raise NotAFramework(f"{name} in {where}: {problems[0]}") from error


def _enter_one(framework: SkillFramework, position: int, told: dict[str, Any]) -> Skill:
    _need(told, _ITEM, f"skill number {position}")
    fields = {name: told.get(name, "") for name in ("name_ja", "name_en", "group_ja", "group_en", "url")}
    _check(Skill(code=told["code"], **fields), f"skill number {position}")
    skill, _ = Skill.objects.update_or_create(
        framework=framework, code=told["code"], defaults=fields | {"position": position}
    )
    skill.continues.all().delete()
    for earlier in told.get("continues", []):
        version, _colon, code = str(earlier).partition(":")
        older = Skill.objects.filter(framework__key=framework.key, framework__version=version, code=code).first()
        if older is None:
            raise NotAFramework(
                f"skill {told['code']} continues {earlier}, which is not entered; enter that version first"
            )
        Crossing.objects.create(older=older, newer=skill)
    return skill
