"""Pages of progress and follow-up, below a cohort."""

from django.urls import URLPattern

app_name = "progress"
urlpatterns: list[URLPattern] = []
