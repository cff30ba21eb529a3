"""What the solver says, in words: reasons of a group, broken rules, and why something is impossible."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from campus.grouping.regions import name_of_region
from campus.grouping.slots import name_of_slot

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# More slots or skills than these are not named one by one.
MOST_NAMED = 3

CRITERION_LABELS: "dict[str, StrOrPromise]" = {
    "slots": pgettext_lazy("grouping", "Common weekly slots"),
    "skills": pgettext_lazy("grouping", "Balanced skills"),
    "sector": pgettext_lazy("grouping", "Different industries"),
    "region": pgettext_lazy("grouping", "Same region"),
    "study_class": pgettext_lazy("grouping", "Same class"),
    "language": pgettext_lazy("grouping", "Same language"),
    "wishes": pgettext_lazy("grouping", "Wishes met"),
}


def reason_in_words(code: str, params: Mapping[str, Any], skills: Sequence[str]) -> str:
    """A reason of a group; skills: their names, in the solver's order."""
    return _REASONS[code](dict(params), skills)


def _listed(names: Sequence[str]) -> str:
    shown = pgettext("list of names", ", ").join(names[:MOST_NAMED])
    return _("%(names)s and more") % {"names": shown} if len(names) > MOST_NAMED else shown


def _slots_shared(params: dict[str, Any], _skills: Sequence[str]) -> str:
    slots = _listed([name_of_slot(slot) for slot in params["slots"]])
    if params["stated"] < params["size"]:
        return _("Free for all who entered their times: %(slots)s (%(stated)s of %(size)s people)") % {
            **params,
            "slots": slots,
        }
    return _("Free for everybody: %(slots)s") % {"slots": slots}


def _slot_best(params: dict[str, Any], _skills: Sequence[str]) -> str:
    words = _("No slot suits all; the best is %(slot)s (%(count)s of %(size)s people)")
    return words % {**params, "slot": name_of_slot(params["slots"][0])}


def _skills_weak(params: dict[str, Any], skills: Sequence[str]) -> str:
    names = [skills[place] for place in params["skills"] if place < len(skills)]
    return _("Nobody is strong in: %(names)s") % {"names": _listed(names)}


_REASONS: dict[str, Callable[[dict[str, Any], Sequence[str]], str]] = {
    "slots_shared": _slots_shared,
    "slot_best": _slot_best,
    "slots_unknown": lambda _params, _skills: _("Nobody has entered their times yet"),
    "wishes_met": lambda params, _skills: (
        ngettext("The wish of %(count)s person is met", "The wishes of %(count)s people are met", params["count"])
        % params
    ),
    "wishes_unmet": lambda params, _skills: (
        ngettext(
            "The wish of %(count)s person is not met", "The wishes of %(count)s people are not met", params["count"]
        )
        % params
    ),
    "together": lambda params, _skills: (
        ngettext("%(count)s person who belongs together", "%(count)s people who belong together", params["count"])
        % params
    ),
    "skills_balanced": lambda _params, _skills: _("Balanced skills, with somebody strong in each"),
    "skills_weak": _skills_weak,
    "sectors": lambda params, _skills: (
        ngettext("%(count)s industry", "%(count)s different industries", params["count"]) % params
    ),
    "one_sector": lambda _params, _skills: _("All from the same industry"),
    "one_region": lambda params, _skills: _("All from %(region)s") % {"region": name_of_region(params["region"])},
    "languages": lambda params, _skills: (
        ngettext("%(count)s language", "%(count)s languages in one group", params["count"]) % params
    ),
}

BROKEN: dict[str, str | Promise] = {
    "left_out": gettext_lazy("Aren’t in a group"),
    "twice": gettext_lazy("Are in two groups"),
    "not_together": gettext_lazy("Belong together, but are in different groups"),
    "not_apart": gettext_lazy("Are to be kept apart, but are in the same group"),
    "too_small": gettext_lazy("The group is too small"),
    "too_large": gettext_lazy("The group is too large"),
    "no_shared_slot": gettext_lazy("No weekly slot suits all"),
    "two_classes": gettext_lazy("People of different classes"),
    "two_languages": gettext_lazy("People of different languages"),
}

IMPOSSIBLE: dict[str, str | Promise] = {
    "sizes": gettext_lazy(
        "%(count)s people who can be mixed can’t be divided into groups of %(smallest)s to %(largest)s. Allow other "
        "sizes, or let classes and languages mix."
    ),
    "too_many_together": gettext_lazy(
        "More people are set to be together than a group can have (%(largest)s). Separate some of them."
    ),
    "together_and_apart": gettext_lazy(
        "These people are set to be both together and apart. Remove one of the two settings."
    ),
    "together_in_two_classes": gettext_lazy(
        "These people are set to be together but are in different classes. Let classes mix, or move them to the same "
        "class."
    ),
    "together_in_two_languages": gettext_lazy(
        "These people are set to be together but have different languages. Let languages mix, or separate them."
    ),
    "together_without_slot": gettext_lazy(
        "These people are set to be together but have no weekly slot in common. Ask them for more slots, or separate "
        "them."
    ),
    "no_slot_with_others": gettext_lazy(
        "These people don’t share a weekly slot with enough others they can be grouped with. Ask them for more slots, "
        "or don’t require a common slot."
    ),
    "no_place": gettext_lazy(
        "There is no place left for these people that meets the rules on sizes, slots and people to keep apart. Keep "
        "fewer people apart, or allow larger groups."
    ),
    "not_found": gettext_lazy(
        "No arrangement was found that meets all rules. Keep fewer people apart, or allow other sizes."
    ),
    "nobody": gettext_lazy("There is nobody to place: all learners taking part are already in a group."),
}


def impossible_in_words(problem: Mapping[str, Any]) -> str:
    """Why the rules can't be kept, with what to do; the people are named beside it."""
    return str(IMPOSSIBLE[problem["code"]]) % problem.get("params", {})
