"""Addresses of a cohort's own pages, below /cohorts/."""

from django.urls import path

from campus.cohorts import views
from campus.cohorts.pages import programmes, settings

app_name = "cohorts"
urlpatterns = [
    path("<slug:cohort>/", views.cohort_page, name="cohort"),
    path("<slug:cohort>/board-name/", views.board_name, name="board_name"),
    path("<slug:cohort>/desk/settings/", settings.settings, name="settings"),
    path("<slug:cohort>/desk/copy/", programmes.clone, name="clone"),
]
