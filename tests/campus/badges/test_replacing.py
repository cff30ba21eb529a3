"""Issuing anew for all: who is meant, that it happens once for each, and what becomes of earlier copies."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from campus.badges import actions, issuing, keys, replacing, tasks
from campus.badges.models import Achievement, Award, IssueRun, OldPlace, RunState
from campus.badges.pictures import Colour, Design
from campus.badges.refusals import NothingToReplace, StillRunning
from campus.badges.verification import check_award, check_data
from campus.cohorts.models import AuditEntry, Cohort
from campus.live.models import Event
from campus.notices.models import Mail, Notice
from campus.people.models import Person
from tests.campus.badges.conftest import DESIGN, TEXTS, classmates, complete, issue, run_jobs
from tests.campus.cast import signed_in
from tests.campus.submissions.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def redraw(achievement: Achievement, picture: actions.Picture, **texts: object) -> None:
    """A new version with another picture (the bytes are the same; its name tells them apart)."""
    design = Design(DESIGN.shape, Colour.RED, DESIGN.symbol, DESIGN.text, DESIGN.small)
    other = actions.Picture(f"{picture.name}2", design.kept()) if not texts else picture
    actions.revise(achievement, rule=achievement.rule, texts=TEXTS | texts, picture=other, actor=None)


def replace(achievement: Achievement, actor: Person | None = None) -> IssueRun:
    run = replacing.start(achievement, actor=actor)
    run_jobs()
    run.refresh_from_db()
    return run


def test_after_a_change_of_picture_the_preview_says_how_many_and_what_changes(
    award: Award, picture: actions.Picture
) -> None:
    with pytest.raises(NothingToReplace):
        replacing.start(award.achievement, actor=None)
    redraw(award.achievement, picture)
    Person.objects.filter(pk=award.person_id).update(name="鈴木 花子")

    found = replacing.preview_of(Achievement.objects.get())

    assert (found.in_force, found.replaced, found.unsafe, found.renamed, found.nameless) == (1, 1, 0, 1, 0)
    (earlier,) = found.earlier
    assert (earlier.version.number, earlier.count, [str(one) for one in earlier.changes]) == (1, 1, ["Picture"])


def test_a_replaced_badge_keeps_link_and_date_and_earlier_copies_say_that_they_were_replaced(
    public: Award, picture: actions.Picture, organiser: Person, learner: Person
) -> None:
    old, place = public.credential.document, public.status_index
    redraw(public.achievement, picture, name_ja="新しい名前", name_en="New name")

    run = replace(public.achievement, organiser)

    new = Award.objects.with_badge().get()
    assert (run.state, run.done, run.total) == (RunState.DONE, 1, 1)
    assert (new.uid, new.issued_at, new.revision, new.version.number) == (public.uid, public.issued_at, 2, 2)
    assert json.loads(new.credential.document)["credentialSubject"]["achievement"]["name"] == "新しい名前"
    assert check_award(new).is_genuine
    left = OldPlace.objects.get()
    assert (left.award, left.status_index) == (new, place)
    assert new.status_index != place
    verdict = check_data(old.encode())
    assert (verdict.is_genuine, verdict.headline.startswith("This copy was replaced")) == (False, True)
    assert verdict.note == ""
    assert Notice.objects.filter(person=learner, kind="badges.replaced").count() == 1
    assert Mail.objects.filter(person=learner, kind="badges.replaced").count() == 1
    assert Event.objects.filter(kind="badge", payload__what="replaced").count() == 1
    logged = AuditEntry.objects.filter(action__startswith="badge.repl").order_by("pk")
    assert list(logged.values_list("action", "actor", "details__count")) == [
        ("badge.replacing_begun", organiser.pk, 1),
        ("badge.replaced", organiser.pk, 1),
    ]


def test_after_a_compromise_badges_are_genuine_again_by_the_new_keys(public: Award) -> None:
    keys.rotate(keys.issuer_of_site(), actor=None, is_compromised=True)
    assert not check_award(public).is_genuine
    assert replacing.preview_of(public.achievement).unsafe == 1

    replace(public.achievement)

    new = Award.objects.with_badge().select_related("credential__key").get()
    assert (new.credential.key.number, check_award(new).is_genuine) == (2, True)
    assert not replacing.in_need(new.achievement).exists()


def test_a_run_that_was_killed_goes_on_and_replaces_and_tells_each_once(
    achievement: Achievement, cohort: Cohort, picture: actions.Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete(*classmates(cohort, 5))
    issue(achievement)
    redraw(achievement, picture)
    monkeypatch.setattr(issuing, "CHUNK", 2)
    run = replacing.start(Achievement.objects.get(), actor=None)
    issuing.issue_some(run.pk)
    ProcrastinateJob.objects.all()._raw_delete("default")  # The worker died, and its queue was lost.
    with pytest.raises(StillRunning):
        replacing.start(achievement, actor=None)

    tasks.resume()
    run_jobs()

    run.refresh_from_db()
    assert (run.state, run.done) == (RunState.DONE, 5)
    assert set(Award.objects.values_list("revision", "version__number", "anew_run")) == {(2, 2, None)}
    places = [*Award.objects.values_list("status_index", flat=True)]
    places += OldPlace.objects.values_list("status_index", flat=True)
    assert len(set(places)) == 10
    assert Notice.objects.filter(kind="badges.replaced").count() == 5


def test_who_is_revoked_over_or_stopped_stays_as_it_is(
    achievement: Achievement, cohort: Cohort, picture: actions.Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete(*classmates(cohort, 5))
    issue(achievement)
    redraw(achievement, picture)
    revoked, over, *_others = Award.objects.order_by("pk")
    actions.revoke(revoked, reason="x", actor=None)
    Award.objects.filter(pk=over.pk).update(expires_at=timezone.now())
    monkeypatch.setattr(issuing, "CHUNK", 1)
    run = replacing.start(Achievement.objects.get(), actor=None)
    issuing.issue_some(run.pk)

    assert (run.total, issuing.stop(run, actor=None)) == (3, 2)
    run_jobs()

    assert sorted(Award.objects.values_list("revision", flat=True)) == [1, 1, 1, 1, 2]
    assert replacing.in_need(Achievement.objects.get()).count() == 2
    assert Award.objects.get(pk=revoked.pk).is_revoked


def test_a_name_that_can_not_be_signed_keeps_its_badge(award: Award, picture: actions.Picture) -> None:
    redraw(award.achievement, picture)
    Person.objects.filter(pk=award.person_id).update(name="Bell\x07")
    achievement = Achievement.objects.get()
    found = replacing.preview_of(achievement)
    assert (found.replaced, found.nameless) == (0, 1)
    with pytest.raises(NothingToReplace):
        replacing.start(achievement, actor=None)


def test_the_organiser_is_led_to_it_looks_and_has_it_done(
    award: Award, picture: actions.Picture, organiser: Person
) -> None:
    Person.objects.filter(pk=organiser.pk).update(language="en")
    browser, cohort = signed_in(Person.objects.get(pk=organiser.pk)), award.achievement.cohort
    one = reverse("badges:achievement", args=[cohort.slug, award.achievement_id])
    page = reverse("badges:replace", args=[cohort.slug, award.achievement_id])
    assert "There is nothing to reissue" in text_of(browser.get(page))
    redraw(award.achievement, picture)
    assert page in browser.get(one).content.decode()
    assert "Reissue 1 badge" in text_of(browser.get(page))

    answer = browser.post(page)

    assert answer["Location"] == reverse(
        "badges:run", args=[cohort.slug, award.achievement_id, IssueRun.objects.latest("pk").pk]
    )
    assert "Reissuing" in text_of(browser.get(answer["Location"]))
    assert "already being issued" in text_of(browser.post(page, follow=True))


def test_replacing_costs_few_queries_however_many_there_are(
    achievement: Achievement, cohort: Cohort, picture: actions.Picture, django_assert_max_num_queries
) -> None:
    complete(*classmates(cohort, 30))
    issue(achievement)
    redraw(achievement, picture)
    achievement = Achievement.objects.get()
    with django_assert_max_num_queries(10):
        replacing.preview_of(achievement)
    with django_assert_max_num_queries(25):
        run = replacing.start(achievement, actor=None)
    with django_assert_max_num_queries(45):
        issuing.issue_some(run.pk)
    assert Client().get(Award.objects.with_badge().first().status_list.path).status_code == 200  # type: ignore[union-attr]
