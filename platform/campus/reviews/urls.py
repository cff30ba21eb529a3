"""Addresses of peer review, below /cohorts/<cohort>/."""

from django.urls import include, path

from campus.reviews import author_views, desk_views, numbers_views, rubric_views, views

app_name = "reviews"
_of_step = [
    path("", views.page, name="page"),
    path("practice/<slug:sample>/", views.practice, name="practice"),
    path("given/", views.given, name="given"),
    path("received/", author_views.received, name="received"),
    path("received/<int:pk>/rate/", author_views.rate, name="rate"),
    path("received/<int:pk>/answer/", author_views.answer, name="answer"),
    path("appeal/", author_views.appeal, name="appeal"),
    path("<int:pk>/", views.write, name="write"),
    path("<int:pk>/draft/", views.draft, name="draft"),
    path("<int:pk>/decline/", views.decline, name="decline"),
]
_on_desk = [
    path("", desk_views.desk, name="desk"),
    path("appeals/", desk_views.appeals, name="appeals"),
    path("<int:pk>/", desk_views.round_on_desk, name="round"),
    path("<int:pk>/rebalance/", desk_views.rebalance, name="rebalance"),
    path("<int:pk>/numbers/", numbers_views.numbers, name="numbers"),
    path("<int:pk>/rubric/", rubric_views.rubric, name="rubric"),
    path("<int:pk>/excuse/<int:enrolment>/", desk_views.excuse, name="excuse"),
    path("works/<int:pk>/", desk_views.work, name="work"),
    path("assignments/<int:pk>/take-back/", desk_views.take_back, name="take_back"),
]
urlpatterns = [
    path("cases/<slug:case>/<slug:step>/reviews/", include(_of_step)),
    path("desk/reviews/", include(_on_desk)),
]
