"""Addresses of groups and of teams' spaces, below /cohorts/<cohort>/."""

from django.urls import path

from campus.grouping.pages import desk, forming, keeping, own, space

app_name = "grouping"
urlpatterns = [
    path("groups/", own.own, name="own"),
    path("groups/find/<slug:kind>/", own.find, name="find"),
    path("groups/find/<slug:kind>/signal/", own.signal, name="signal"),
    path("groups/find/<slug:kind>/start/", own.start, name="start"),
    path("groups/answer/<int:pk>/", own.answer, name="answer"),
    path("teams/<int:pk>/ask/", own.ask, name="ask"),
    path("teams/<int:pk>/invite/<int:other>/", own.invite, name="invite"),
    path("teams/<int:pk>/leave/", own.leave, name="leave"),
    path("teams/<int:pk>/", space.space, name="space"),
    path("teams/<int:pk>/files/", keeping.files, name="files"),
    path("teams/<int:pk>/files/all.zip", keeping.all_files, name="all_files"),
    path("teams/<int:pk>/files/<int:version>/", keeping.file, name="file"),
    path("teams/<int:pk>/files/<int:version>/remove/", keeping.remove_file, name="remove_file"),
    path("teams/<int:pk>/log/", keeping.log, name="log"),
    path("teams/<int:pk>/log/<int:row>/remove/", keeping.remove, {"what": "log"}, name="remove_entry"),
    path("teams/<int:pk>/milestones/", keeping.milestones, name="milestones"),
    path("teams/<int:pk>/milestones/<int:milestone>/", keeping.tick, name="tick"),
    path(
        "teams/<int:pk>/milestones/<int:row>/remove/", keeping.remove, {"what": "milestones"}, name="remove_milestone"
    ),
    path("teams/<int:pk>/contribution/", space.contribution, name="contribution"),
    path("teams/<int:pk>/evaluation/", space.evaluation, name="evaluation"),
    path("desk/teams/", desk.desk, name="desk"),
    path("desk/teams/settings/", desk.settings, name="settings"),
    path("desk/teams/evaluation/", space.open_evaluations, name="open_evaluations"),
    path("desk/teams/pairs/", desk.pairs, name="pairs"),
    path("desk/teams/pairs/<int:pk>/remove/", desk.remove_pair, name="remove_pair"),
    path("desk/teams/<int:pk>/", desk.team, name="team"),
    path("desk/teams/<int:pk>/members/", desk.change_members, name="change_members"),
    path("desk/teams/<int:pk>/merge/", desk.merge, name="merge_teams"),
    path("desk/teams/formations/<int:pk>/", forming.formation, name="formation"),
    path("desk/teams/formations/<int:pk>/progress/", forming.progress, name="progress"),
    path("desk/teams/formations/<int:pk>/move/", forming.move, name="move"),
    path("desk/teams/formations/<int:pk>/merge/", forming.merge, name="merge"),
    path("desk/teams/formations/<int:pk>/groups/<int:group>/", forming.rename, name="rename"),
    path("desk/teams/formations/<int:pk>/publish/", forming.publish, name="publish"),
    path("desk/teams/formations/<int:pk>/drop/", forming.drop, name="drop"),
    path("desk/teams/<slug:kind>/", desk.desk, name="desk_of_kind"),
    path("desk/teams/<slug:kind>/form/", forming.begin, name="begin"),
    path("desk/teams/<slug:kind>/unplaced/", desk.unplaced, name="unplaced"),
    path("desk/teams/<slug:kind>/unplaced/<int:enrolment>/", desk.place, name="place"),
    path("desk/teams/<slug:kind>/small/", desk.small, name="small"),
]
