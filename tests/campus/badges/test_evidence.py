"""Evidence beside a badge: only what the holder ticked, only true of the holder, only where the page may be seen."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campus.badges import actions
from campus.badges.evidence import evidence_of
from campus.badges.models import Award, Evidence
from campus.cases.models import CohortCase, Step, StepBy, StepKind
from campus.cohorts.models import Enrolment
from campus.people.models import Person
from campus.reviews.decisions import Stage
from campus.reviews.models import Assignment, Review, ReviewRound, Share, Work
from campus.teams.models import Membership, Team
from tests.campus.cast import reschedule, signed_in
from tests.campus.deliverables.files import handed_in
from tests.campus.submissions.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
EVERYTHING = [str(kind) for kind in Evidence]
TITLES = ("Work handed in", "Reviews given to others", "Help for others")


@pytest.fixture
def proposal(cohort_case: CohortCase) -> Step:
    """Handed in person by person; open."""
    step = Step.objects.with_case().get(cohort_case=cohort_case, key="proposal")
    step.by = StepBy.PERSON
    return reschedule(step, opens=timedelta(days=-9), closes=timedelta(days=1))


@pytest.fixture
def review(proposal: Step, enrolment: Enrolment, mate_enrolment: Enrolment) -> Review:
    """Both have handed in, and the learner has reviewed her mate."""
    handed_in(proposal, enrolment)
    deliverable = handed_in(proposal, mate_enrolment)
    peers = Step.objects.create(
        cohort_case=proposal.cohort_case,
        key="peers",
        title_ja="相互評価",
        title_en="Peer review",
        position=proposal.position + 1,
        kind=StepKind.REVIEW,
        opens_at=proposal.opens_at,
        closes_at=proposal.closes_at,
    )
    peer_review = ReviewRound.objects.create(step=peers, judged=proposal, reviews_each=1)
    work = Work.objects.create(round=peer_review, enrolment=mate_enrolment, deliverable=deliverable)
    share = Share.objects.create(round=peer_review, enrolment=enrolment)
    given = Assignment.objects.create(
        share=share, work=work, deliverable=deliverable, stage=Stage.GIVEN, given_at=timezone.now()
    )
    return Review.objects.create(assignment=given, advice="数字の根拠を足しましょう。")


@pytest.fixture
def helped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three posts of hers were thanked for."""
    monkeypatch.setattr("campus.badges.evidence.helped_in", lambda _cohort, people: dict.fromkeys(people, 3))


def shown(award: Award) -> dict[str, list[str]]:
    return {one.title: one.lines for one in evidence_of(award)}


def page(award: Award, reader: Client | None = None) -> str:
    return text_of((reader or Client(headers={"accept-language": "en"})).get(award.path))


def test_nothing_is_shown_that_was_not_ticked_and_what_is_unticked_is_gone_at_once(
    review: Review, helped: None, public: Award
) -> None:
    assert not any(title in page(public) for title in TITLES)
    for kind, title in zip(EVERYTHING, TITLES, strict=True):
        actions.share(public, is_public=True, evidence=[kind])
        assert [one for one in TITLES if one in page(public)] == [title]

    actions.share(public, is_public=True, evidence=[])
    assert not any(title in page(public) for title in TITLES)


def test_it_tells_facts_and_neither_scores_nor_texts_nor_other_people(
    review: Review, helped: None, public: Award, mate: Person
) -> None:
    public.evidence = EVERYTHING
    found = shown(public)
    step = review.assignment.work.round.judged

    assert found["Reviews given to others"] == ["Peer review: 1 review"]
    assert found["Help for others"] == ["3 posts that helped others"]
    (line,) = found["Work handed in"]  # The review is no work of its own.
    assert line.startswith(f"{step.title}, handed in on ")
    assert str(timezone.localdate().year) in line
    actions.share(public, is_public=True, evidence=EVERYTHING)
    text = page(public)
    assert not any(words in text for words in (mate.name, "数字の根拠", "課題は廃棄です"))


@pytest.mark.parametrize("who", ["mate", "facilitator", "mentor", "outsider", None])
def test_of_a_badge_that_is_not_shown_nobody_else_reads_the_evidence(
    who: str | None, review: Review, helped: None, award: Award, request: pytest.FixtureRequest
) -> None:
    actions.share(award, is_public=False, evidence=EVERYTHING)
    reader = signed_in(request.getfixturevalue(who)) if who else Client(headers={"accept-language": "en"})

    assert reader.get(award.path).status_code == 404
    assert not any(title in page(award, reader) for title in TITLES)


def test_evidence_never_enters_what_is_signed_or_what_a_check_tells(
    review: Review, helped: None, public: Award
) -> None:
    actions.share(public, is_public=True, evidence=EVERYTHING)
    browser = Client(headers={"accept-language": "en"})

    assert "evidence" not in browser.get(reverse("badges:credential", args=[public.uid])).json()
    assert "evidence" not in browser.get(reverse("badges:assertion", args=[public.uid])).json()
    told = text_of(browser.post(reverse("badges:verify"), {"text": public.credential.document}))
    assert not any(title in told for title in TITLES)


def test_a_review_that_was_set_aside_does_not_count(review: Review, award: Award) -> None:
    award.evidence = [Evidence.REVIEWS]
    Review.objects.filter(pk=review.pk).update(set_aside_at=timezone.now())
    assert shown(award) == {}


def test_what_a_team_did_counts_for_who_was_in_it_then(
    proposal: Step, team: Team, enrolment: Enrolment, mate_enrolment: Enrolment, award: Award
) -> None:
    Step.objects.filter(pk=proposal.pk).update(by=StepBy.TEAM)
    handed_in(Step.objects.with_case().get(pk=proposal.pk), mate_enrolment)
    award.evidence = [Evidence.SUBMISSIONS]
    hers = Membership.objects.filter(enrolment=enrolment)

    assert list(shown(award)) == ["Work handed in"]
    hers.update(joined_at=timezone.now() + timedelta(minutes=1))
    assert shown(award) == {}
    hers.update(joined_at=timezone.now() - timedelta(days=3), left_at=timezone.now() - timedelta(days=2))
    assert shown(award) == {}
