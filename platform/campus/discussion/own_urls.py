"""The list of what is unread, over all cohorts."""

from django.urls import path

from campus.discussion.pages import unread

urlpatterns = [
    path("", unread.unread, name="unread"),
    path("summary/", unread.choose_summary, name="unread_summary"),
    path("done/", unread.mark_all, name="unread_done"),
]
