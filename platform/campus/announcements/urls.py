"""Pages of announcements, below a cohort."""

from django.urls import path

from campus.announcements import desk_views, views

app_name = "announcements"
urlpatterns = [
    path("announcements/", views.announcement_list, name="list"),
    path("announcements/<int:announcement>/", views.announcement_page, name="announcement"),
    path("desk/announcements/", desk_views.desk_list, name="desk"),
    path("desk/announcements/new/", desk_views.write_page, name="write"),
    path("desk/people/write/", desk_views.write_to, name="write_to"),
    path("desk/announcements/<int:announcement>/", desk_views.desk_one, name="desk_one"),
    path("desk/announcements/<int:announcement>/edit/", desk_views.edit_page, name="edit"),
    path("desk/announcements/<int:announcement>/audience/", desk_views.audience_page, name="audience"),
    path("desk/announcements/<int:announcement>/send/", desk_views.send_now, name="send"),
    path("desk/announcements/<int:announcement>/schedule/", desk_views.schedule_page, name="schedule"),
    path("desk/announcements/<int:announcement>/cancel/", desk_views.cancel_now, name="cancel"),
    path("desk/announcements/<int:announcement>/recipients/", desk_views.recipients_page, name="recipients"),
    path("desk/announcements/<int:announcement>/mails/", desk_views.repeat_mails, name="repeat"),
]
