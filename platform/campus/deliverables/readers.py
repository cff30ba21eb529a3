"""Who else may read a deliverable: apps to the right that give people something to read register here.

    @reader
    def assigned_reviewer(person: Person, deliverable: Deliverable) -> bool: ...

Import its module in ``AppConfig.ready``. Such readers see pages, notebooks and tables, but neither names nor the files
themselves, which may hold names inside.
"""

from collections.abc import Callable
from typing import TypeVar

from campus.deliverables.models import Deliverable
from campus.people.models import Person

Reader = Callable[[Person, Deliverable], bool]
_R = TypeVar("_R", bound=Reader)
_readers: list[Reader] = []
_bars: list[Reader] = []


def reader(function: _R) -> _R:
    """Register a reason why somebody may read a deliverable without its owner's name."""
    _readers.append(function)
    return function


def is_registered_reader(person: Person, deliverable: Deliverable) -> bool:
    """Whether any app gave the person a reason to read it."""
    return any(function(person, deliverable) for function in _readers)


def bar(function: _R) -> _R:
    """Register a reason why somebody must not read a deliverable, though her role would let her.

    As a conflict of interest does. It does not close what is the reader's own.
    """
    _bars.append(function)
    return function


def is_barred_reader(person: Person, deliverable: Deliverable) -> bool:
    """Whether any app gave a reason why the person must not read it."""
    return any(function(person, deliverable) for function in _bars)
