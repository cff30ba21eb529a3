"""Addresses of the HTTP side of live."""

from django.urls import path

from campus.live import views

app_name = "live"
urlpatterns = [path("events", views.events, name="events"), path("state", views.state, name="state")]
