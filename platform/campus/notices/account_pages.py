"""What to be told of, on the account page."""

from django.utils.translation import gettext_lazy as _

from campus.people.account_pages import AccountPage, add_account_page

add_account_page(AccountPage(position=35, label=_("Notification settings"), url_name="notices:preferences"))
