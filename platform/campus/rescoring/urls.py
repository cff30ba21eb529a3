"""Addresses of rescorings on the organiser's desk, below /cohorts/<cohort>/."""

from django.urls import path

from campus.rescoring import views

app_name = "rescoring"
urlpatterns = [
    path("desk/rescoring/", views.rescorings, name="rescorings"),
    path("desk/rescoring/<int:pk>/", views.rescoring, name="rescoring"),
    path("desk/rescoring/<int:pk>/progress/", views.progress, name="progress"),
    path("desk/rescoring/<int:pk>/switch/", views.switch, name="switch"),
    path("desk/rescoring/<int:pk>/drop/", views.drop, name="drop"),
    path("desk/rescoring/<int:pk>/<slug:step>/", views.changes, name="changes"),
]
