"""What can be found, in the order of the page."""

from django.utils.translation import gettext_lazy as _

from campus.search import cases, people, threads, told
from campus.search.found import Kind

THREADS = Kind("threads", _("Discussion"), threads.posts, threads.drawn)
KINDS = (
    THREADS,
    Kind("cases", _("Cases"), cases.passages, cases.drawn),
    Kind("announcements", _("Announcements"), told.announcements, told.drawn_announcements),
    Kind("meetings", _("Study meetings"), told.meetings, told.drawn_meetings),
    Kind("people", _("People"), people.enrolments, people.drawn),
)
