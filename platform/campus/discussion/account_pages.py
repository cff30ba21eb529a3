"""What one gave to others, in one's profile."""

from django.utils.translation import gettext_lazy as _

from campus.people.account_pages import AccountPage, add_account_page

add_account_page(AccountPage(position=15, label=_("How I helped others"), url_name="own_contributions"))
