"""A person's own notices, below /notices/."""

from django.urls import URLPattern

app_name = "notices"
urlpatterns: list[URLPattern] = []
