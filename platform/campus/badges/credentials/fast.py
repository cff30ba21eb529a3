"""Many badges of one achievement, signed quickly.

Nearly all of the time of a signature goes into JSON-LD. Badges of one shape differ only in a few values, so one badge
whose values are markers is brought into statements once, over the plain way; for each badge the values are then
put in place of the markers, the nodes without names are named and the statements sorted as RDFC-1.0 wants it. Whatever
does not fit goes the plain way, which is also what the tests compare with.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from campus.badges.credentials.canonical import canonical, is_wholly_signed
from campus.badges.credentials.facts import Document
from campus.badges.credentials.keys import IssuerKeys
from campus.badges.credentials.proof import attached, config_of
from campus.badges.credentials.proof import sign as sign_plainly

# Where the badges of one achievement may differ; "*" stands for every item of a list.
_VARYING = [
    ("id",),
    ("validFrom",),
    ("validUntil",),
    ("awardedDate",),
    ("credentialSubject", "id"),
    ("credentialSubject", "identifier", "*", "identityHash"),
    ("credentialSubject", "identifier", "*", "salt"),
    ("credentialStatus", "id"),
    ("credentialStatus", "statusListIndex"),
    ("credentialStatus", "statusListCredential"),
    *[("evidence", "*", name) for name in ("id", "name", "description", "narrative", "genre")],
]
_MARKER = re.compile(r"urn:slot:(\d{4}):")
# An address that JSON-LD takes as it stands: absolute, and with nothing in it that N-Quads would escape.
_ADDRESS = re.compile(r"(?:https?://|urn:uuid:)[A-Za-z0-9._~:/?#@!$&'()*+,;=%\[\]-]+")
_BLANK = re.compile(r"_:c14n\d+")
_MOST_TEMPLATES = 50
Kept = TypeVar("Kept")


class NotWhollySigned(ValueError):
    """The badge has a property that no signature would cover."""


class _DoesNotFit(Exception):
    """This badge needs the plain way."""


@dataclass(frozen=True)
class _Statement:
    """An N-Quad in pieces: text, the number of a value, or the name of a node without name."""

    pieces: tuple[str | int, ...]
    nodes: tuple[str, ...]

    def filled(self, values: Sequence[str], names: dict[str, str]) -> str:
        return "".join(values[piece] if isinstance(piece, int) else names.get(piece, piece) for piece in self.pieces)


class _Template:
    """The statements of one shape of badge."""

    def __init__(self, skeleton: Document, slots: int) -> None:
        if not is_wholly_signed(skeleton):
            raise NotWhollySigned
        text = canonical(skeleton)
        self._is_address = [f"<urn:slot:{slot:04}:>" in text for slot in range(slots)]
        self._is_text = [f'"urn:slot:{slot:04}:"' in text for slot in range(slots)]
        if any(address == literal for address, literal in zip(self._is_address, self._is_text, strict=True)):
            raise NotWhollySigned
        statements = [_statement(line) for line in text.removesuffix("\n").split("\n")]
        self._fixed = [line.filled((), {}) for line in statements if not line.nodes and not _has_slots(line)]
        self._varying = [line for line in statements if line.nodes or _has_slots(line)]
        nodes = {node for line in statements for node in line.nodes}
        self._around = {node: [line for line in statements if node in line.nodes] for node in nodes}
        self._known = {
            node: _look(node, lines, ())
            for node, lines in self._around.items()
            if not any(_has_slots(line) for line in lines)
        }

    def statements(self, values: Sequence[str]) -> str:
        """The canonical text with these values."""
        written = [self._written(slot, value) for slot, value in enumerate(values)]
        names = self._names(written)
        lines = {line.filled(written, names) for line in self._varying}
        return "".join(sorted(lines.union(self._fixed)))

    def _written(self, slot: int, value: str) -> str:
        if not self._is_address[slot]:
            return _escaped(value)
        if not _ADDRESS.fullmatch(value):
            raise _DoesNotFit
        return value

    def _names(self, written: Sequence[str]) -> dict[str, str]:
        """RDFC-1.0's names: in the order of the hashes of what is said about each node."""
        looks = {node: self._known.get(node) or _look(node, lines, written) for node, lines in self._around.items()}
        if len(set(looks.values())) < len(looks):
            raise _DoesNotFit  # Two nodes look alike: only the whole algorithm can tell them apart.
        return {node: f"_:c14n{number}" for number, node in enumerate(sorted(looks, key=looks.__getitem__))}


