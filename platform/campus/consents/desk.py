"""Consents on the desk's menu and on the account page."""

from django.utils.translation import pgettext_lazy

from campus.cohorts.desk import Section, lay_on_desk
from campus.people.account_pages import AccountPage, add_account_page

lay_on_desk(
    section=Section.INTAKE,
    label=pgettext_lazy("desk", "Consents"),
    url_name="consents:overview",
    permission="cohorts.run_cohort",
    position=60,
)
add_account_page(AccountPage(position=30, label=pgettext_lazy("account", "Consents"), url_name="own_consents:list"))
