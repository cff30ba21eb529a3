"""How an announcement reaches people: the optional kind, and the important one that always comes by mail."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campus.announcements.models import Announcement
from campus.cases.markdown import render_markdown
from campus.cases.markdown_as_text import as_text
from campus.notices.kinds import Context, Group, register

ANNOUNCEMENTS = Group("announcements", _("Announcements"))


def for_mail(context: Context) -> Context:
    """The announcement itself, and its text as plain text and as HTML, with links that work outside the site."""
    announcement = Announcement.objects.select_related("cohort").get(pk=context["announcement"])
    html = render_markdown(announcement.body).html.replace('href="/', f'href="{settings.SITE_URL}/')
    return {"announcement": announcement, "html": html, "text": as_text(announcement.body, site=settings.SITE_URL)}


ORDINARY = register("announcements.announcement", group=ANNOUNCEMENTS, gather=for_mail)
IMPORTANT = register("announcements.important", group=ANNOUNCEMENTS, gather=for_mail, is_essential=True)
