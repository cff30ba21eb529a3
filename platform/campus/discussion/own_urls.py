"""What concerns oneself, over all cohorts: the list of what is unread, and what one gave to others."""

from django.urls import path

from campus.discussion.pages import contribution, unread

urlpatterns = [
    path("unread/", unread.unread, name="unread"),
    path("unread/summary/", unread.choose_summary, name="unread_summary"),
    path("unread/done/", unread.mark_all, name="unread_done"),
    path("account/contributions/", contribution.contributions, name="own_contributions"),
]
