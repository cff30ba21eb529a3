"""What each app holds of a person: for the copy one may download, and for what happens to it when one leaves.

An app describes its own rows (`hold`) in its ``personal_data.py``, imported in ``AppConfig.ready``. What may keep
somebody from leaving just now, and why, is told by `obstacle`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.files import File

from campus.people.models import Person

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Row = Mapping[str, Any]
Obstacle = Callable[[Person], Iterable[str]]
_O = TypeVar("_O", bound=Obstacle)


def nothing(_person: Person) -> Iterator[Any]:
    """For holdings without files, and for those that keep all of their rows."""
    return iter(())


@dataclass(frozen=True)
class Holding:
    """One kind of rows.

    name: of its file in the archive. rows: flat dictionaries of what can be written as JSON.
    files: name in the archive and the open file. erase: removes or blanks what is personal; it may be called twice.
    gone: in words what happens to it when one leaves. kept: what stays and why; empty where nothing does.
    """

    name: str
    label: "StrOrPromise"
    rows: Callable[[Person], Iterable[Row]]
    gone: "StrOrPromise"
    kept: "StrOrPromise" = ""
    files: Callable[[Person], Iterable[tuple[str, File]]] = nothing
    erase: Callable[[Person], object] = nothing


holdings: dict[str, Holding] = {}
_obstacles: list[Obstacle] = []


def hold(holding: Holding) -> None:
    """Add what an app holds; call it when the app is ready."""
    if holding.name in holdings:
        raise ValueError(f"two holdings are called {holding.name!r}")
    holdings[holding.name] = holding


def obstacle(check: _O) -> _O:
    """Register what may keep a person from leaving the site just now: sentences that say what to do first."""
    _obstacles.append(check)
    return check


def obstacles_of(person: Person) -> list[str]:
    """What the person has to do before leaving; empty where nothing is in the way."""
    return [sentence for check in _obstacles for sentence in check(person)]
