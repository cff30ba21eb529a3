"""Addresses of one's own notebook and of the ways to and from the Hub."""

from django.urls import path

from campus.notebooks import provider_views, views

app_name = "notebooks"
urlpatterns = [
    path("account/notebook/", views.own, name="own"),
    path("notebooks/onward/", provider_views.onward, name="onward"),
    path("notebooks/signed-out/", provider_views.signed_out, name="signed_out"),
]
