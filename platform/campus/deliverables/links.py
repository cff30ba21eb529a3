"""Addresses elsewhere that belong to a deliverable: https only, and no way to smuggle in anything else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from campus.deliverables.models import LONGEST_LABEL, LONGEST_URL, DeliverableLink

MOST_LINKS = 5
_is_address = URLValidator(schemes=["https"])


@dataclass(frozen=True)
class Link:
    """An address and what it leads to."""

    url: str
    label: str = ""


def typed_links(typed: str) -> list[Link]:
    """What was typed, one for each line: the address, and after it what the link is called."""
    lines = (line.split(maxsplit=1) for line in typed.splitlines())
    return [Link(*parts) for parts in lines if parts]


def as_typed(links: Iterable[Link | DeliverableLink]) -> str:
    """The links as one would type them."""
    return "\n".join(f"{link.url} {link.label}".strip() for link in links)


def fault_of(links: Sequence[Link]) -> str:
    """What is wrong with the links, in words; empty where nothing is."""
    if len(links) > MOST_LINKS:
        return _("You can hand in at most %(most)s links.") % {"most": MOST_LINKS}
    return next(filter(None, map(_fault, links)), "")


def _fault(link: Link) -> str:
    if len(link.url) > LONGEST_URL or len(link.label) > LONGEST_LABEL:
        return _("“%(url)s”: the address or its description is too long.") % {"url": link.url[:80]}
    try:
        _is_address(link.url)
    except ValidationError:
        return _("“%(url)s” isn’t an address that begins with https://.") % {"url": link.url[:80]}
    if urlsplit(link.url).username is not None:
        return _("“%(url)s” contains a user name before the @. Leave it out.") % {"url": link.url[:80]}
    return ""
