"""The living page of all components, while DEBUG is on."""

from django.conf import settings
from django.urls import path

from campus.ui import views

app_name = "ui"
urlpatterns = [
    path("ui/", views.components, name="components"),
    path("ui/figures/", views.example_figures, name="example_figures"),
]
if not settings.DEBUG:
    urlpatterns = []
