"""What the site knows of a person, field by field: why it is asked, who sees it, whether that can be widened.

This table is the only place that decides it. Forms show it beside each field, `visibility.py` applies it.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Viewer(IntEnum):
    """How near somebody stands to the person whose data they look at; who stands nearer sees no less."""

    STRANGER = 0
    FELLOW = 1
    STAFF = 2
    ORGANISER = 3
    SELF = 4

    @property
    def words(self) -> Promise:
        return _WORDS[self]

    @property
    def short_words(self) -> Promise:
        return _SHORT_WORDS[self]


_WORDS = {
    Viewer.STRANGER: pgettext_lazy("who sees it", "Everybody"),
    Viewer.FELLOW: pgettext_lazy("who sees it", "Everybody in your cohorts"),
    Viewer.STAFF: pgettext_lazy("who sees it", "Your facilitators, mentors and organisers"),
    Viewer.ORGANISER: pgettext_lazy("who sees it", "The organisers of your cohorts"),
    Viewer.SELF: pgettext_lazy("who sees it", "Only you"),
}
_SHORT_WORDS = {
    Viewer.FELLOW: pgettext_lazy("who sees it", "Fellow learners"),
    Viewer.STAFF: pgettext_lazy("who sees it", "Facilitators, mentors"),
    Viewer.ORGANISER: pgettext_lazy("who sees it", "Organisers"),
}


@dataclass(frozen=True)
class ProfileField:
    """One row of the table.

    key: the attribute of Person or, where ``on_profile``, of Profile.
    seen_by: the farthest viewer who sees it. may_widen: whether the person may show it to fellow learners too.
    is_needed: whether a learner is asked for it before a cohort begins.
    """

    key: str
    label: "StrOrPromise"
    purpose: "StrOrPromise"
    seen_by: Viewer
    may_widen: bool = False
    on_profile: bool = True
    is_needed: bool = False


_ALL = (
    ProfileField(
        key="name",
        label=_("Full name"),
        purpose=_("Printed on your certificate, and shown to people in your cohorts."),
        seen_by=Viewer.FELLOW,
        on_profile=False,
        is_needed=True,
    ),
    ProfileField(
        key="name_kana",
        label=_("Name in katakana"),
        purpose=_("Used to read and sort your name correctly."),
        seen_by=Viewer.STAFF,
        may_widen=True,
        is_needed=True,
    ),
    ProfileField(
        key="name_roman",
        label=_("Name in Latin letters"),
        purpose=_("Printed on the English certificate and in your badge."),
        seen_by=Viewer.ORGANISER,
        is_needed=True,
    ),
    ProfileField(
        key="alias",
        label=_("Nickname"),
        purpose=_("In each cohort you choose whether leaderboards show it instead of your name."),
        seen_by=Viewer.FELLOW,
        on_profile=False,
    ),
    ProfileField(
        key="email",
        label=_("Email address"),
        purpose=_("Used to sign in, and for emails from the site and the organiser."),
        seen_by=Viewer.ORGANISER,
        on_profile=False,
    ),
    ProfileField(
        key="organisation",
        label=_("Employer or school"),
        purpose=_(
            "Used to mix people from different places in study groups, and to keep people from judging their "
            "colleagues."
        ),
        seen_by=Viewer.ORGANISER,
        may_widen=True,
    ),
    ProfileField(
        key="industry",
        label=pgettext_lazy("profile", "Industry"),
        purpose=_("Used to mix different experience in groups, and for the programme’s statistics."),
        seen_by=Viewer.STAFF,
        may_widen=True,
        is_needed=True,
    ),
    ProfileField(
        key="occupation",
        label=pgettext_lazy("profile", "Occupation"),
        purpose=_("Used to mix different experience in groups, and for the programme’s statistics."),
        seen_by=Viewer.STAFF,
        may_widen=True,
        is_needed=True,
    ),
    ProfileField(
        key="prefecture",
        label=pgettext_lazy("profile", "Prefecture"),
        purpose=_("Used for meetings nearby, and for the programme’s statistics."),
        seen_by=Viewer.ORGANISER,
        may_widen=True,
        is_needed=True,
    ),
    ProfileField(
        key="age_band",
        label=pgettext_lazy("profile", "Age"),
        purpose=_("Used for the programme’s statistics, and to select and mix learners of all ages."),
        seen_by=Viewer.ORGANISER,
        is_needed=True,
    ),
    ProfileField(
        key="language",
        label=_("Language"),
        purpose=_("Pages and emails are in this language."),
        seen_by=Viewer.STAFF,
        may_widen=True,
        on_profile=False,
    ),
    ProfileField(
        key="time_zone",
        label=_("Time zone"),
        purpose=_("Deadlines and times are shown in this time zone."),
        seen_by=Viewer.STAFF,
        may_widen=True,
        on_profile=False,
    ),
)
PROFILE_FIELDS = {field.key: field for field in _ALL}
WIDENABLE = [(field.key, field.label) for field in _ALL if field.may_widen]
