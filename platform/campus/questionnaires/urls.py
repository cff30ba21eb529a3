"""Pages of forms, below a cohort."""

from django.urls import URLPattern

app_name = "questionnaires"
urlpatterns: list[URLPattern] = []
