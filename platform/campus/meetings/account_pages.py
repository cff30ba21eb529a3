"""The calendar address on the account page."""

from django.utils.translation import gettext_lazy as _

from campus.people.account_pages import AccountPage, add_account_page

add_account_page(AccountPage(position=60, label=_("Study meetings in your calendar"), url_name="own_meetings:calendar"))
