"""The tab of the account page."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campus.people.account_pages import AccountPage, add_account_page

add_account_page(AccountPage(75, _("Notebook"), "notebooks:own", lambda: settings.ENVIRONMENT.notebooks == "on"))
