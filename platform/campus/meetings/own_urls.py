"""A person's own calendar, below /meetings/."""

from django.urls import path

from campus.meetings import own_views

app_name = "own_meetings"
urlpatterns = [
    path("calendar/", own_views.calendar_page, name="calendar"),
    path("calendar/new/", own_views.make_address, name="new"),
    path("calendar/end/", own_views.end_address, name="end"),
    path("feed.ics", own_views.feed, name="feed"),
]
