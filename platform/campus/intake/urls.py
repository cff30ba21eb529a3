"""Pages of intake, below a cohort."""

from django.urls import URLPattern

app_name = "intake"
urlpatterns: list[URLPattern] = []
