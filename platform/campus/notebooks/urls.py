"""Addresses of notebooks in a cohort, below /cohorts/<cohort>/."""

from django.urls import path

from campus.notebooks import views

app_name = "notebooks_of_cohort"
urlpatterns = [
    path("cases/<slug:case>/notebook/", views.open_notebook, name="open"),
    path("desk/notebooks/", views.running, name="running"),
    path("desk/notebooks/<int:enrolment>/", views.visit, name="visit"),
]
