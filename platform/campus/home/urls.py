"""The site's first page with its parts, first steps, and the status pages."""

from django.urls import path

from campus.home import status_pages, views

urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.first_steps, name="help"),
    path("help/<slug:role>/put-away/", views.put_tour_away, name="put_tour_away"),
    path("help/<slug:role>/take-out/", views.take_tour_out, name="take_tour_out"),
    path("cohorts/<slug:cohort>/at-home/learners/", views.learners, name="home_learners"),
    path("cohorts/<slug:cohort>/at-home/queue/", views.queue, name="home_queue"),
    path("cohorts/<slug:cohort>/at-home/course/", views.course, name="home_course"),
    path("operator/status/", status_pages.of_installation, name="status"),
    path("operator/status/jobs/", status_pages.failed_jobs, name="status_jobs"),
    path("operator/status/jobs/retry/", status_pages.retry, name="retry_jobs"),
    path("operator/status/mails/", status_pages.mails, name="status_mails"),
    path("operator/status/mails/repeat/", status_pages.repeat, name="repeat_mails"),
    path("cohorts/<slug:cohort>/desk/status/", status_pages.of_cohort, name="cohort_status"),
    path("cohorts/<slug:cohort>/desk/status/mails/", status_pages.mails_of_cohort, name="cohort_mails"),
    path("cohorts/<slug:cohort>/desk/status/mails/repeat/", status_pages.repeat_of_cohort, name="repeat_cohort_mails"),
]
