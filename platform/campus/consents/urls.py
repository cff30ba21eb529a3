"""Pages of consents, below a cohort."""

from django.urls import URLPattern

app_name = "consents"
urlpatterns: list[URLPattern] = []
