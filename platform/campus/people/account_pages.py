"""The tabs of the account page; apps to the right add their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class AccountPage:
    """A tab: the lower its position, the farther left; not shown where ``is_shown`` says so."""

    position: int
    label: "StrOrPromise"
    url_name: str
    is_shown: Callable[[], bool] = lambda: True


account_pages: list[AccountPage] = [
    AccountPage(10, _("Profile"), "people:settings"),
    AccountPage(20, _("Who sees what"), "people:who_sees_what"),
    AccountPage(40, _("Email address"), "account_email"),
    AccountPage(50, _("Password"), "account_change_password"),
    AccountPage(60, _("Second factor"), "mfa_index"),
    AccountPage(65, _("Institutions"), "socialaccount_connections", lambda: bool(settings.ENVIRONMENT.institutions)),
    AccountPage(70, _("Personal tokens"), "people:tokens"),
    AccountPage(80, _("Your data"), "people:data"),
]


def add_account_page(page: AccountPage) -> None:
    """Add a tab; call it when the app is ready."""
    account_pages.append(page)
    account_pages.sort(key=lambda one: (one.position, one.url_name))
