"""Who may sign up while sign-up is closed: those whose address was invited. Apps to the right say who that is."""

from collections.abc import Callable
from typing import TypeVar

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

IsInvited = Callable[[str], bool]
_I = TypeVar("_I", bound=IsInvited)
_checks: list[IsInvited] = []
_SESSION_KEY = "people_invited_email"


def invites(check: _I) -> _I:
    """Register a function that says whether an address (in any case) has an invitation that is open now."""
    _checks.append(check)
    return check


def is_invited(email: str) -> bool:
    """Whether anybody invited the address."""
    return any(check(email) for check in _checks)


def admit(request: HttpRequest, *, email: str) -> None:
    """Let the browser that opened an invitation's link sign up with its address, which needs no other proof."""
    request.session[_SESSION_KEY] = email
    get_adapter(request).stash_verified_email(request, email)


def admitted_email(request: HttpRequest) -> str:
    """The address whose invitation this browser opened; empty for everybody else."""
    return str(request.session.get(_SESSION_KEY, ""))
