"""Addresses of notebooks in a cohort, below /cohorts/<cohort>/."""

from django.urls import path

from campus.notebooks import copy_views, views

app_name = "notebooks_of_cohort"
urlpatterns = [
    path("cases/<slug:case>/notebook/", views.open_notebook, name="open"),
    path("cases/<slug:case>/notebook/copies/<str:ticket>/", copy_views.copy, name="copy"),
    path("cases/<slug:case>/<slug:step>/submissions/<int:pk>/copy/", copy_views.ask_for_copy, name="ask_for_copy"),
    path("desk/notebooks/", views.running, name="running"),
    path("desk/notebooks/<int:enrolment>/", views.visit, name="visit"),
]
