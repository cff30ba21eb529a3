"""A person's own pages, under /account/. Signing in and out is allauth's, under /accounts/."""

from django.urls import path

from campus.people import views

app_name = "people"
urlpatterns = [
    path("", views.account_settings, name="settings"),
    path("who-sees-what/", views.who_sees_what, name="who_sees_what"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", views.token_revoke, name="token_revoke"),
    path("language/", views.language, name="language"),
]
