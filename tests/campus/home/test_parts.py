"""What staff see of a cohort at home: whom to speak with, what waits for mentors, how it runs; and who may not."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cases.models import CohortCase, Step
from campus.cohorts.models import Cohort, Enrolment, Role, StudyClass
from campus.deliverables.models import Deliverable
from campus.discussion.models import Thread
from campus.discussion.moderation import flag
from campus.discussion.places import place_of, whole_places
from campus.home.models import FirstPage
from campus.mentoring import actions as mentoring
from campus.mentoring.actions import Judgement
from campus.people.models import Person
from campus.teams.models import Team
from tests.campus.cast import enrol, make_person, reschedule, signed_in
from tests.campus.deliverables.files import handed_in
from tests.campus.discussion.conftest import ask

pytestmark = pytest.mark.django_db
PARTS = {name: f"/cohorts/spring/at-home/{name}/" for name in ("learners", "queue", "course")}
DAY = timedelta(days=1)


def part(person: Person, name: str) -> object:
    """As the home page loads it."""
    return signed_in(person).get(PARTS[name], headers={"HX-Request": "true"})


@pytest.fixture
def proposal(cohort_case: CohortCase) -> Step:
    """Handed in by teams, open."""
    step = Step.objects.with_case().get(cohort_case=cohort_case, key="proposal")
    return reschedule(step, opens=-2 * DAY, closes=3 * DAY)


@pytest.fixture
def work(proposal: Step, team: Team, enrolment: Enrolment) -> Deliverable:
    return handed_in(proposal, enrolment, text="課題は廃棄です。")


@pytest.fixture
def elsewhere(cohort: Cohort, open_step: Step) -> Enrolment:
    """A learner of another class who has not been here since enrolling."""
    other = StudyClass.objects.create(cohort=cohort, name="B")
    enrolment = enrol(make_person("Betsu"), cohort, study_class=other)
    Enrolment.objects.filter(cohort=cohort).update(enrolled_at=timezone.now() - 15 * DAY)
    return enrolment


def old_question(subject: Cohort | StudyClass, author: Person) -> Thread:
    """Without an answer for a day."""
    thread = ask(whole_places().get(pk=place_of(subject).pk), author, title="単位は何ですか")
    Thread.objects.filter(pk=thread.pk).update(created_at=timezone.now() - DAY)
    return thread


def test_facilitators_see_their_silent_learners_and_the_questions_that_wait(
    facilitator: Person, study_class: StudyClass, learner: Person, mate: Person, elsewhere: Enrolment
) -> None:
    question = old_question(study_class, mate)
    flag(post=question.posts.get(), person=learner, reason="other", note="")
    page = part(facilitator, "learners")
    care = page.context["care"]
    assert {concern.line.name for concern in care.today.silent} == {"Hanako", "Taro"}
    assert (care.unanswered_count, [one.title for one in care.unanswered]) == (1, ["単位は何ですか"])
    assert care.flagged_count == 1
    assert "Betsu" not in page.text
    assert care.funnel["labels"][0] == "参加開始"


def test_organisers_see_all_learners_from_application_on(
    organiser: Person, learner: Person, mate: Person, elsewhere: Enrolment
) -> None:
    care = part(organiser, "learners").context["care"]
    assert len(care.today.waiting) == 3
    assert care.funnel["labels"][0] == "応募"
    assert care.funnel["across"]
    assert care.write_address.startswith("/cohorts/spring/desk/announcements/new/?criterion_")
    assert signed_in(organiser).get(care.write_address).status_code == 200


def test_a_mentor_sees_what_waits_why_and_what_is_new_since_last_time(
    mentor: Person, work: Deliverable, learner: Person
) -> None:
    page = part(mentor, "queue")
    assert [entry.pk for entry in page.context["judging"].first] == [work.pk]
    assert "まだ誰からもメンター講評を受けていません。" in page.text
    assert page.context["judging"].new == []
    FirstPage.objects.filter(person=mentor).update(stay_before_at=timezone.now() - DAY)
    assert [entry.pk for entry in part(mentor, "queue").context["judging"].new] == [work.pk]


def test_a_mentor_sees_answers_and_her_load_against_the_cap(mentor: Person, work: Deliverable, learner: Person) -> None:
    as_mentor = mentor.enrolments.select_related("person", "cohort").get()
    thread = mentoring.comment(deliverable=work, mentor=as_mentor, anchor="", text="なぜですか。")
    FirstPage.objects.create(person=mentor, stay_before_at=timezone.now() - DAY)
    judging = part(mentor, "queue").context["judging"]
    assert (len(judging.drafts), judging.most, judging.is_full, judging.answers) == (1, 5, False, [])
    mentoring.release(deliverable=work, mentor=as_mentor, judgement=Judgement(advice="筋の通った提案です。"))
    mentoring.answer(thread=thread, text="廃棄が多いためです。", author=learner)
    page = part(mentor, "queue")
    assert [answer.text for answer in page.context["judging"].answers] == ["廃棄が多いためです。"]
    assert page.context["judging"].first == []


def test_organisers_see_how_the_cohort_runs(organiser: Person, mentor: Person, work: Deliverable) -> None:
    page = part(organiser, "course")
    course = page.context["course"]
    assert (course.grading.waiting, course.mails_in_trouble, course.waiting_for_mentors) == (0, 0, 1)
    assert not course.processes.are_well
    assert course.dates[0].what.startswith("「")
    assert sorted(date.at for date in course.dates) == [date.at for date in course.dates]
    assert 'href="/cohorts/spring/desk/completion/what-if/?moved=all&amp;days=7"' in page.text


def test_nobody_else_sees_the_parts(
    learner: Person, facilitator: Person, mentor: Person, outsider: Person, client: Client
) -> None:
    may_not = {"learners": [learner, mentor, outsider], "queue": [learner, facilitator, outsider]}
    may_not["course"] = [learner, facilitator, mentor, outsider]
    for name, people in may_not.items():
        assert {part(person, name).status_code for person in people} == {404}
        assert client.get(PARTS[name], headers={"HX-Request": "true"}).status_code == 302


def test_whoever_opens_a_part_by_its_address_comes_to_the_home_page(facilitator: Person) -> None:
    assert signed_in(facilitator).get(PARTS["learners"])["Location"] == "/"


def test_home_offers_the_parts_by_role_with_a_way_that_needs_no_script(
    cohort: Cohort, organiser: Person, facilitator: Person, mentor: Person, learner: Person
) -> None:
    def keys(person: Person) -> list[str]:
        return [one.key for one in signed_in(person).get("/").context["cohorts"][0].parts]

    assert [keys(one) for one in (facilitator, mentor, learner)] == [["learners"], ["queue"], []]
    enrol(organiser, cohort, Role.MENTOR)
    assert keys(organiser) == ["queue", "learners", "course"]
    page = signed_in(organiser).get("/").text
    assert 'hx-get="/cohorts/spring/at-home/learners/"' in page
    assert 'href="/cohorts/spring/desk/"' in page


def test_each_part_asks_the_database_little(
    organiser: Person,
    mentor: Person,
    work: Deliverable,
    elsewhere: Enrolment,
    study_class: StudyClass,
    learner: Person,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    old_question(study_class, learner)
    for person, name in [(organiser, "learners"), (organiser, "course"), (mentor, "queue")]:
        browser = signed_in(person)
        browser.get("/")
        with django_assert_max_num_queries(30):
            browser.get(PARTS[name], headers={"HX-Request": "true"})
