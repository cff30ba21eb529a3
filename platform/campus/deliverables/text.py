"""Turns the text of a deliverable into safe HTML, paragraph by paragraph, so that each can be pointed to."""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from campus.cases.markdown import align_by_class, renderer_of_people, sanitise

HEADINGS_SINK = 2  # the page has h1, the part that shows the text h2
LONGEST_FORMULA = 1_000


@lru_cache(maxsize=256)
def paragraphs_of(text: str) -> tuple[str, ...]:
    """Each paragraph, list, table or heading of the text as safe HTML; pictures from elsewhere by their description."""
    renderer = _renderer()
    env: dict[str, Any] = {}
    tokens = renderer.parse(text, env)
    align_by_class(tokens)
    for token in tokens:
        _make_harmless(token)
    blocks = (renderer.renderer.render(block, renderer.options, env) for block in _blocks(tokens))
    return tuple(sanitise(block) for block in blocks)


@cache
def _renderer() -> MarkdownIt:
    return renderer_of_people(breaks=True)


def _blocks(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tokens of each block that stands by itself."""
    begin = depth = 0
    for index, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            yield tokens[begin : index + 1]
            begin = index + 1


def _make_harmless(token: Token) -> None:
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{min(6, int(token.tag[1]) + HEADINGS_SINK)}"
    for child in [token, *(token.children or [])]:
        if child.type == "image":
            child.type, child.tag = "text", ""
        elif child.type.startswith("math") and len(child.content) > LONGEST_FORMULA:
            child.type, child.tag = "code_inline" if child.type == "math_inline" else "code_block", "code"
