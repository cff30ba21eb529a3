"""Every address of badges: the organiser's desk, the holder's own pages, and what anybody may open.

What signed badges refer to may never change: the achievement's, the status list's and the badge's own addresses.
"""

from django.urls import include, path

from campus.badges.pages import achievements, awards, machines, public, runs, verifying, wallet

app_name = "badges"

desk = [
    path("", achievements.listing, name="achievements"),
    path("new/", achievements.new, name="new"),
    path("give/", runs.give, name="give"),
    path("picture/", achievements.sample, name="sample"),
    path("<int:pk>/", achievements.one, name="achievement"),
    path("<int:pk>/edit/", achievements.edit, name="edit"),
    path("<int:pk>/remove/", achievements.remove, name="remove"),
    path("<int:pk>/issue/", runs.preview, name="preview"),
    path("<int:pk>/replace/", runs.replace, name="replace"),
    path("<int:pk>/runs/<int:run>/", runs.run, name="run"),
    path("<int:pk>/runs/<int:run>/progress/", runs.progress, name="progress"),
    path("<int:pk>/runs/<int:run>/resume/", runs.resume, name="resume"),
    path("<int:pk>/runs/<int:run>/stop/", runs.stop, name="stop"),
    path("awards/<int:pk>/", awards.one, name="award"),
    path("awards/<int:pk>/revoke/", awards.revoke, name="revoke"),
    path("awards/<int:pk>/reissue/", awards.reissue, name="reissue"),
]
own = [
    path("", wallet.wallet, name="wallet"),
    path("record.json", wallet.record, name="record"),
    path("record.jwt", wallet.record_jwt, name="record_jwt"),
    path("skills/", wallet.skills, name="skills"),
    path("skills/figures.json", wallet.skill_figures, name="skill_figures"),
    path("<uuid:uid>/mine/", wallet.one, name="own"),
    path("<uuid:uid>/share/", wallet.share, name="share"),
    path("<uuid:uid>/certificate-<str:language>.pdf", wallet.certificate, name="certificate"),
]
open_to_all = [
    path("<uuid:uid>/", public.badge, name="badge"),
    path("<uuid:uid>/credential.json", public.credential, name="credential"),
    path("<uuid:uid>/credential.jwt", public.token, name="jwt"),
    path("<uuid:uid>/badge.png", public.baked, name="baked"),
    path("<uuid:uid>/badge-2.0.png", public.baked_2, name="baked_2"),
    path("<uuid:uid>/badge.svg", public.baked_svg, name="baked_svg"),
    path("<uuid:uid>/badge-2.0.svg", public.baked_2_svg, name="baked_2_svg"),
    path("<uuid:uid>/assertion.json", machines.assertion, name="assertion"),
    path("achievements/<uuid:uid>/<int:number>/<str:language>/", public.achievement, name="public_achievement"),
    path("achievements/<uuid:uid>/<int:number>/picture.png", machines.picture, name="picture"),
    path("achievements/<uuid:uid>/<int:number>/<str:language>/class.json", machines.badge_class, name="class"),
    path("issuer.json", machines.issuer, name="issuer"),
    path("revoked.json", machines.revoked, name="revoked"),
    path("status/<int:number>", machines.status, name="status"),
]

urlpatterns = [
    path("cohorts/<slug:cohort>/desk/badges/", include(desk)),
    path("badges/", include(own)),
    path("badges/", include(open_to_all)),
    path("verify/", verifying.verify, name="verify"),
    path(".well-known/did.json", machines.did, name="did"),
]
