"""The organiser's pages of rescorings: who may open them, what they show, and what they send away."""

import csv
import io

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campus.cases.models import CaseVersion, CohortCase, Step
from campus.cohorts.models import Cohort
from campus.live.rights import can_read
from campus.people.models import Person
from campus.rescoring.actions import switch
from campus.rescoring.models import Rescoring, RescoringState, ShadowStanding
from campus.submissions.models import Submission
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.rescoring.conftest import run_jobs
from tests.campus.submissions.pages import text_of

pytestmark = pytest.mark.django_db


def address(name: str, cohort: Cohort, *rest: object) -> str:
    return reverse(f"rescoring:{name}", args=[cohort.slug, *rest])


@pytest.fixture
def browser(organiser: Person) -> Client:
    return signed_in(organiser)


def pages_of(ready: Rescoring, step: Step) -> list[str]:
    cohort = ready.case.cohort
    return [
        address("rescorings", cohort),
        address("rescoring", cohort, ready.pk),
        address("progress", cohort, ready.pk),
        address("changes", cohort, ready.pk, step.key),
    ]


@pytest.mark.parametrize("who", ["learner", "mate", "facilitator", "mentor", "outsider"])
def test_only_organisers_of_the_cohort_rescore(
    who: str, ready: Rescoring, open_step: Step, request: pytest.FixtureRequest
) -> None:
    stranger = signed_in(request.getfixturevalue(who))
    cohort = ready.case.cohort

    assert {stranger.get(page).status_code for page in pages_of(ready, open_step)} == {404}
    for name in ("switch", "drop"):
        assert stranger.post(address(name, cohort, ready.pk)).status_code == 404
    assert stranger.post(address("rescorings", cohort), {"case": "daily-sales"}).status_code == 404
    ready.refresh_from_db()
    assert ready.state == RescoringState.READY


def test_strangers_are_sent_to_sign_in(ready: Rescoring, open_step: Step, client: Client) -> None:
    assert {client.get(page).status_code for page in pages_of(ready, open_step)} == {302}


def test_the_organiser_of_another_cohort_finds_nothing(ready: Rescoring, open_step: Step, other_cohort: Cohort) -> None:
    other = make_person("Betsu")
    enrol(other, other_cohort, "organiser")
    assert {signed_in(other).get(page).status_code for page in pages_of(ready, open_step)} == {404}
    assert signed_in(other).post(address("switch", other_cohort, ready.pk)).status_code == 404


def test_only_organisers_follow_its_progress(ready: Rescoring, organiser: Person, learner: Person) -> None:
    assert can_read(organiser, ready.stream) is True
    assert can_read(learner, ready.stream) is False


def test_from_the_form_to_the_switch(
    browser: Client, cohort: Cohort, open_cohort_case: CohortCase, work: list[Submission], mended: CaseVersion
) -> None:
    page = browser.get(address("rescorings", cohort))
    assert "1.1.0" in text_of(page)

    sent = {"case": "daily-sales", "daily-sales-to_version": mended.pk, "daily-sales-reason": "正解を直しました。"}
    answer = browser.post(address("rescorings", cohort), sent)
    begun = Rescoring.objects.get()
    assert answer["Location"] == address("rescoring", cohort, begun.pk)
    assert 'max="3"' in browser.get(answer["Location"]).content.decode()
    run_jobs()

    page = browser.get(answer["Location"])
    assert "switch-dialog" in page.content.decode()
    answer = browser.post(address("switch", cohort, begun.pk), follow=True)
    assert "switch-dialog" not in answer.content.decode()
    assert CohortCase.objects.get().case_version == mended


def test_a_reason_is_asked_for_and_the_choice_is_kept(
    browser: Client, cohort: Cohort, work: list[Submission], mended: CaseVersion
) -> None:
    answer = browser.post(address("rescorings", cohort), {"case": "daily-sales", "daily-sales-to_version": mended.pk})
    assert (answer.status_code, Rescoring.objects.count()) == (422, 0)
    assert f'value="{mended.pk}"' in answer.content.decode()


def test_the_list_of_rescorings_narrows_and_downloads(browser: Client, ready: Rescoring) -> None:
    page = address("rescorings", ready.case.cohort)
    assert [browser.get(page, {"words": word}).context["listing"].total for word in (ready.reason, "ない")] == [1, 0]
    _header, line = browser.get(page, {"export": "csv"}).text.splitlines()
    assert line.split(",")[1:4] == [str(ready.case), "1.0.0 → 1.1.0", ready.reason]


def test_the_list_names_who_moves_and_downloads_as_a_table(browser: Client, ready: Rescoring, open_step: Step) -> None:
    page = address("changes", ready.case.cohort, ready.pk, open_step.key)
    text = text_of(browser.get(page))
    assert "Hanako" in text
    assert "Taro" in text

    file = browser.get(page, {"export": "csv"})
    content = b"".join(file) if file.streaming else file.content
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row[:3] for row in rows[1:]] == [["Taro", "2", "1"], ["Hanako", "1", "2"]]


def test_final_scores_are_shown_only_after_the_close(browser: Client, ready: Rescoring, open_step: Step) -> None:
    page = address("changes", ready.case.cohort, ready.pk, open_step.key)
    before = browser.get(page, {"export": "csv"})
    Step.objects.filter(pk=open_step.pk).update(closes_at=timezone.now())
    after = browser.get(page, {"export": "csv"})

    def width(answer: object) -> int:
        content = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined,call-overload]
        return len(content.decode("utf-8-sig").splitlines()[0].split(","))

    assert width(after) > width(before)


def test_a_step_of_another_case_has_no_changes_here(browser: Client, ready: Rescoring) -> None:
    assert browser.get(address("changes", ready.case.cohort, ready.pk, "nowhere")).status_code == 404


def test_a_page_costs_few_queries(
    browser: Client, ready: Rescoring, open_step: Step, django_assert_max_num_queries
) -> None:
    for page in pages_of(ready, open_step):
        with django_assert_max_num_queries(20):
            assert browser.get(page).status_code == 200


def test_the_page_of_the_step_says_why_ones_scores_have_changed(
    ready: Rescoring, open_step: Step, organiser: Person, learner: Person, mate: Person
) -> None:
    page = reverse("submissions:hand_in", args=[ready.case.cohort.slug, ready.case.slug, open_step.key])
    assert ready.reason not in text_of(signed_in(learner).get(page)), "nothing is told before the switch"

    switch(ready, actor=organiser)
    for who in (learner, mate):
        assert f"理由：{ready.reason}" in text_of(signed_in(who).get(page))
    ShadowStanding.objects.filter(enrolment__person=mate).update(
        public_place=F("public_place_before"), public_values=F("public_values_before"),
        private_place=F("private_place_before"), private_values=F("private_values_before"),
    )  # fmt: skip
    assert ready.reason not in text_of(signed_in(mate).get(page)), "only those concerned are told"
