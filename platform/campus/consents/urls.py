"""The welcome page and the organiser's pages about consents, below /cohorts/<cohort>/."""

from django.urls import path

from campus.consents import desk_views, views

app_name = "consents"
urlpatterns = [
    path("welcome/", views.welcome, name="welcome"),
    path("welcome/profile/", views.profile, name="profile"),
    path("desk/consents/", desk_views.overview, name="overview"),
    path("desk/consents/start/", desk_views.start, name="start"),
    path("desk/consents/draft/", desk_views.draft, name="draft"),
    path("desk/consents/<int:number>/", desk_views.version, name="version"),
    path("desk/consents/<int:number>/publish/", desk_views.publish, name="publish"),
]
