"""A person's own pages, under /account/. Signing in and out is allauth's, under /accounts/."""

from django.urls import path

from campus.people import data_views, views

app_name = "people"
urlpatterns = [
    path("", views.account_settings, name="settings"),
    path("who-sees-what/", views.who_sees_what, name="who_sees_what"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", views.token_revoke, name="token_revoke"),
    path("data/", data_views.data, name="data"),
    path("data/copies/", data_views.copy_request, name="copy_request"),
    path("data/copies/<int:pk>/", data_views.copy_download, name="copy"),
    path("data/leave/", data_views.leave, name="leave"),
    path("data/stay/", data_views.stay, name="stay"),
    path("language/", views.language, name="language"),
]
