"""An announcement before it is sent: as page and as mail in each language, and its audience in words."""

from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from campus.announcements.models import Announcement
from campus.announcements.notices import IMPORTANT, ORDINARY
from campus.cases.markdown import render_markdown
from campus.cohorts.audiences import criteria
from campus.cohorts.models import Role
from campus.notices.writing import Reader, write

LANGUAGES = {"ja": "日本語", "en": "English"}


@dataclass(frozen=True)
class Preview:
    """What a reader of the language gets. is_other: some of it is in the other language, since there is no English."""

    language: str
    label: str
    title: str
    html: str
    subject: str
    mail: str
    is_other: bool


def in_language(announcement: Announcement, language: str) -> Preview:
    """As the author would get it in that language."""
    author = announcement.author
    kind = IMPORTANT if announcement.is_important else ORDINARY
    context = {
        "announcement": announcement.pk,
        "title": {"ja": announcement.title_ja, "en": announcement.title_en},
    }
    reader = Reader(author.email, author.name, language, author.time_zone, author.pk)
    with translation.override(language):
        message = write(kind, context, url=announcement.path, reader=reader)
        plain = message.get_body(("plain",))
        return Preview(
            language=language,
            label=LANGUAGES[language],
            title=announcement.title,
            html=render_markdown(announcement.body).html,
            subject=str(message["Subject"]),
            mail=plain.get_content() if plain else "",
            is_other=announcement.is_in_other_language,
        )


def audience_in_words(announcement: Announcement) -> list[tuple[str | Promise, str]]:
    """Each thing that narrows the audience, and to what."""
    roles = ", ".join(str(Role(role).label) for role in announcement.roles)
    classes = ", ".join(one.name for one in announcement.classes.all())
    words: list[tuple[str | Promise, str]] = [(_("Roles"), roles), (_("Classes"), classes or _("All"))]
    for criterion in criteria():
        if value := announcement.criteria.get(criterion.key):
            labels = dict(criterion.offered(announcement.cohort, value))
            words.append((criterion.label, str(labels.get(value, value))))
    return words
