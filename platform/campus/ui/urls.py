"""The living page of all components, while DEBUG is on."""

from django.conf import settings
from django.urls import path

from campus.ui import views

app_name = "ui"
urlpatterns = [path("ui/", views.components, name="components")] if settings.DEBUG else []
