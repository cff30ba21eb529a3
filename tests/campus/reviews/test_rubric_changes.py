"""Changing a rubric after reviews exist: what it would change first, then for everybody at once."""

import pytest
from django.test import Client

from campus.cases.models import CaseVersion, Step
from campus.cohorts.models import AuditEntry
from campus.notices.models import Notice
from campus.rescoring.queries import fits
from campus.rescoring.signals import switched
from campus.reviews import actions
from campus.reviews.models import Assignment, ReviewRound, RubricChange, Work
from campus.reviews.results import shown_result, work_out
from campus.reviews.rubric_changes import drop_draft, effect_of, save_draft, switch, version_of
from campus.reviews.rubric_forms import RubricChangeForm
from campus.reviews.rubrics import rubric_of
from tests.campus.cast import signed_in
from tests.campus.reviews.reviewing import COMMENT

pytestmark = pytest.mark.django_db
CLARITY = {
    "key": "clarity",
    "label": {"ja": "分かりやすさ", "en": "Clarity"},
    "description": {"ja": "読み手に伝わるか", "en": "Does the reader understand it?"},
    "steps": ["proposal"],
    "levels": [
        {"points": 1, "text": {"ja": "伝わらない", "en": "No"}},
        {"points": 3, "text": {"ja": "伝わる", "en": "Yes"}},
    ],
}
WEIGHED = {"impact": {"weight": 3}}
REASON = "効果をより重くみるためです。"


@pytest.fixture
def judged(judged):
    """The rubric has two criteria: impact and clarity."""
    version = judged.case_version
    version.manifest["rubric"].append(CLARITY)
    version.manifest["review_samples"] = []
    version.save()
    return judged


@pytest.fixture
def reviewed(round, authors):
    """Everybody found the impact of what she read high and its clarity low, but of the learner's work the reverse."""
    own = Work.objects.get(round=round, enrolment=authors[0])
    for one in Assignment.objects.with_all().open():
        marks = {"impact": 1, "clarity": 3} if one.work_id == own.pk else {"impact": 3, "clarity": 1}
        actions.give(assignment=one, written=actions.Written(marks, dict.fromkeys(marks, COMMENT), COMMENT))
    work_out(round)
    return round


def address(round):
    return f"/cohorts/spring/desk/reviews/{round.pk}/rubric/"


def typed(round, **changes):
    form = RubricChangeForm(step=round.judged, draft=None)
    return {name: form[name].value() for name in form.fields} | {"reason": REASON} | changes


def value_of(round, enrolment):
    work = Work.objects.get(round=round, enrolment=enrolment)
    work.round = round
    return shown_result(work).overall.value


def test_nobody_but_the_organiser_sees_or_changes_it(reviewed, learner, outsider, facilitator, mentor):
    save_draft(round=reviewed, criteria=WEIGHED, reason=REASON, actor=learner)
    for person in (learner, outsider, facilitator, mentor):
        browser = signed_in(person)
        assert browser.get(address(reviewed)).status_code == 404
        for wish in ("", "switch", "drop"):
            assert browser.post(address(reviewed), {"do": wish}).status_code == 404
    assert Client().post(address(reviewed), {"do": "drop"}).status_code == 302
    assert (RubricChange.objects.count(), Step.objects.exclude(rubric_changes={}).count()) == (1, 0)


def test_a_draft_shows_whose_value_would_change_and_changes_nothing(reviewed, organiser, authors):
    before = value_of(reviewed, authors[0])
    browser = signed_in(organiser)

    saved = browser.post(address(reviewed), typed(reviewed, **{"weight-impact": "3"}))
    page = browser.get(address(reviewed))

    effect = page.context["effect"]
    assert (saved.status_code, RubricChange.objects.get().criteria) == (302, WEIGHED)
    assert (effect.works, len(effect.shifts), effect.reworded) == (5, 5, [])
    assert [(one.key, now, then) for one, now, then in effect.reweighed] == [("impact", 1, 3)]
    own = next(one for one in effect.shifts if one.work.enrolment == authors[0])
    assert own.difference < 0 < effect.shifts[-1 if effect.shifts[0] is own else 0].difference
    assert value_of(reviewed, authors[0]) == before


