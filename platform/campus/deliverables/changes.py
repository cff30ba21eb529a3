"""What changed between two versions: paragraph by paragraph, and in those that were rewritten word by word. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from itertools import groupby, takewhile

# Japanese has no spaces: characters of one script stand together, nearly as words do.
_WORD = re.compile(r"[一-龯々〆]+|[ぁ-ん]+|[ァ-ヶー]+|[A-Za-z0-9_.,%+-]+|\s+|.", re.DOTALL)
_SENTENCE = re.compile(r".+?(?:[。．！？!?\n]+|\.\s+|$)", re.DOTALL)
_BLANK_LINE = re.compile(r"\n[ \t　]*\n+")
# What repeats itself takes long to compare, by the square of how often. So longer paragraphs are compared by sentences,
# and beyond so many pairs of equal parts only what both texts begin and end with is taken as the same.
MOST_WORDS = 1_500
MOST_PAIRS = 900
MOST_EQUAL_PAIRS = 300_000
ALIKE = 0.4  # Paragraphs that share less are not the same one rewritten.


class Kind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Run:
    """Words that belong together: the same in both versions, added or removed."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with its runs; a changed one holds several."""

    kind: Kind
    runs: Sequence[Run]


@lru_cache(maxsize=64)
def changes(before: str, after: str) -> tuple[Paragraph, ...]:
    """The paragraphs of both texts in reading order, each the same, added, removed or changed."""
    old, new = _paragraphs(before), _paragraphs(after)
    found: list[Paragraph] = []
    for is_equal, old_from, old_to, new_from, new_to in _matched(old, new):
        if is_equal:
            found += [_whole(Kind.SAME, text) for text in new[new_from:new_to]]
        else:
            found += _rewritten(old[old_from:old_to], new[new_from:new_to])
    return tuple(found)


def _matched(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    """Stretches of both that are equal or not: whether they are, and from where to where in the old and the new."""
    often, here = Counter(old), Counter(new)
    if sum(count * here[part] for part, count in often.items()) <= MOST_EQUAL_PAIRS:
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield tag == "equal", i1, i2, j1, j2
        return
    head = _shared_beginning(old, new)
    tail = _shared_beginning(old[head:][::-1], new[head:][::-1])
    yield True, 0, head, 0, head
    yield False, head, len(old) - tail, head, len(new) - tail
    yield True, len(old) - tail, len(old), len(new) - tail, len(new)


def _shared_beginning(old: Sequence[str], new: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


def _paragraphs(text: str) -> list[str]:
    parts = _BLANK_LINE.split(text.replace("\r\n", "\n"))
    return [part.strip("\n") for part in parts if part.strip()]


def _whole(kind: Kind, text: str) -> Paragraph:
    return Paragraph(kind, (Run(kind, text),))


def _rewritten(old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    """Pairs what is alike, in order; the rest was removed or added."""
    waiting = list(old)
    for text in new:
        at = _alike(text, waiting) if len(old) * len(new) <= MOST_PAIRS else None
        if at is None:
            yield _whole(Kind.ADDED, text)
            continue
        yield from (_whole(Kind.REMOVED, gone) for gone in waiting[:at])
        yield Paragraph(Kind.CHANGED, tuple(_by_words(waiting[at], text)))
        waiting = waiting[at + 1 :]
    yield from (_whole(Kind.REMOVED, gone) for gone in waiting)


def _alike(text: str, candidates: Sequence[str]) -> int | None:
    """The first paragraph of which this may be the new form."""
    for at, candidate in enumerate(candidates):
        if SequenceMatcher(None, _WORD.findall(candidate), _WORD.findall(text)).quick_ratio() >= ALIKE:
            return at
    return None


def _by_words(before: str, after: str) -> Iterator[Run]:
    """Runs of words, or of sentences where there are many words."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    runs: list[Run] = []
    for is_equal, old_from, old_to, new_from, new_to in _matched(old, new):
        if is_equal:
            runs.append(Run(Kind.SAME, "".join(new[new_from:new_to])))
        else:
            runs.append(Run(Kind.REMOVED, "".join(old[old_from:old_to])))
            runs.append(Run(Kind.ADDED, "".join(new[new_from:new_to])))
    return (run for run in _joined(runs) if run.text)


def _joined(runs: Sequence[Run]) -> Iterator[Run]:
    """Without crumbs: a space that stayed between two changes belongs to both of them."""
    last = len(runs) - 1
    crumbs = {at for at, run in enumerate(runs) if 0 < at < last and run.kind == Kind.SAME and not run.text.strip()}
    for is_same, group in groupby(enumerate(runs), lambda pair: pair[1].kind == Kind.SAME and pair[0] not in crumbs):
        those = [run for _at, run in group]
        if is_same:
            yield from those
        else:
            yield Run(Kind.REMOVED, "".join(run.text for run in those if run.kind != Kind.ADDED))
            yield Run(Kind.ADDED, "".join(run.text for run in those if run.kind != Kind.REMOVED))
