"""Pages of study meetings and consultations, below a cohort."""

from django.urls import path

from campus.meetings import desk_views, views
from campus.meetings.consultations import desk_views as consultations_desk
from campus.meetings.consultations import views as consultations

app_name = "meetings"
urlpatterns = [
    path("meetings/", views.agenda_page, name="agenda"),
    path("meetings/new/", views.new_page, name="new"),
    path("meetings/<int:meeting>/", views.meeting_page, name="meeting"),
    path("meetings/<int:meeting>/meeting.ics", views.calendar_file, name="calendar"),
    path("meetings/<int:meeting>/sign-up/", views.sign_up_now, name="sign_up"),
    path("meetings/<int:meeting>/sign-off/", views.sign_off_now, name="sign_off"),
    path("meetings/<int:meeting>/check-in/", views.check_in_now, name="check_in"),
    path("meetings/<int:meeting>/edit/", desk_views.edit_page, name="edit"),
    path("meetings/<int:meeting>/cancel/", desk_views.cancel_now, name="cancel"),
    path("meetings/<int:meeting>/accept/", desk_views.accept_now, name="accept"),
    path("meetings/<int:meeting>/decline/", desk_views.decline_now, name="decline"),
    path("meetings/<int:meeting>/participants/", desk_views.participants_page, name="participants"),
    path("meetings/<int:meeting>/attendance/", desk_views.attendance, name="attendance"),
    path("desk/meetings/", desk_views.desk_list, name="desk"),
    path("desk/meetings/policy/", desk_views.policy, name="policy"),
    path("consultations/", consultations.consultations, name="consultations"),
    path("consultations/<int:pk>/", consultations.consultation, name="consultation"),
    path("consultations/<int:pk>/cancel/", consultations.cancel, name="cancel_consultation"),
    path("consultations/<int:pk>/call-off/", consultations.call_off, name="call_off"),
    path("consultations/<int:pk>/room/", consultations.change_room, name="change_room"),
    path("consultations/<int:pk>/move/", consultations.move, name="move_consultation"),
    path("consultations/<int:pk>/consultation.ics", consultations.calendar_file, name="consultation_calendar"),
    path("desk/consultations/", consultations_desk.desk, name="consultations_desk"),
    path("desk/consultations/mentors/", consultations_desk.by_mentor, name="consultations_by_mentor"),
    path("desk/consultations/new/", consultations_desk.offer, name="offer_consultations"),
    path("desk/consultations/withdraw/", consultations_desk.withdraw, name="withdraw_consultations"),
    path("desk/consultations/notice/", consultations_desk.set_notice, name="set_notice"),
]
