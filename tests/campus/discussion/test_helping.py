"""Questions that wait are offered to who may know, once, and then stand on the facilitator's page; by a given clock."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cases.models import Step
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, StudyClass
from campus.discussion import moderation
from campus.discussion.actions import accept_answer, set_thanks
from campus.discussion.helping import able_people, offer_unanswered, unanswered_for
from campus.discussion.models import Level, Offer, Place, Thread, Topic
from campus.discussion.reading import set_level
from campus.notices.models import Mail, Notice
from campus.people.models import Person
from campus.submissions.models import Submission
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.discussion.conftest import ask, say

pytestmark = pytest.mark.django_db
UNANSWERED = "/cohorts/spring/desk/discussion/unanswered/"


def hours(count: float) -> datetime:
    """That many hours from now."""
    return timezone.now() + timedelta(hours=count)


@pytest.fixture
def finisher(learner: Person, submission: Submission) -> Person:
    """Has handed in the open step."""
    return learner


@pytest.fixture
def question(places: dict[str, Place], mate: Person) -> Thread:
    """Of somebody else, about that step."""
    return ask(places["step"], mate, title="締切の扱い")


class TestWhoIsAsked:
    def test_after_four_hours_whoever_finished_the_step_is_asked_once(
        self, question: Thread, finisher: Person, stranger: Person
    ) -> None:
        assert offer_unanswered(hours(3.9)) == 0
        assert offer_unanswered(hours(4.1)) == 1
        assert offer_unanswered(hours(4.2)) == 0
        assert [offer.person for offer in Offer.objects.all()] == [finisher]
        assert Notice.objects.get(person=finisher).kind == "discussion.offer"
        assert Mail.objects.filter(person=finisher, kind="discussion.offer").count() == 1

    def test_then_whoever_was_thanked_for_the_topic(
        self, places: dict[str, Place], learner: Person, mate: Person, stranger: Person, cohort: Cohort
    ) -> None:
        topic = Topic.objects.create(cohort=cohort, title_ja="データ", title_en="Data")
        helped, elsewhere = ask(places["cohort"], learner), ask(places["cohort"], learner)
        Thread.objects.filter(pk=helped.pk).update(topic=topic)
        set_thanks(post=say(helped, stranger), person=learner, is_thankful=True)
        set_thanks(post=say(elsewhere, mate), person=learner, is_thankful=True)
        question = ask(places["cohort"], learner)
        Thread.objects.filter(pk=question.pk).update(topic=topic)
        question.refresh_from_db()
        assert able_people(question, timezone.now()) == [stranger, mate]

    def test_five_at_most(self, places: dict[str, Place], learner: Person, cohort: Cohort) -> None:
        thread = ask(places["cohort"], learner)
        for number in range(7):
            helper = make_person(f"Helper{number}")
            enrol(helper, cohort)
            set_thanks(post=say(thread, helper), person=learner, is_thankful=True)
        question = ask(places["cohort"], learner)
        offer_unanswered(hours(5))
        assert Offer.objects.filter(thread=question).count() == 5

    def test_nobody_is_asked_again_within_a_day(self, places: dict[str, Place], finisher: Person, mate: Person) -> None:
        ask(places["step"], mate, title="一つ目")
        offer_unanswered(hours(5))
        second = ask(places["step"], mate, title="二つ目")
        assert offer_unanswered(hours(6)) == 0
        assert offer_unanswered(hours(5 + 25)) == 1
        assert Offer.objects.filter(thread=second, person=finisher).exists()

    @pytest.mark.parametrize("reason", ["asker", "paused", "muted", "suspended", "staff", "no reader"])
    def test_not_asked_is(
        self,
        reason: str,
        places: dict[str, Place],
        finisher: Person,
        mate: Person,
        enrolment: Enrolment,
        organiser: Person,
        other_class: StudyClass,
        cohort: Cohort,
    ) -> None:
        place = places["class"] if reason == "no reader" else places["step"]
        question = ask(place, finisher if reason == "asker" else mate)
        if reason == "paused":
            Enrolment.objects.filter(pk=enrolment.pk).update(state=EnrolmentState.PAUSED)
        elif reason == "muted":
            set_level(thread=question, person=finisher, level=Level.MUTE)
        elif reason == "suspended":
            moderation.suspend(person=finisher, cohort=cohort, until=hours(100), actor=organiser)
        elif reason == "staff":
            Enrolment.objects.filter(pk=enrolment.pk).update(role="mentor")
        elif reason == "no reader":
            Enrolment.objects.filter(pk=enrolment.pk).update(study_class=other_class)
        assert finisher not in able_people(question, timezone.now())

    @pytest.mark.parametrize("state", ["replied", "accepted", "locked", "hidden", "talk", "old"])
    def test_nothing_is_offered_of_what_does_not_wait(
        self, state: str, question: Thread, finisher: Person, mate: Person, organiser: Person
    ) -> None:
        if state == "replied":
            say(question, finisher)
        elif state == "accepted":
            accept_answer(thread=question, post=say(question, mate))
        elif state == "locked":
            moderation.set_locked(thread=question, is_locked=True, actor=organiser)
        elif state == "hidden":
            moderation.set_hidden(thread=question, is_hidden=True, actor=organiser)
        elif state == "talk":
            Thread.objects.filter(pk=question.pk).update(kind="talk")
        assert offer_unanswered(hours(24 * 8 if state == "old" else 5)) == 0

    def test_the_askers_own_further_words_are_no_answer(
        self, question: Thread, finisher: Person, mate: Person, organiser: Person
    ) -> None:
        say(question, mate, "補足です。")
        moderation.hide_post(post=say(question, finisher, "?"), actor=organiser)
        assert offer_unanswered(hours(5)) == 1

    def test_whoever_may_know_only_later_is_asked_later(
        self, places: dict[str, Place], learner: Person, mate: Person, open_step: Step
    ) -> None:
        question = ask(places["cohort"], mate)
        assert offer_unanswered(hours(5)) == 0
        helped = ask(places["cohort"], mate)
        set_thanks(post=say(helped, learner), person=mate, is_thankful=True)
        assert offer_unanswered(hours(6)) == 1
        assert Offer.objects.get().thread == question


class TestTheFacilitatorsPage:
    def test_a_question_stands_there_after_twenty_hours(
        self, places: dict[str, Place], mate: Person, facilitator: Person, cohort: Cohort
    ) -> None:
        question = ask(places["class"], mate)
        assert list(unanswered_for(facilitator, cohort, now=hours(19.9))) == []
        assert list(unanswered_for(facilitator, cohort, now=hours(20.1))) == [question]

    def test_the_page_shows_what_waits_and_to_how_many_it_was_offered(
        self, question: Thread, finisher: Person, facilitator: Person
    ) -> None:
        offer_unanswered(hours(5))
        Thread.objects.filter(pk=question.pk).update(created_at=hours(-21))
        shown = signed_in(facilitator).get(UNANSWERED).content.decode()
        assert "締切の扱い" in shown
        assert "1人に声をかけました" in shown

    def test_the_list_is_narrowed_and_downloaded(
        self, places: dict[str, Place], mate: Person, facilitator: Person
    ) -> None:
        old, young = ask(places["class"], mate, title="古い質問"), ask(places["class"], mate, title="新しい質問")
        Thread.objects.filter(pk=old.pk).update(created_at=hours(-21))

        def titles(query: str = "") -> list[str]:
            answer = signed_in(facilitator).get(f"{UNANSWERED}?{query}&export=csv").content.decode("utf-8-sig")
            return [line.split(",")[0] for line in answer.splitlines()[1:]]

        assert titles() == [old.title]
        assert titles("all=1") == [old.title, young.title]
        assert titles("all=1&words=新しい") == [young.title]
        assert titles("all=1&words=Taro") == [old.title, young.title]

    def test_other_classes_questions_are_not_shown(
        self, places: dict[str, Place], mate: Person, other_facilitator: Person, cohort: Cohort
    ) -> None:
        ask(places["class"], mate)
        assert list(unanswered_for(other_facilitator, cohort, now=hours(21))) == []

    def test_learners_mentors_and_outsiders_have_no_such_page(
        self, learner: Person, mentor: Person, outsider: Person
    ) -> None:
        for person in (learner, mentor, outsider):
            assert signed_in(person).get(UNANSWERED).status_code == 404

    def test_many_questions_cost_no_more_queries(
        self,
        places: dict[str, Place],
        learner: Person,
        facilitator: Person,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        Thread.objects.bulk_create(
            Thread(place=places["class"], title=f"質問{n}", author=learner, last_number=1) for n in range(40)
        )
        client = signed_in(facilitator)
        client.get(UNANSWERED)
        with django_assert_max_num_queries(24):
            assert "質問1" in client.get(UNANSWERED, {"all": "1"}).content.decode()
