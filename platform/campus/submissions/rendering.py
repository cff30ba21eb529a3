"""Turns a notebook that somebody handed in into what a page may show: bounded, sanitised, nothing that runs.

A notebook is a stranger's text. Its Markdown and its tables pass an allowlist, its pictures are those that lie in the
file itself, all else is plain text. Scripts, styles, frames, forms, ids and addresses of other hosts' pictures are left
out, so no page makes a reader's browser do or fetch anything.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any, Literal, get_args

import nh3
from markdown_it import MarkdownIt

from campus.cases.markdown import align_by_class, renderer_of_people
from grader.csvfile import SubmissionRejected
from grader.kinds.notebook import code_cells

MOST_CELLS = 300
MOST_TEXT = 20_000  # characters of one cell or one output
MOST_BYTES = 8_000_000  # of everything that is shown
_PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_HEADING = re.compile(r"h[1-6]")

# fmt: off
_TAGS = {
    "a", "abbr", "blockquote", "br", "caption", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h3", "h4",
    "h5", "h6", "hr", "li", "math", "mfrac", "mi", "mn", "mo", "mover", "mroot", "mrow", "mspace", "msqrt", "mstyle",
    "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover", "ol", "p", "pre", "small",
    "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}
# fmt: on
_ATTRIBUTES = {
    "a": {"href"},
    "div": {"tabindex"},
    "math": {"display", "alttext"},
    "mo": {"stretchy", "fence"},
    "mstyle": {"displaystyle"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_CLASSES = {"div": {"table-box", "math", "block"}} | {
    cell: {"align-left", "align-right", "align-center"} for cell in ("td", "th")
}

OutputKind = Literal["text", "html", "picture", "omitted"]
CellKind = Literal["markdown", "code"]
_SHOWN: tuple[CellKind, ...] = get_args(CellKind)


@dataclass(frozen=True)
class Output:
    """What a cell left. ``content``: plain text, safe HTML, or a picture's data address; empty where it is omitted."""

    kind: OutputKind
    content: str = ""
    is_cut: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell: safe HTML of Markdown, or code as plain text with its outputs."""

    kind: CellKind
    content: str
    outputs: list[Output] = field(default_factory=list)
    is_cut: bool = False


@dataclass(frozen=True)
class Rendering:
    """A notebook as it may be shown; ``left_out``: how many cells at its end are not."""

    cells: list[Cell]
    left_out: int = 0

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Rendering":
        told = json.loads(data)
        cells = [Cell(**{**cell, "outputs": [Output(**one) for one in cell["outputs"]]}) for cell in told["cells"]]
        return cls(cells, told["left_out"])


def render_notebook(data: bytes) -> Rendering:
    """What may be shown of the file. Raises SubmissionRejected when it is no notebook."""
    code_cells(data)
    raw = json.loads(data.decode("utf-8-sig"))["cells"]
    budget, cells = MOST_BYTES, []
    for told in raw[:MOST_CELLS]:
        if not isinstance(told, dict) or (cell := _cell(told)) is None:
            continue
        budget -= _weight(cell)
        if budget < 0:
            break
        cells.append(cell)
    shown = [told for told in raw if isinstance(told, dict) and told.get("cell_type") in _SHOWN]
    return Rendering(cells, left_out=len(shown) - len(cells))


def sources_of(data: bytes) -> list[tuple[CellKind, str]]:
    """Words and code of the cells, whole, and nothing else of the file. Raises SubmissionRejected as above."""
    code_cells(data)
    cells = [told for told in json.loads(data.decode("utf-8-sig"))["cells"] if isinstance(told, dict)]
    return [(told["cell_type"], _text(told.get("source"))) for told in cells if told.get("cell_type") in _SHOWN]


def _weight(cell: Cell) -> int:
    return len(cell.content) + sum(len(output.content) for output in cell.outputs)


def _cell(told: Mapping[str, Any]) -> Cell | None:
    source, is_cut = _cut(_text(told.get("source")))
    if told.get("cell_type") == "markdown":
        return Cell("markdown", safe_markdown(source), is_cut=is_cut)
    if told.get("cell_type") != "code":
        return None
    outputs = told.get("outputs")
    return Cell("code", source, list(_outputs(outputs if isinstance(outputs, list) else [])), is_cut=is_cut)


def _outputs(told: list[Any]) -> Iterator[Output]:
    for one in told:
        if not isinstance(one, dict):
            continue
        kind = one.get("output_type")
        if kind == "stream":
            yield _plain(_text(one.get("text")))
        elif kind == "error":
            yield _plain(_text(one.get("traceback"), "\n"))
        elif kind in ("display_data", "execute_result") and isinstance(one.get("data"), dict):
            yield _displayed(one["data"])


def _displayed(data: Mapping[str, Any]) -> Output:
    """The richest form that may be shown: a picture of the file's own, a table, text."""
    for media in _PICTURES:
        if media in data:
            return _picture(media, _text(data[media]))
    if "text/html" in data and len(markup := _text(data["text/html"])) <= MOST_TEXT * 5:
        return Output("html", sanitise(markup))
    if "text/markdown" in data:
        text, is_cut = _cut(_text(data["text/markdown"]))
        return Output("html", safe_markdown(text), is_cut)
    if "text/plain" in data:
        return _plain(_text(data["text/plain"]))
    return Output("omitted")


def _picture(media: str, encoded: str) -> Output:
    """The picture, if it is what it says; its bytes are encoded anew, so nothing else gets into the address."""
    try:
        content = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        return Output("omitted")
    if not content.startswith(_PICTURES[media]):
        return Output("omitted")
    return Output("picture", f"data:{media};base64,{base64.b64encode(content).decode()}")


def _plain(text: str) -> Output:
    return Output("text", *_cut(_ANSI.sub("", text)))


def _text(told: Any, between: str = "") -> str:
    """A text of a notebook, which may be a list of lines."""
    if isinstance(told, list):
        return between.join(line for line in told if isinstance(line, str))
    return told if isinstance(told, str) else ""


def _cut(text: str) -> tuple[str, bool]:
    return text[:MOST_TEXT], len(text) > MOST_TEXT


# --- Markdown and HTML


@cache
def _renderer() -> MarkdownIt:
    """Markdown as notebooks have it: with HTML, which is sanitised afterwards."""
    return renderer_of_people(html=True)


def safe_markdown(text: str) -> str:
    """A Markdown cell as safe HTML; its headings stand below the page's."""
    renderer = _renderer()
    env: dict[str, Any] = {}
    tokens = renderer.parse(text, env)
    for token in tokens:
        if _HEADING.fullmatch(token.tag):
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
    align_by_class(tokens)
    return sanitise(renderer.renderer.render(tokens, renderer.options, env))


def sanitise(markup: str) -> str:
    """Leave text, tables, formulas and links; pictures in HTML are left out, those of outputs are shown otherwise."""
    return nh3.clean(
        markup,
        tags=_TAGS,
        clean_content_tags={"script", "style", "iframe", "object", "svg", "template", "title", "noscript"},
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


__all__ = [
    "Cell",
    "Output",
    "Rendering",
    "SubmissionRejected",
    "render_notebook",
    "safe_markdown",
    "sanitise",
    "sources_of",
]
