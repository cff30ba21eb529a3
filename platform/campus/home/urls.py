"""The site's first page."""

from django.urls import path

from campus.home import views

urlpatterns = [
    path("", views.home, name="home"),
]
