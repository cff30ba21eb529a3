"""What people are told about their notebook."""

from django.utils.translation import gettext_lazy as _

from campus.notices.kinds import Group, register

NOTEBOOKS = Group("notebooks", _("Notebooks"))

# Nobody's notebook is opened without its owner hearing of it.
VISITED = register("notebooks.visited", group=NOTEBOOKS, is_essential=True)
