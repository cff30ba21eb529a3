"""A person's own notices, below /notices/."""

from django.urls import path

from campus.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("read/", views.read_all, name="read_all"),
    path("settings/", views.preferences, name="preferences"),
    path("<int:notice>/", views.open_notice, name="open"),
    path("<int:notice>/read/", views.read_one, name="read"),
    path("unsubscribe/", views.unsubscribe_page, name="unsubscribe"),
]
