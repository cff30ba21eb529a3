"""What the audit log calls the actions on teams, and how it names them."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.audit import Name, group_of_actions, names_of, words_for
from campus.teams.models import Team

words_for(
    {
        "team.formed": _("formed the team %(subject)s"),
        "team.joined": _("added %(enrolment)s to the team %(subject)s"),
        "team.left": _("ended %(enrolment)s’s membership of the team %(subject)s"),
        "team.renamed": _("renamed the team %(before)s to %(subject)s"),
        "team.merged": _("merged the team %(subject)s into %(team)s"),
    }
)


group_of_actions("team", pgettext_lazy("audit", "Teams"))


def _teams(ids: Collection[int]) -> dict[int, Name]:
    return {team.pk: Name(team.name) for team in Team.objects.filter(pk__in=ids)}


names_of("team", _teams)
