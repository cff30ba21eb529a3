"""What a signature covers: the statements of a document in their one order (RDFC-1.0), and nothing beside them."""

from typing import Any

from pyld import jsonld
from pyld.canon import URDNA2015

from campus.badges.credentials import contexts
from campus.badges.credentials.contexts import UnknownContext
from campus.badges.credentials.facts import Document

# Enough for every honest badge; a forged one could else keep a processor busy for hours.
_MOST_LOOKS = 500
_OPTIONS = {"documentLoader": contexts.load, "base": "", "processingMode": "json-ld-1.1"}


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
    """Whether every property of the document is a statement, so that a signature covers it.

    JSON-LD drops silently what its contexts don't define; brought there and back again such a document is not the same.
    """
    try:
        back = jsonld.compact(document, {"@context": document["@context"]}, _OPTIONS)
    except (jsonld.JsonLdError, RecursionError, TypeError, KeyError, AttributeError) as error:
        raise _told(error) from error
    return bool(_without_lists_of_one(back) == _without_lists_of_one(document))


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
