"""Finding sections of briefs and steps. Any member reads them, so there is nothing to hold back.

Their texts lie in files that never change, a few hundred sections in a cohort: they are looked through in memory.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import lxml.html
from django.urls import reverse
from django.utils.translation import gettext as _

from campus.cases.markdown import Rendered
from campus.cases.models import CohortCase, Step
from campus.cases.queries import step_text_of, steps_of, story_of
from campus.discussion.search.grams import fold
from campus.discussion.search.queries import excerpt_of
from campus.search.found import Asker, Found

_HEADINGS = {"h2", "h3", "h4", "h5", "h6"}


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it up to the next; the first has no heading."""

    heading: str
    anchor: str
    text: str


@dataclass(frozen=True)
class Passage:
    """A section and the page it stands on; ``title`` is the page's."""

    title: str
    context: tuple[str, ...]
    address: str
    section: Section
    begins_page: bool


def passages(asker: Asker) -> list[Passage]:
    """The sections that have all terms, in the order of the cases; the title of a page counts for its beginning."""
    return [one for one in _all_passages(asker) if _has(one, asker.terms)]


def drawn(asker: Asker, found: Sequence[Passage]) -> list[Found]:
    return [_drawn(one, asker.terms) for one in found]


def _drawn(one: Passage, terms: Sequence[str]) -> Found:
    address = f"{one.address}#{one.section.anchor}" if one.section.anchor else one.address
    names_more = one.section.heading not in ("", one.title)
    title = f"{one.title}: {one.section.heading}" if names_more else one.title
    return Found(title, address, list(one.context), excerpt_of(one.section.text, terms))


def _has(one: Passage, terms: Sequence[str]) -> bool:
    above = one.title if one.begins_page else ""
    text = _folded(f"{above}\n{one.section.heading}\n{one.section.text}")
    return all(term in text for term in terms)


# Folding goes character by character; texts of cases come again with every search.
_folded = lru_cache(maxsize=4096)(fold)


def _all_passages(asker: Asker) -> Iterator[Passage]:
    slug = asker.cohort.slug
    cases = asker.cohort.cases.select_related("case_version").prefetch_related("steps")
    for case in cases:
        case.cohort = asker.cohort
        title, address = case.case_version.title, reverse("cases:case", args=[slug, case.slug])
        yield from _cut(title, (_("Text of the case"),), address, story_of(case.case_version))
        for step in steps_of(case):
            yield from _passages_of(step, case)


def _passages_of(step: Step, case: CohortCase) -> Iterator[Passage]:
    address = reverse("cases:step", args=[case.cohort.slug, case.slug, step.key])
    yield from _cut(step.title, (_("Step"), case.case_version.title), address, step_text_of(step))


def _cut(title: str, context: tuple[str, ...], address: str, rendered: Rendered) -> Iterator[Passage]:
    for number, section in enumerate(sections_of(rendered)):
        yield Passage(title, context, address, section, begins_page=number == 0)


@lru_cache(maxsize=512)
def sections_of(rendered: Rendered) -> tuple[Section, ...]:
    """The text cut at its headings, at least one section."""
    found: list[Section] = []
    heading, anchor = "", ""
    parts: list[str] = []
    for element in lxml.html.fragments_fromstring(f"<div></div>{rendered.html}"):
        if element.tag in _HEADINGS:
            found.append(Section(heading, anchor, _joined(parts)))
            heading, anchor, parts = _joined([element.text_content()]), element.get("id") or "", []
        else:
            parts.append(_text_of(element))
    found.append(Section(heading, anchor, _joined(parts)))
    return tuple(one for one in found if one.heading or one.text) or (found[0],)


def _text_of(element: Any) -> str:
    """Of a formula its letters, figures and signs: without them a sentence around it would not read."""
    for formula in list(element.iter("math")):
        signs = "".join(part.text or "" for part in formula.iter("mi", "mn", "mo", "mtext"))
        formula.tail = f"{signs}{formula.tail or ''}"
        formula.drop_tree()
    return str(element.text_content())


def _joined(parts: Sequence[str]) -> str:
    return " ".join(" ".join(parts).split())
