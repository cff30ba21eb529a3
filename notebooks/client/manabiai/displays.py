"""HTML for notebooks: plain tables and lists, every text escaped, nothing loaded from elsewhere.

Colours and type are the notebook's own, so that dark themes and large print work.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from manabiai.words import Language, say

_LEFT, _RIGHT = "text-align:left", "text-align:right;font-variant-numeric:tabular-nums"
# A narrow notebook scrolls a wide table sideways: short words that break at every character can't be read.
_SHORT, _LONG = "white-space:nowrap", "min-width:12em"


class Shown(ABC):
    """What reads well everywhere: ``str`` in a terminal, ``html`` in a notebook."""

    @abstractmethod
    def html(self) -> str:
        """The same as HTML."""

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return self.html()


@dataclass(frozen=True)
class Column:
    """A column's head; numbers stand to the right, what people wrote may take several lines."""

    head: str
    is_number: bool = False
    is_prose: bool = False

    @property
    def style(self) -> str:
        return f"{_RIGHT if self.is_number else _LEFT};{_LONG if self.is_prose else _SHORT}"


def panel(language: Language, *parts: str) -> str:
    """One thing shown, in its language."""
    return f'<div class="manabiai" lang="{language}">{"".join(parts)}</div>'


def line(text: str, *, strong: bool = False) -> str:
    """A paragraph."""
    words = escape(text)
    return f"<p>{f'<strong>{words}</strong>' if strong else words}</p>"


def bullets(title: str, texts: Sequence[str]) -> str:
    """A list below its title; nothing where there is nothing."""
    if not texts:
        return ""
    entries = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f"{line(title, strong=True) if title else ''}<ul>{entries}</ul>"


def printed(title: str, text: str) -> str:
    """What a program printed, to be unfolded."""
    return f"<details><summary>{escape(title)}</summary><pre>{escape(text)}</pre></details>" if text else ""


def bar(label: str, share: float | None) -> str:
    """How far something is, from 0 to 1; None: it goes on, nobody knows how long."""
    value = "" if share is None else f' max="1" value="{min(max(share, 0.0), 1.0):.2f}"'
    return f'<p><progress aria-label="{escape(label)}" style="width:100%;max-width:24em"{value}></progress></p>'


def table(caption: str, columns: Sequence[Column], rows: Iterable[tuple[Sequence[str], bool]]) -> str:
    """A table with a caption and heads for its columns; rows come with whether they are the reader's own."""
    heads = "".join(f'<th scope="col" style="{column.style}">{escape(column.head)}</th>' for column in columns)
    body = "".join(_row(cells, columns, is_own=is_own) for cells, is_own in rows)
    shown = f'<caption style="{_LEFT}">{escape(caption)}</caption>'
    return (
        f'<div style="overflow-x:auto"><table>{shown}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _row(cells: Sequence[str], columns: Sequence[Column], *, is_own: bool) -> str:
    tag = "strong" if is_own else "span"
    made = (
        f'<td style="{column.style}"><{tag}>{escape(cell)}</{tag}></td>'
        for cell, column in zip(cells, columns, strict=True)
    )
    return f"<tr>{''.join(made)}</tr>"


def size(count: int, language: Language) -> str:
    """Bytes in words: B, KB or MB."""
    if count < 1000:
        return say("bytes", language, count=count)
    return f"{count / 1e6:,.1f} MB" if count >= 1e6 else f"{count / 1e3:,.0f} KB"
