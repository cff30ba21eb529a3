"""Addresses of SCIM, below /scim/v2/."""

from django.urls import path

from campus.scim import views

urlpatterns = [
    path("Users", views.users, name="scim_users"),
    path("Users/<uuid:pk>", views.user, name="scim_user"),
    path("ServiceProviderConfig", views.configuration),
    path("ResourceTypes", views.resource_types),
    path("Schemas", views.schemas),
]
