"""Turns a post into safe HTML: the site's Markdown, with line breaks as typed, bare links, and names mentioned."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from campus.cases.markdown import align_by_class, renderer_of_people, sanitise
from campus.cases.markdown_as_text import as_text

# Raise it when posts are to be rendered anew; they are, when they are next shown or edited.
VERSION = 1
# An event of 64 kB carries the post to everybody's page.
LARGEST_HTML = 48_000  # bytes
HEADINGS_SINK = 3  # the page and the post's own head have h1 to h3
LONGEST_FORMULA = 1_000

_LINK = re.compile(r"https?://[^\s<>\"'`、。，．「」『』（）【】]+[^\s<>\"'`、。，．「」『』（）【】.,:;!?)\]]")
# Where a name may begin: not within an address such as hanako@example.org.
AT = re.compile(r"(?<![\w.@/-])[@＠](?=\S)")

# The length of the name that a text begins with, 0 for none.
NameAt = Callable[[str], int]


def render_post(text: str, *, name_at: NameAt = lambda _text: 0) -> str:
    """Return the post as safe HTML. ``name_at`` knows the names of those who may be mentioned.

    Raises ValidationError for a text that comes to more HTML than an event can carry.
    """
    renderer = _renderer()
    env: dict[str, Any] = {}
    tokens = renderer.parse(text, env)
    align_by_class(tokens)
    for token in tokens:
        _sink_heading(token)
        if token.children:
            token.children = [piece for child in _outside_links(token.children) for piece in _pieces(child, name_at)]
    html = sanitise(renderer.renderer.render(tokens, renderer.options, env))
    if len(html.encode()) > LARGEST_HTML:
        raise ValidationError(_("This text is too long to show in one post. Please split it into several posts."))
    return html


def post_as_text(text: str) -> str:
    """The post as plain text, for mails."""
    return as_text(text, site=settings.SITE_URL, renderer=_renderer())


@cache
def _renderer() -> MarkdownIt:
    return renderer_of_people(breaks=True)


def _sink_heading(token: Token) -> None:
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{min(6, int(token.tag[1]) + HEADINGS_SINK)}"


def _outside_links(children: list[Token]) -> Iterator[Token]:
    """The tokens, those within a link marked, so that no link is made inside another."""
    depth = 0
    for child in children:
        depth += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        child.meta["in_link"] = depth > 0
        yield child


def _pieces(token: Token, name_at: NameAt) -> Iterator[Token]:
    """What one token becomes: pictures their description, long formulas their source, links and names marked."""
    if token.type == "image":
        yield _text(token.content or token.attrs.get("alt", ""))
    elif token.type.startswith("math") and len(token.content) > LONGEST_FORMULA:
        yield _text(token.content)
    elif token.type == "text" and not token.meta["in_link"]:
        yield from _linked(token.content, name_at)
    else:
        yield token


def _text(content: Any) -> Token:
    return Token("text", "", 0, content=str(content))


def _linked(content: str, name_at: NameAt) -> Iterator[Token]:
    end = 0
    for match in _LINK.finditer(content):
        yield from _mentioned(content[end : match.start()], name_at)
        yield Token("link_open", "a", 1, attrs={"href": match[0]})
        yield _text(match[0])
        yield Token("link_close", "a", -1)
        end = match.end()
    yield from _mentioned(content[end:], name_at)


def _mentioned(content: str, name_at: NameAt) -> Iterator[Token]:
    end = 0
    for match in AT.finditer(content):
        length = name_at(content[match.end() :]) if match.start() >= end else 0
        if length:
            yield _text(content[end : match.start()])
            yield Token("mention_open", "span", 1, attrs={"class": "mention"})
            yield _text(content[match.start() : match.end() + length])
            yield Token("mention_close", "span", -1)
            end = match.end() + length
    yield _text(content[end:])
