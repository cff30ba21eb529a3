"""Turns the Markdown of a pack into safe HTML: tables, footnotes, formulas as MathML, pictures of the pack.

Packs come from organisers, not from us, so raw HTML is shown as text and what the renderer made is
sanitised again.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import nh3
from latex2mathml.converter import convert as latex_to_mathml
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

ANCHOR_PREFIX = "s-"
CONTENTS_LEVELS = (2, 3)

# fmt: off
_TEXT_TAGS = {
    "a", "abbr", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt", "em", "figcaption", "figure",
    "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre", "section", "small", "span", "strong", "sub",
    "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}
_MATH_TAGS = {
    "math", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot", "mrow", "mspace", "msqrt", "mstyle",
    "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover",
}
# fmt: on
_ATTRIBUTES = {
    "*": {"id", "class"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align", "scope"},
    "div": {"tabindex"},
    "math": {"display", "alttext"},
    "mo": {"stretchy", "fence", "separator", "form", "movablelimits", "lspace", "rspace", "minsize", "maxsize"},
    "mi": {"mathvariant"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "mspace": {"width"},
    "mtable": {"columnalign", "rowspacing"},
    "mfrac": {"linethickness"},
}


@dataclass(frozen=True)
class Heading:
    """A line of the table of contents."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Rendered:
    """Safe HTML and the headings in it."""

    html: str
    headings: tuple[Heading, ...]


def render_markdown(text: str, *, picture_base: str = "") -> Rendered:
    """Render one Markdown text.

    ``picture_base`` is put before the names of pictures: the way from the page to the pictures'
    addresses, such as ``pictures/``. Pictures from elsewhere are left out: a page must not make
    learners' browsers call other hosts.
    """
    renderer = renderer_of_packs()
    env: dict[str, Any] = {}
    tokens = renderer.parse(text, env)
    headings = _anchor_headings(tokens)
    align_by_class(tokens)
    _point_pictures(tokens, picture_base)
    rendered = renderer.renderer.render(tokens, renderer.options, env)
    return Rendered(html=sanitise(rendered), headings=headings)


@cache
def renderer_of_packs() -> MarkdownIt:
    """CommonMark with tables, footnotes and $formulas$; raw HTML off."""
    return renderer_of_people().use(footnote_plugin)


def renderer_of_people(**options: bool) -> MarkdownIt:
    """The same without footnotes, whose anchors would clash where several texts stand on one page."""
    markdown = MarkdownIt("commonmark", {"html": False, **options}).enable(["table", "strikethrough"])
    markdown.use(dollarmath_plugin, allow_digits=False, renderer=_formula)
    markdown.add_render_rule("math_block", _formula_box)
    if not options.get("breaks"):
        markdown.add_render_rule("softbreak", _line_end)
    markdown.add_render_rule("table_open", _rule('<div class="table-box" tabindex="0"><table>'))
    markdown.add_render_rule("table_close", _rule("</table></div>"))
    return markdown


def _line_end(_self: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    """Join two lines of Japanese, between which browsers would show a space."""
    before = next((token.content[-1] for token in reversed(tokens[:index]) if token.content), "")
    after = next((token.content[0] for token in tokens[index + 1 :] if token.content), "")
    return "" if _is_wide(before) and _is_wide(after) else "\n"


def _is_wide(sign: str) -> bool:
    return bool(sign) and unicodedata.east_asian_width(sign) in "WF"


def _rule(markup: str) -> Callable[..., str]:
    def write(_self: RendererHTML, _tokens: Sequence[Token], _index: int, _options: Any, _env: Any) -> str:
        return markup + "\n"

    return write


def _formula_box(_self: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    """A formula on a line of its own; like a table it scrolls in its box, which the keyboard must reach."""
    markup = _formula(tokens[index].content, {"display_mode": True})
    return f'<div class="math block" tabindex="0">{markup}</div>\n'


def _formula(source: str, options: dict[str, Any]) -> str:
    """MathML of a LaTeX formula, its source as text alternative; the source alone where it can't be read."""
    display = "block" if options["display_mode"] else "inline"
    try:
        markup = latex_to_mathml(source, display=display)
    except Exception:  # the converter raises all sorts for input it can't read, and the text must stay readable
        return f"<code>{html.escape(source)}</code>"
    return markup.replace("<math ", f'<math alttext="{html.escape(source.strip())}" ', 1)


def _anchor_headings(tokens: list[Token]) -> tuple[Heading, ...]:
    """Give each heading an id; a story's own title (level 1) sinks to level 2, since the page has its own."""
    found: list[Heading] = []
    used: dict[str, int] = {}
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type != "heading_open":
            continue
        level = max(2, int(opening.tag[1]))
        opening.tag = closing.tag = f"h{level}"
        text = _plain_text(inline)
        anchor = _unique(_slug(text), used)
        opening.attrSet("id", anchor)
        if level in CONTENTS_LEVELS:
            found.append(Heading(level, anchor, text))
    return tuple(found)


def _plain_text(inline: Token) -> str:
    parts = [child.content for child in inline.children or [] if child.type in {"text", "code_inline", "math_inline"}]
    return "".join(parts).strip()


def _slug(text: str) -> str:
    """An anchor from a heading in any script; the prefix keeps it from clashing with ids of the page."""
    return ANCHOR_PREFIX + (re.sub(r"[^\w]+", "-", text.lower()).strip("-") or "section")


def _unique(anchor: str, used: dict[str, int]) -> str:
    used[anchor] = used.get(anchor, 0) + 1
    return anchor if used[anchor] == 1 else f"{anchor}-{used[anchor]}"


def align_by_class(tokens: list[Token]) -> None:
    """Say the alignment of table cells by class: the site's policy allows no style attributes."""
    for token in tokens:
        style = str(token.attrs.pop("style", ""))
        if style.startswith("text-align:"):
            token.attrSet("class", "align-" + style.removeprefix("text-align:").strip())


def _point_pictures(tokens: list[Token], base: str) -> None:
    for token in tokens:
        for child in token.children or []:
            if child.type == "image":
                _point_picture(child, base)


def _point_picture(image: Token, base: str) -> None:
    """Send a picture of the pack to its address; leave only the description of any other."""
    name = re.sub(r"^(\./)?(pictures/)?", "", str(image.attrGet("src") or ""))
    if re.fullmatch(r"[\w-][\w.-]*", name):
        image.attrSet("src", f"{base}{name}")
    else:
        image.type, image.tag = "text", ""


def sanitise(markup: str) -> str:
    """Leave only what the renderer makes."""
    return nh3.clean(
        markup,
        tags=_TEXT_TAGS | _MATH_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
