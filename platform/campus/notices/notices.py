"""The kind of notices of this app itself."""

from django.utils.translation import gettext_lazy as _

from campus.notices.kinds import Group, register

ACCOUNT = Group("account", _("Your account"))
READY = register(
    "notices.ready", group=ACCOUNT, is_essential=True, is_urgent=True, is_secret=True, layout="notices/bare.txt"
)
