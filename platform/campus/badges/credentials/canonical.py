"""What a signature covers: the statements of a document in their one order (RDFC-1.0), and nothing beside them."""

import re
from collections.abc import Iterator
from typing import Any

from pyld import jsonld
from pyld.canon import URDNA2015

from campus.badges.credentials import contexts
from campus.badges.credentials.contexts import UnknownContext
from campus.badges.credentials.facts import Document

# Enough for every honest badge; a forged one could else keep a processor busy for hours.
_MOST_LOOKS = 500
_OPTIONS = {"documentLoader": contexts.load, "base": "", "processingMode": "json-ld-1.1"}
# What may name a node or a property. Statements about anything else are left out when RDF is written.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]*")


class NotCanonical(ValueError):
    """The document can't be brought into statements; ``args[0]`` says why, for a log."""


class _Bounded(URDNA2015):
    """Gives up where nodes look so much alike that telling them apart takes forever."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0

    def hash_n_degree_quads(self, id_: str, issuer: Any) -> Any:
        self.looks += 1
        if self.looks > _MOST_LOOKS:
            raise NotCanonical("too many nodes that look alike")
        return super().hash_n_degree_quads(id_, issuer)

    def create_hash_to_related(self, id_: str, issuer: Any) -> Any:
        related = super().create_hash_to_related(id_, issuer)
        if any(len(nodes) > 5 for nodes in related.values()):
            raise NotCanonical("too many nodes that look alike")
        return related


def canonical(document: Document) -> str:
    """The document's statements as sorted N-Quads. ``UnknownContext`` or ``NotCanonical`` where that can't be."""
    try:
        dataset = jsonld.to_rdf(document, _OPTIONS)
        return str(_Bounded().main(dataset, {"format": "application/n-quads"}))
    except (jsonld.JsonLdError, RecursionError, TypeError, KeyError, AttributeError) as error:
        raise _told(error) from error


def is_wholly_signed(document: Document) -> bool:
    """Whether the document says what its signature covers, and says it where it is read.

    A signature covers statements, not JSON. JSON-LD drops silently what its contexts don't define; brought there and
    back again such a document is not the same. Two more ways are closed here: a statement whose node or property has
    no proper name is dropped too, and words of JSON-LD itself ("@included", "@reverse") let a statement about a badge,
    such as its end or its place in a status list, stand where nobody looks for it.
    """
    if not all(map(_is_plain, document.items())):
        return False
    try:
        expanded = jsonld.expand(document, _OPTIONS)
        with_words_of = {"@context": _to_write_with(document["@context"])}
        back = jsonld.compact(expanded, with_words_of, _OPTIONS | {"skipExpansion": True})
    except (jsonld.JsonLdError, RecursionError, TypeError, KeyError, AttributeError) as error:
        raise _told(error) from error
    back["@context"] = document["@context"]
    return _without_lists_of_one(back) == _without_lists_of_one(document) and all(map(_is_name, _names(expanded)))


def _to_write_with(named: Any) -> Any:
    """The contexts with which the statements are told in words again.

    The one of the Comprehensive Learner Record gives the class of what its properties hold where a type of values
    should stand, so no object could ever be written with them; here the class is left out.
    """
    if not isinstance(named, list) or contexts.CLR not in named:
        return named
    terms = dict(contexts.context_of(contexts.CLR)["@context"])
    scoped = terms["ClrSubject"]["@context"]
    plain = {
        name: {key: value for key, value in term.items() if key != "@type"} if isinstance(term, dict) else term
        for name, term in scoped.items()
    }
    terms["ClrSubject"] = terms["ClrSubject"] | {"@context": plain}
    return [terms if url == contexts.CLR else url for url in named]


def _is_plain(item: tuple[str, Any]) -> bool:
    """Whether a property of a document, and all within it, does without words of JSON-LD and lists within lists."""
    name, value = item
    return name == "@context" or (not name.startswith("@") and _is_plain_within(value))


def _is_plain_within(value: Any) -> bool:
    if isinstance(value, list):
        return all(not isinstance(one, list) and _is_plain_within(one) for one in value)
    if isinstance(value, dict):
        return "@context" not in value and all(map(_is_plain, value.items()))
    return True


def _names(expanded: Any) -> Iterator[str]:
    """Every name of a node, a type or a property in the expanded form."""
    for value in expanded if isinstance(expanded, list) else [expanded]:
        if not isinstance(value, dict) or "@value" in value:
            continue
        for name, inside in value.items():
            if name in {"@id", "@type"}:
                yield from inside if isinstance(inside, list) else [inside]
            elif not name.startswith("@"):
                yield name
                yield from _names(inside)
            else:
                yield from _names(inside)


def _is_name(name: object) -> bool:
    return isinstance(name, str) and bool(_NAME.fullmatch(name))


def _told(error: Exception) -> Exception:
    cause: BaseException | None = error
    while cause:
        if isinstance(cause, UnknownContext):
            return cause
        cause = getattr(cause, "cause", None) or cause.__cause__
    return NotCanonical(str(error)[:500])


def _without_lists_of_one(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_lists_of_one(item) for name, item in value.items()}
    if isinstance(value, list):
        items = [_without_lists_of_one(item) for item in value]
        return items[0] if len(items) == 1 else items
    return value
