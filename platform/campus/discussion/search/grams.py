"""Bigrams for a GIN index: Japanese has no spaces, and PostgreSQL's trigrams miss every word of two characters.

A text is folded (width, case, white space) and cut into all its pairs of neighbouring characters, the lexemes of
a tsvector. A text that contains a term contains the term's pairs; the few that have the pairs apart are sorted out by
looking into the folded text. So what is found is exactly what a scan of all folded texts finds.
"""

import re
import unicodedata
from collections.abc import Iterator

LONGEST_QUERY = 100  # characters
MOST_TERMS = 8
# A long term is looked up by some of its pairs: more narrow the candidates down no further.
_MOST_PAIRS = 12
_QUOTES = str.maketrans("“”„＂", '""""')
_TERM = re.compile(r'"([^"]*)"?|(\S+)')
# A character with the marks that belong to it, also the half-width ones: ｶﾞ is one.
_CLUSTER = re.compile("[^\u0300-\u036f\u3099\u309a\uff9e\uff9f]?[\u0300-\u036f\u3099\u309a\uff9e\uff9f]*", re.DOTALL)


def fold(text: str) -> str:
    """The text without differences of width and case, each run of white space as one space."""
    return "".join(part for part, _ in _folded(text)).strip()


def _folded(text: str) -> Iterator[tuple[str, int]]:
    """Each cluster of the text folded, with the place where it begins in the text."""
    after_space = False
    for match in _CLUSTER.finditer(text):
        part = unicodedata.normalize("NFKC", match[0]).casefold()
        is_space = part.isspace()
        if part and not (is_space and after_space):
            yield " " if is_space else part, match.start()
        after_space = is_space if part else after_space


def lexemes_of(folded: str) -> list[str]:
    """What the index keeps of a folded text: its pairs, and its last character, which begins no pair."""
    pairs = {folded[at : at + 2] for at in range(len(folded) - 1)}
    return sorted(pairs | {folded[-1:]} - {""})


def terms_of(query: str) -> list[str]:
    """The folded terms of what somebody typed: parted by spaces, or several words in quotes."""
    found = (fold(phrase or word) for phrase, word in _TERM.findall(query[:LONGEST_QUERY].translate(_QUOTES)))
    return list(dict.fromkeys(term for term in found if term))[:MOST_TERMS]


def tsquery_of(terms: list[str]) -> str:
    """The terms as a tsquery that every text containing all of them matches; ``terms`` is not empty."""
    return " & ".join(dict.fromkeys(operand for term in terms for operand in _operands(term)))


def _operands(term: str) -> list[str]:
    if len(term) == 1:
        return [f"{quoted(term)}:*"]
    pairs = list(dict.fromkeys(term[at : at + 2] for at in range(len(term) - 1)))
    step = -(-len(pairs) // _MOST_PAIRS)
    return [quoted(pair) for pair in pairs[::step]]


def quoted(lexeme: str) -> str:
    """The lexeme as a tsquery has it."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def places_of(term: str, text: str) -> list[tuple[int, int]]:
    """Where a folded term stands in the text as it was written: beginnings and ends, apart from each other."""
    starts: list[int] = []
    folded = ""
    for part, start in _folded(text):
        starts += [start] * len(part)
        folded += part
    starts.append(len(text))
    found, at = [], folded.find(term)
    while at >= 0:
        end = at + len(term)
        found.append((starts[at], _end(starts, end)))
        at = folded.find(term, end)
    return found


def _end(starts: list[int], end: int) -> int:
    """Where the cluster of the last folded character ends; ㌔ folds to two characters."""
    while end < len(starts) - 1 and starts[end] == starts[end - 1]:
        end += 1
    return starts[end]
