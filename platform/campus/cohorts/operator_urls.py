"""Addresses of those who run the installation, below /operator/."""

from django.urls import path

from campus.cohorts.pages import audit

app_name = "operator"
urlpatterns = [path("audit/", audit.of_installation, name="audit")]
