"""The pages of those who apply, below /apply/."""

from django.urls import path

from campus.intake.applications import views

urlpatterns = [
    path("<slug:cohort>/", views.apply, name="apply"),
    path("<slug:cohort>/check/", views.check, name="apply_check"),
    path("<slug:cohort>/withdraw/", views.withdraw, name="apply_withdraw"),
]
