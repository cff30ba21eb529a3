"""Addresses for the Hub, below /internal/notebooks/."""

from django.urls import path

from campus.notebooks import service_views

urlpatterns = [
    path("start", service_views.start),
    path("stopped", service_views.stopped),
    path("visit", service_views.visit),
    path("cohorts", service_views.cohorts),
]
