"""Addresses of programmes, below /programmes/."""

from django.urls import path

from campus.cohorts.pages import programmes

app_name = "programmes"
urlpatterns = [
    path("", programmes.programmes, name="programmes"),
    path("new/", programmes.new_programme, name="new"),
    path("<slug:programme>/", programmes.programme_titles, name="titles"),
    path("<slug:programme>/new-cohort/", programmes.new_cohort, name="new_cohort"),
]