def _has_slots(line: _Statement) -> bool:
    return any(isinstance(piece, int) for piece in line.pieces)


def _look(node: str, lines: Sequence[_Statement], written: Sequence[str]) -> str:
    """Hash First Degree Quads."""
    seen = sorted(
        line.filled(written, {other: "_:a" if other == node else "_:z" for other in line.nodes}) for line in lines
    )
    return hashlib.sha256("".join(seen).encode()).hexdigest()


def _statement(line: str) -> _Statement:
    subject, predicate, rest = line.split(" ", 2)
    pieces: list[str | int] = [""]
    nodes = []
    for part in (subject, f" {predicate} ", rest.removesuffix(" ."), " .\n"):
        if _BLANK.fullmatch(part):
            nodes.append(part)
            pieces += [part, ""]
            continue
        text, *marked = _MARKER.split(part)
        pieces[-1] = f"{pieces[-1]}{text}"
        for slot, after in zip(marked[::2], marked[1::2], strict=True):
            pieces += [int(slot), after]
    return _Statement(tuple(piece for piece in pieces if piece != ""), tuple(nodes))


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
    return text.replace("\r", "\\r").replace('"', '\\"')


class Signer:
    """Signs the badges of one generation of keys; one for a job, or for a process."""

    def __init__(self, keys: IssuerKeys) -> None:
        self._keys = keys
        self._templates: dict[str, _Template] = {}
        self._proofs: dict[str, str] = {}
        self.plainly = 0  # how many went the plain way

    def sign(self, credential: Document, *, created: datetime) -> Document:
        """The same as ``proof.sign``; raises ``NotWhollySigned`` instead of leaving a property without signature."""
        config = config_of(credential, self._keys, created=created)
        try:
            statements = self._statements(credential)
        except _DoesNotFit:
            self.plainly += 1
            if not is_wholly_signed(credential):
                raise NotWhollySigned from None
            return sign_plainly(credential, self._keys, created=created)
        return attached(credential, config, self._keys, statements, self._of_proof(config))

    def _statements(self, credential: Document) -> str:
        values: list[str] = []
        skeleton = credential
        for path in _VARYING:
            skeleton = _marked(skeleton, path, values)
        key = json.dumps(skeleton, ensure_ascii=False)
        if len(_MARKER.findall(key)) != len(values):
            raise _DoesNotFit  # A text of the badge itself looks like a marker.
        template = self._templates.get(key)
        if template is None:
            template = self._remembered(self._templates, key, _Template(skeleton, len(values)))
        return template.statements(values)

    def _of_proof(self, config: Document) -> str:
        key = json.dumps(config)
        return self._proofs.get(key) or self._remembered(self._proofs, key, canonical(config))

    @staticmethod
    def _remembered(store: dict[str, Kept], key: str, made: Kept) -> Kept:
        if len(store) >= _MOST_TEMPLATES:
            store.pop(next(iter(store)))
        store[key] = made
        return made


def _marked(value: Any, path: Sequence[str], values: list[str]) -> Any:
    """A copy in which the texts at the path are markers; what was there is added to ``values``."""
    if not path:
        if not isinstance(value, str) or not value:
            raise _DoesNotFit
        values.append(value)
        return f"urn:slot:{len(values) - 1:04}:"
    step, rest = path[0], path[1:]
    if step == "*" and isinstance(value, list):
        return [_marked(item, rest, values) for item in value]
    if isinstance(value, dict) and step in value:
        return value | {step: _marked(value[step], rest, values)}
    return value
