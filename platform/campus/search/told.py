"""Finding announcements that somebody got or may read, and study meetings that they may see."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from campus.announcements.models import Announcement, State
from campus.cases.markdown import render_markdown
from campus.cohorts.rules import is_facilitator, is_organiser
from campus.discussion.search.queries import excerpt_of
from campus.meetings.models import Meeting
from campus.meetings.queries import visible_to
from campus.search.cases import sections_of
from campus.search.found import Asker, Found
from campus.ui.folded import squeeze


def announcements(asker: Asker) -> QuerySet[Announcement]:
    """Those sent that the person may read, the latest first; all of the cohort for organisers."""
    sent = Announcement.objects.filter(cohort=asker.cohort, state=State.SENT).select_related("cohort")
    if not is_organiser(asker.person, asker.cohort):
        received = Announcement.objects.received_by(asker.person).filter(cohort=asker.cohort)
        own = Q(author=asker.person) if is_facilitator(asker.person, asker.cohort) else Q(pk__isnull=True)
        sent = sent.filter(Q(pk__in=received.order_by().values("pk")) | own)
    for term in asker.terms:
        sent = sent.filter(_somewhere(term, ("title_ja", "title_en", "body_ja", "body_en")))
    return sent.order_by("-sent_at", "-pk")


def drawn_announcements(asker: Asker, rows: Sequence[Any]) -> list[Found]:
    return [Found(one.title, one.path, [], excerpt_of(_plain(one.body), asker.terms), one.sent_at) for one in rows]


def meetings(asker: Asker) -> QuerySet[Meeting]:
    """The latest first."""
    rows = visible_to(asker.person, asker.cohort).select_related("cohort", "study_class")
    for term in asker.terms:
        rows = rows.filter(_somewhere(term, ("title", "description")))
    return rows.order_by("-starts_at", "-pk")


def drawn_meetings(asker: Asker, rows: Sequence[Any]) -> list[Found]:
    return [_drawn_meeting(one, asker.terms) for one in rows]


def _drawn_meeting(meeting: Meeting, terms: Sequence[str]) -> Found:
    of = _("Class %(name)s") % {"name": meeting.study_class.name} if meeting.study_class else _("Whole cohort")
    return Found(meeting.title, meeting.path, [of], excerpt_of(_plain(meeting.description), terms), meeting.starts_at)


def _somewhere(term: str, names: Sequence[str]) -> Q:
    found = Q()
    for name in names:
        found |= Q(**{f"{name}__squeezed__contains": squeeze(term)})
    return found


def _plain(markdown: str) -> str:
    """The text without its markup."""
    return " ".join(f"{one.heading} {one.text}" for one in sections_of(render_markdown(markdown))).strip()
