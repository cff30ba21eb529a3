"""Addresses of mentors' work, below /cohorts/<cohort>/."""

from django.urls import path

from campus.mentoring import desk_views, owner_views, views

app_name = "mentoring"
urlpatterns = [
    path("desk/mentoring/", desk_views.queue, name="queue"),
    path("desk/mentoring/news/", desk_views.queue_news, name="queue_news"),
    path("desk/mentoring/overview/", desk_views.overview, name="overview"),
    path("desk/mentoring/overview/reviews/", desk_views.all_reviews, name="all_reviews"),
    path("desk/mentoring/overview/limits/", desk_views.limits, name="limits"),
    path("desk/mentoring/overview/conflicts/", desk_views.conflicts, name="conflicts"),
    path("desk/mentoring/overview/conflicts/<int:pk>/end/", desk_views.end, name="end_conflict"),
    path("mentoring/phrases/", views.phrases, name="phrases"),
    path("mentoring/phrases/<int:pk>/remove/", views.remove, name="remove_phrase"),
    path("mentoring/<int:pk>/", views.review, name="review"),
    path("mentoring/<int:pk>/news/", views.review_news, name="review_news"),
    path("mentoring/<int:pk>/scores/", views.scores, name="scores"),
    path("mentoring/<int:pk>/give-back/", views.hand_back, name="give_back"),
    path("mentoring/<int:pk>/conflict/", views.conflict, name="conflict"),
    path("feedback/<int:pk>/", owner_views.feedback, name="feedback"),
]
