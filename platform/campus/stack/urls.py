"""Addresses for operators and their tools."""

from django.urls import path

from campus.stack import health

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
]
