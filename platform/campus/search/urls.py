"""The search, below a cohort."""

from django.urls import path

from campus.search import views

app_name = "search"
urlpatterns = [path("search/", views.results, name="results")]