def test_switching_changes_values_at_once_as_shown_and_tells_their_authors(reviewed, organiser, authors):
    draft = save_draft(round=reviewed, criteria=WEIGHED, reason=REASON, actor=organiser)
    promised = {one.work.enrolment_id: one.after.value for one in effect_of(reviewed, WEIGHED).shifts}

    switch(round=reviewed, seen=version_of(draft), actor=organiser)

    assert {one.pk: value_of(reviewed, one) for one in authors} == promised
    assert rubric_of(Step.objects.with_case().get(pk=reviewed.judged_id)).weights == {"impact": 3, "clarity": 1}
    told = Notice.objects.filter(kind="reviews.rubric_changed")
    assert {one.person for one in told} == {one.person for one in authors}
    assert told.first().context["reason"] == REASON
    entry = AuditEntry.objects.get(action="reviews.rubric_changed")
    assert (entry.actor, entry.details) == (organiser, {"criteria": "impact", "works": 5})


def test_other_words_reach_readers_forms_and_everybody_in_the_round_but_no_value(reviewed, organiser, authors):
    words = {"ja": "店の利益への効果", "en": "Gain for the shop"}
    change = {"impact": {"label": words, "levels": {"3": {"ja": "円で示す", "en": "In yen"}}}}
    draft = save_draft(round=reviewed, criteria=change, reason=REASON, actor=organiser)

    effect = switch(round=reviewed, seen=version_of(draft), actor=organiser)

    (impact, _clarity) = rubric_of(reviewed.judged)
    assert (effect.shifts, impact.label, impact.levels[1].text["en"]) == ([], words, "In yen")
    assert Notice.objects.filter(kind="reviews.rubric_changed").count() == len(authors)
    page = signed_in(authors[0].person).get("/cohorts/spring/cases/daily-sales/steps/proposal/").content.decode()
    assert words["ja"] in page or words["en"] in page
    received = signed_in(authors[0].person).get("/cohorts/spring/cases/daily-sales/peers/reviews/received/")
    assert REASON in received.content.decode()


def test_a_draft_that_was_changed_or_decided_meanwhile_is_not_switched_to(reviewed, organiser):
    seen = version_of(save_draft(round=reviewed, criteria=WEIGHED, reason=REASON, actor=organiser))
    save_draft(round=reviewed, criteria={"impact": {"weight": 0}}, reason=REASON, actor=organiser)
    browser = signed_in(organiser)

    browser.post(address(reviewed), {"do": "switch", "seen": seen})
    drop_draft(round=reviewed)
    browser.post(address(reviewed), {"do": "switch", "seen": seen})

    assert (
        Step.objects.exclude(rubric_changes={}).count(),
        Notice.objects.filter(kind__contains="rubric").count(),
    ) == (0, 0)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Nothing has been changed yet"),
        ({"weight-impact": "0", "weight-clarity": "0"}, "at least one criterion"),
        ({"weight-impact": "9"}, "less than or equal to 5"),
        ({"weight-impact": "2", "reason": ""}, "Enter a reason"),
        ({"words-impact-label-ja": ""}, "required"),
    ],
)
def test_a_form_that_makes_no_sense_says_what_to_do_and_keeps_what_was_typed(reviewed, changes, words):
    form = RubricChangeForm(typed(reviewed, **changes), step=reviewed.judged, draft=None)

    assert words in str(form.errors)
    assert {name: form[name].value() for name in changes} == changes


def test_dropped_nothing_has_changed_and_a_new_draft_can_be_made(reviewed, organiser):
    save_draft(round=reviewed, criteria=WEIGHED, reason=REASON, actor=organiser)
    browser = signed_in(organiser)

    dropped = browser.post(address(reviewed), {"do": "drop"})
    again = browser.post(address(reviewed), typed(reviewed, **{"weight-clarity": "2"}))

    assert (dropped.status_code, again.status_code) == (302, 302)
    assert RubricChange.objects.get().criteria == {"clarity": {"weight": 2}}


def test_the_page_costs_few_queries(reviewed, organiser, django_assert_max_num_queries):
    save_draft(round=reviewed, criteria=WEIGHED, reason=REASON, actor=organiser)
    with django_assert_max_num_queries(40):
        signed_in(organiser).get(address(reviewed))


def test_a_rescoring_keeps_to_the_points_of_the_rubric_and_works_reviews_out_again(reviewed):
    version = reviewed.judged.case_version
    other = CaseVersion(slug=version.slug, version="9", features_digest=version.features_digest, pk=version.pk + 1)
    other.manifest = version.manifest | {"rubric": [one for one in version.manifest["rubric"] if one != CLARITY]}
    same = CaseVersion(slug=version.slug, version="9", features_digest=version.features_digest, pk=version.pk + 1)
    same.manifest = version.manifest

    switched.send(sender=None, case=reviewed.step.cohort_case)

    assert (fits(reviewed.step.cohort_case, other), fits(reviewed.step.cohort_case, same)) == (False, True)
    assert ReviewRound.objects.get().has_news
