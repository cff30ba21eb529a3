"""One's own consents, below /account/."""

from django.urls import path

from campus.consents import views

app_name = "own_consents"
urlpatterns = [
    path("consents/", views.own_consents, name="list"),
    path("consents/<int:answer>/<int:item>/", views.change_consent, name="change"),
]
