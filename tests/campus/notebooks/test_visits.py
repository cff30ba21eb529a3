"""Who may open a learner's notebook, and that the learner hears of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cohorts.models import AuditEntry, Cohort, Enrolment, Role, StudyClass
from campus.notebooks.actions import MayNot, record_visit
from campus.notebooks.models import Visit
from campus.notebooks.names import hub_name
from campus.notices.models import Notice
from campus.people.models import Person
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.notebooks.hub_server import SmallHub

pytestmark = pytest.mark.django_db
LIST = "/cohorts/spring/desk/notebooks/"


@pytest.fixture
def other_facilitator(cohort: Cohort) -> Person:
    """Of another class of the cohort."""
    person = make_person("Fuyu")
    other = StudyClass.objects.create(cohort=cohort, name="B")
    other.facilitators.add(enrol(person, cohort, Role.FACILITATOR))
    return person


class TestRecord:
    def test_the_owner_hears_of_it_once_a_day_and_sees_every_visit(self, mentor: Person, learner: Person) -> None:
        record_visit(visitor=mentor, owner=learner)
        Visit.objects.update(last_at=timezone.now() - timedelta(minutes=11))
        record_visit(visitor=mentor, owner=learner)
        assert Visit.objects.to(learner).count() == 2
        notice = Notice.objects.get(person=learner)
        assert (notice.kind, notice.url) == ("notebooks.visited", "/account/notebook/")
        page = signed_in(learner).get("/account/notebook/").content.decode()
        assert page.count("Megumi") == 2

    def test_who_comes_back_at_once_is_on_the_same_visit(self, mentor: Person, learner: Person) -> None:
        first = record_visit(visitor=mentor, owner=learner)
        again = record_visit(visitor=mentor, owner=learner)
        assert again == first
        assert again.last_at > again.began_at
        assert AuditEntry.objects.filter(action="notebook.visited").count() == 1

    def test_the_audit_log_says_who_and_whose_and_nothing_personal(
        self, organiser: Person, learner: Person, enrolment: Enrolment
    ) -> None:
        record_visit(visitor=organiser, owner=learner)
        entry = AuditEntry.objects.get(action="notebook.visited")
        assert (entry.actor, entry.subject, entry.details) == (organiser, f"enrolment:{enrolment.pk}", {})
        page = signed_in(organiser).get("/cohorts/spring/desk/audit/").content.decode()
        assert "のノートブックを開きました" in page

    def test_the_facilitator_of_the_own_class_may(self, facilitator: Person, learner: Person) -> None:
        assert record_visit(visitor=facilitator, owner=learner).owner == learner

    def test_who_may_not(
        self,
        learner: Person,
        mate: Person,
        outsider: Person,
        other_facilitator: Person,
        mentor: Person,
        organiser: Person,
    ) -> None:
        operator = make_person("Ops", is_staff=True)
        forbidden = [
            (mate, learner),
            (learner, learner),
            (outsider, learner),
            (other_facilitator, learner),
            (operator, learner),
            (learner, mentor),
            (mentor, organiser),
            (organiser, mentor),
            (mentor, outsider),
        ]
        for visitor, owner in forbidden:
            with pytest.raises(MayNot):
                record_visit(visitor=visitor, owner=owner)
        assert not Visit.objects.exists()

    def test_nobody_may_who_left_or_long_after_the_end(self, mentor: Person, learner: Person, cohort: Cohort) -> None:
        today = timezone.localdate()
        Cohort.objects.update(starts_on=today - timedelta(days=99), ends_on=today - timedelta(days=61))
        with pytest.raises(MayNot):
            record_visit(visitor=mentor, owner=learner)
        Cohort.objects.update(ends_on=today)
        Person.objects.filter(pk=mentor.pk).update(is_active=False)
        with pytest.raises(MayNot):
            record_visit(visitor=Person.objects.get(pk=mentor.pk), owner=learner)

    def test_staff_elsewhere_who_learns_here_is_opened_by_nobody(
        self, mentor: Person, learner: Person, other_cohort: Cohort
    ) -> None:
        enrol(learner, other_cohort, Role.ORGANISER)
        with pytest.raises(MayNot):
            record_visit(visitor=mentor, owner=learner)


class TestPages:
    def test_staff_sees_the_running_ones_that_they_may_open(
        self, mentor: Person, facilitator: Person, learner: Person, mate: Person, outsider: Person, hub: SmallHub
    ) -> None:
        Enrolment.objects.filter(person=mate).update(study_class=None)
        hub.running = [hub_name(one) for one in (learner, mate, outsider, mentor)] + ["admin"]
        listings = [signed_in(who).get(LIST).context["listing"] for who in (mentor, facilitator)]
        assert [[one.person for one in listing.page] for listing in listings] == [[learner, mate], [learner]]

    def test_it_is_narrowed_by_name_or_class_and_downloaded(
        self, mentor: Person, learner: Person, mate: Person, study_class: StudyClass, hub: SmallHub
    ) -> None:
        Enrolment.objects.filter(person=mate).update(study_class=None)
        hub.running = [hub_name(one) for one in (learner, mate)]
        browser = signed_in(mentor)
        assert [one.person for one in browser.get(LIST, {"words": mate.name}).context["listing"].page] == [mate]
        assert "起動中のノートブックはありません" not in browser.get(LIST, {"words": "?"}).text
        saved = browser.get(LIST, {"export": "csv"}).content.decode("utf-8-sig").splitlines()
        assert saved[1:] == [f"{learner.name},{study_class.name}", f"{mate.name},"]

    def test_the_list_asks_a_bounded_number_of_questions(
        self, mentor: Person, cohort: Cohort, hub: SmallHub, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        people = [make_person(f"P{number}") for number in range(7)]
        for person in people:
            enrol(person, cohort)
        hub.running = [hub_name(person) for person in people]
        browser = signed_in(mentor)
        browser.get(LIST)
        with django_assert_max_num_queries(25):
            assert browser.get(LIST).context["listing"].total == 7

    def test_it_says_when_the_hub_is_away(self, mentor: Person, hub: SmallHub) -> None:
        hub.is_broken = True
        answer = signed_in(mentor).get(LIST)
        assert answer.status_code == 503
        assert "ノートブックのサービスが応答していません。" in answer.content.decode()

    def test_opening_says_what_it_means_then_notes_it_and_goes_on(
        self, mentor: Person, learner: Person, enrolment: Enrolment, hub: SmallHub
    ) -> None:
        browser, address = signed_in(mentor), f"{LIST}{enrolment.pk}/"
        hub.running = [hub_name(learner)]
        assert "本人に表示され" in browser.get(address).content.decode()
        assert not Visit.objects.exists()
        page = browser.post(address)
        assert page.context["address"] == (
            f"{hub.url}/hub/enter?name={hub_name(mentor)}&next=%2Fhub%2Fuser%2F{hub_name(learner)}%2Flab"
        )
        assert Visit.objects.to(learner).get().visitor == mentor

    def test_what_does_not_run_is_not_opened(self, mentor: Person, enrolment: Enrolment, hub: SmallHub) -> None:
        browser, address = signed_in(mentor), f"{LIST}{enrolment.pk}/"
        for answer in (browser.get(address), browser.post(address)):
            assert "このノートブックは起動していません" in answer.content.decode()
        hub.is_broken = True
        assert browser.post(address).status_code == 503
        assert not Visit.objects.exists()

    def test_who_may_not(
        self, learner: Person, mate: Person, outsider: Person, other_facilitator: Person, enrolment: Enrolment
    ) -> None:
        address = f"{LIST}{enrolment.pk}/"
        assert Client().get(LIST)["Location"].startswith("/accounts/login/")
        for person in (learner, mate, outsider):
            assert [signed_in(person).get(path).status_code for path in (LIST, address)] == [404, 404]
        assert signed_in(other_facilitator).get(LIST).status_code == 200
        assert signed_in(other_facilitator).get(address).status_code == 404
        assert signed_in(other_facilitator).post(address).status_code == 404
        assert not Visit.objects.exists()

    def test_a_persons_page_leads_to_the_notebook_of_a_learner_alone(
        self, organiser: Person, enrolment: Enrolment, mentor: Person
    ) -> None:
        browser, link = signed_in(organiser), "/desk/notebooks/"
        page = browser.get(f"/cohorts/spring/desk/people/{enrolment.pk}/").content.decode()
        assert f"{link}{enrolment.pk}/" in page
        other = browser.get(f"/cohorts/spring/desk/people/{mentor.enrolments.get().pk}/").content.decode()
        assert f"{link}{mentor.enrolments.get().pk}/" not in other

    def test_where_notebooks_are_off_there_are_none(
        self, organiser: Person, enrolment: Enrolment, notebooks_are_off: None
    ) -> None:
        browser = signed_in(organiser)
        assert browser.get(LIST).status_code == 404
        assert LIST not in browser.get(f"/cohorts/spring/desk/people/{enrolment.pk}/").content.decode()

    def test_nobody_sees_anothers_visits(self, mentor: Person, learner: Person, mate: Person) -> None:
        record_visit(visitor=mentor, owner=learner)
        assert "Megumi" not in signed_in(mate).get("/account/notebook/").content.decode()
        assert Client().get("/account/notebook/").status_code == 302
