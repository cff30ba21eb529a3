"""What LMSs and the browsers that come from them open, below /lti/."""

from django.urls import path

from campus.lti import tool, views

urlpatterns = [
    path("login/", views.login, name="lti_login"),
    path("launch/", views.launch, name="lti_launch"),
    path("enter/<str:ticket>/", views.enter, name="lti_enter"),
    path("link/<str:ticket>/", views.link, name="lti_link"),
    path("jwks.json", tool.jwks, name="lti_jwks"),
    path("config.json", tool.configuration, name="lti_configuration"),
]
