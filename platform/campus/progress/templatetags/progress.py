"""How states and earlier reasons are shown."""

from django import template

from campus.progress.completion import Outlook
from campus.progress.completion_lists import outlook_chip as chip_of_outlook
from campus.progress.lists import state_chip as chip_of
from campus.progress.models import FollowUp
from campus.progress.reasons import RULE_BY_KEY
from campus.progress.states import Cell

register = template.Library()


@register.filter
def state_chip(cell: Cell) -> str:
    """The state of a step in a word, with its sign."""
    return chip_of(cell)


@register.filter
def outlook_chip(outlook: Outlook) -> str:
    """How it stands with somebody's completion in a word, with its sign."""
    return chip_of_outlook(outlook)


@register.filter
def reason_labels(follow_up: FollowUp) -> list[str]:
    """The reasons that there were at the time of a follow-up."""
    keys = (key.partition(":")[0] for key in follow_up.reasons)
    return [str(RULE_BY_KEY[key].label) for key in keys if key in RULE_BY_KEY]
