"""The kinds of notices: each app registers its own, with the group that people can switch off."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Context = dict[str, Any]
Gather = Callable[[Context], Context]


@dataclass(frozen=True)
class Group:
    """Kinds that a person switches on and off together; ``key`` is kept with the choice. Some are never in the page."""

    key: str
    label: str | Promise
    is_mail_only: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind. ``name`` is ``<app>.<what>``; its texts lie in ``<app>/templates/<app>/notices/<what>….txt``."""

    name: str
    group: Group
    is_essential: bool
    is_urgent: bool
    is_secret: bool
    gather: Gather | None
    layout: str

    def template(self, part: str) -> str:
        """Path of a template; part: ``.subject.txt``, ``.txt`` or ``.html``."""
        app, _, what = self.name.partition(".")
        return f"{app}/notices/{what}{part}"

    def more(self, context: Context) -> Context:
        """The parameters, with what the mail's text needs beyond them."""
        return context | self.gather(context) if self.gather else context


_kinds: dict[str, Kind] = {}


def register(
    name: str,
    *,
    group: Group,
    is_essential: bool = False,
    is_urgent: bool = False,
    is_secret: bool = False,
    gather: Gather | None = None,
    layout: str = "notices/mail.txt",
) -> Kind:
    """Make a kind known; call it in the app's ``notices.py``, imported in ``AppConfig.ready``.

    is_essential: goes to everybody, whatever they switched off, and has no link to unsubscribe.
    is_urgent: goes before all others and past the limit per minute; for what somebody waits for at the screen.
    is_secret: parameters and address of the page (a link that lets somebody in) are wiped once the mail has ended.
    gather: what the mail's text needs beyond the stored parameters, read when it is sent. It finds the reader's id
    under ``reader_id`` (None for an address without an account); it raises NotNeeded where nothing is left to say.
    layout: what stands around the text.
    """
    kind = Kind(name, group, is_essential, is_urgent, is_secret, gather, layout)
    if name in _kinds:
        raise ValueError(f"two kinds of notices are called {name!r}")
    _kinds[name] = kind
    return kind


def kind_of(name: str) -> Kind:
    """The registered kind; ValueError for a name that nobody registered."""
    try:
        return _kinds[name]
    except KeyError:
        raise ValueError(f"no app registered the kind of notices {name!r}") from None


def all_kinds() -> list[Kind]:
    return list(_kinds.values())


def optional_groups() -> list[Group]:
    """The groups of which something can be switched off, in the order of their registration."""
    return list({kind.group.key: kind.group for kind in _kinds.values() if not kind.is_essential}.values())
