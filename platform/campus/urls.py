"""Every address of the site; each app owns its own list."""

from django.urls import include, path

from campus import api

urlpatterns = [
    path("", include("campus.home.urls")),
    path("", include("campus.stack.urls")),
    path("", include("campus.ui.urls")),
    path("accounts/", include("allauth.urls")),
    path("account/", include("campus.people.urls")),
    path("account/", include("campus.consents.own_urls")),
    path("live/", include("campus.live.urls")),
    path("", include("campus.intake.public_urls")),
    path("notices/", include("campus.notices.urls")),
    path("operator/", include("campus.cohorts.operator_urls")),
    path("programmes/", include("campus.cohorts.programme_urls")),
    path("cohorts/", include("campus.cohorts.urls")),
    path("cohorts/<slug:cohort>/", include("campus.consents.urls")),
    path("cohorts/<slug:cohort>/", include("campus.questionnaires.urls")),
    path("cohorts/<slug:cohort>/", include("campus.intake.urls")),
    path("cohorts/<slug:cohort>/", include("campus.cases.urls")),
    path("cohorts/<slug:cohort>/", include("campus.submissions.urls")),
    path("cohorts/<slug:cohort>/", include("campus.rescoring.urls")),
    path("cohorts/<slug:cohort>/", include("campus.deliverables.urls")),
    path("cohorts/<slug:cohort>/", include("campus.discussion.urls")),
    path("unread/", include("campus.discussion.own_urls")),
    path("cohorts/<slug:cohort>/", include("campus.grouping.urls")),
    path("cohorts/<slug:cohort>/", include("campus.reviews.urls")),
    path("cohorts/<slug:cohort>/", include("campus.mentoring.urls")),
    path("cohorts/<slug:cohort>/", include("campus.progress.urls")),
    path("cohorts/<slug:cohort>/", include("campus.announcements.urls")),
    path("cohorts/<slug:cohort>/", include("campus.meetings.urls")),
    path("meetings/", include("campus.meetings.own_urls")),
    path("cohorts/<slug:cohort>/", include("campus.notebooks.urls")),
    path("cohorts/<slug:cohort>/", include("campus.search.urls")),
    path("", include("campus.notebooks.own_urls")),
    path("", include("campus.notebooks.provider_urls")),
    path("internal/notebooks/", include("campus.notebooks.service_urls")),
    path("", include("campus.badges.urls")),
    path("api/", api.urls),
]
