"""The calendar address on the account page."""

from django.utils.translation import gettext_lazy as _

from campus.people.account_pages import AccountPage, add_account_page

add_account_page(AccountPage(position=60, label=_("Calendar"), url_name="own_meetings:calendar"))
