"""The pages of those who apply and of those who are invited."""

from django.urls import path

from campus.intake.applications import views as applications
from campus.intake.invitations import views as invitations

urlpatterns = [
    path("apply/<slug:cohort>/", applications.apply, name="apply"),
    path("apply/<slug:cohort>/check/", applications.check, name="apply_check"),
    path("apply/<slug:cohort>/withdraw/", applications.withdraw, name="apply_withdraw"),
    path("invitations/<str:token>/", invitations.open_invitation, name="open_invitation"),
    path("invitations/<str:token>/renew/", invitations.renew, name="renew_invitation"),
]
