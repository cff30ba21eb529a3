"""The OpenID provider: the first lines stand before allauth's own, which give the addresses their names."""

from django.urls import include, path, re_path

from campus.notebooks import provider_views

urlpatterns = [
    path("identity/o/authorize", provider_views.authorize),
    path("identity/o/api/token", provider_views.token),
    path("identity/o/api/userinfo", provider_views.userinfo),
    re_path("^identity/o/", provider_views.nothing),
    path("", include("allauth.idp.urls")),
]
