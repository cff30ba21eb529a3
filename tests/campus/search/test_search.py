"""The search: it finds what is there, in context, and nothing to whoever may not read it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.announcements.actions import Text, send, write
from campus.cases.markdown import render_markdown
from campus.cases.models import CohortCase
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role, StudyClass
from campus.cohorts.viewers import viewer_of
from campus.discussion.actions import Heading, Writing, choose_name, start_thread
from campus.discussion.models import ThreadKind
from campus.discussion.places import place_of
from campus.meetings.actions import Plan, create
from campus.people.models import Person, Profile
from campus.people.profile_fields import Viewer
from campus.search.cases import sections_of
from campus.search.found import Asker, Found
from campus.search.kinds import KINDS
from tests.campus.cast import enrol, make_cohort, make_person, signed_in

pytestmark = pytest.mark.django_db
SEARCH = "/cohorts/spring/search/"
KIND = {kind.key: kind for kind in KINDS}


def found(person: Person, cohort: Cohort, kind: str, *terms: str) -> list[Found]:
    asker = Asker(person, cohort, terms)
    return KIND[kind].drawn(asker, list(KIND[kind].rows(asker)))


def titles(person: Person, cohort: Cohort, kind: str, *terms: str) -> list[str]:
    return [one.title for one in found(person, cohort, kind, *terms)]


def tell(cohort: Cohort, author: Person, *, roles: list[Role], title: str = "在庫のお知らせ") -> None:
    send(
        write(cohort=cohort, author=author, text=Text(title, "Stock", "**庫**出し", "Stock", roles=roles)), actor=author
    )


def ask(subject: Cohort | StudyClass, author: Person, title: str) -> None:
    heading = Heading(title=title, kind=ThreadKind.QUESTION)
    start_thread(place=place_of(subject), author=author, heading=heading, writing=Writing(text="本文"))


def meet(cohort: Cohort, host: Person, title: str, study_class: StudyClass | None = None) -> None:
    plan = Plan(title, "在庫の話", timezone.now() + timedelta(days=1), 60, study_class, None, "https://meet.example/1")
    create(cohort=cohort, host=host, plan=plan)


@pytest.fixture
def other_class(cohort: Cohort) -> StudyClass:
    return StudyClass.objects.create(cohort=cohort, name="B")


@pytest.fixture
def stranger(cohort: Cohort, other_class: StudyClass) -> Person:
    """A learner of the other class."""
    person = make_person("Saburo")
    enrol(person, cohort, study_class=other_class)
    return person


class TestThreads:
    def test_are_found_by_one_and_two_characters_and_only_by_their_readers(
        self, cohort: Cohort, study_class: StudyClass, learner: Person, stranger: Person, outsider: Person
    ) -> None:
        ask(study_class, learner, "在庫の数え方")
        for typed in ("庫", "在庫"):
            assert titles(learner, cohort, "threads", typed) == ["在庫の数え方"]
            assert titles(stranger, cohort, "threads", typed) == []
            assert titles(outsider, cohort, "threads", typed) == []


class TestCases:
    def test_sections_of_the_brief_are_found_with_their_headings(
        self, cohort_case: CohortCase, learner: Person, cohort: Cohort
    ) -> None:
        case = f"/cohorts/spring/cases/{cohort_case.slug}/"
        (brief,) = found(learner, cohort, "cases", "仕入れ", "牛")
        assert (brief.title, brief.address) == ("小さな店の売上予測: 店の悩み", f"{case}#s-店の悩み")
        assert [piece.text for piece in brief.excerpt if piece.is_match] == ["牛", "仕入れ"]
        (step,) = found(learner, cohort, "cases", "店の課題")
        assert (step.title, step.address) == ("課題・要求定義: 書くこと", f"{case}steps/problem/#s-書くこと")
        assert 'id="s-書くこと"' in signed_in(learner).get(f"{case}steps/problem/").content.decode()

    def test_a_formula_keeps_its_letters_so_that_the_sentence_reads(self) -> None:
        (section,) = sections_of(render_markdown("1個ごとに保管費 $h$ 円、欠品損失 $p$ 円がかかる。"))
        assert section.text == "1個ごとに保管費 h 円、欠品損失 p 円がかかる。"

    def test_a_title_leads_to_the_page(self, cohort_case: CohortCase, learner: Person, cohort: Cohort) -> None:
        assert titles(learner, cohort, "cases", "小さな店") == ["小さな店の売上予測"]
        assert titles(learner, cohort, "cases", "モデル開発") == ["モデル開発"]

    def test_cases_of_another_cohort_are_not_there(
        self, cohort_case: CohortCase, other_cohort: Cohort, outsider: Person
    ) -> None:
        assert titles(outsider, other_cohort, "cases", "店") == []


class TestAnnouncements:
    def test_are_found_by_those_who_got_them_and_those_who_sent_them(
        self, cohort: Cohort, learner: Person, mentor: Person, facilitator: Person, organiser: Person
    ) -> None:
        tell(cohort, organiser, roles=[Role.LEARNER])
        tell(cohort, facilitator, roles=[Role.LEARNER], title="クラスの在庫")
        assert titles(learner, cohort, "announcements", "在", "庫") == ["クラスの在庫", "在庫のお知らせ"]
        assert titles(organiser, cohort, "announcements", "在庫") == ["クラスの在庫", "在庫のお知らせ"]
        assert titles(facilitator, cohort, "announcements", "在庫") == ["クラスの在庫"]
        assert titles(mentor, cohort, "announcements", "在庫") == []

    def test_drafts_and_those_of_another_cohort_are_found_by_nobody(
        self, cohort: Cohort, other_cohort: Cohort, organiser: Person, learner: Person
    ) -> None:
        enrol(organiser, other_cohort, Role.ORGANISER)
        enrol(learner, other_cohort)
        tell(other_cohort, organiser, roles=[Role.LEARNER])
        write(cohort=cohort, author=organiser, text=Text("在庫の下書き", "", "本文", ""))
        for person in (organiser, learner):
            assert titles(person, cohort, "announcements", "在庫") == []


class TestMeetings:
    def test_of_a_class_are_found_by_its_people(
        self, cohort: Cohort, study_class: StudyClass, learner: Person, stranger: Person, organiser: Person
    ) -> None:
        meet(cohort, organiser, "みんなの会")
        meet(cohort, organiser, "クラスの会", study_class)
        assert set(titles(learner, cohort, "meetings", "在庫")) == {"みんなの会", "クラスの会"}
        assert titles(stranger, cohort, "meetings", "在庫") == ["みんなの会"]


class TestPeople:
    @pytest.fixture(autouse=True)
    def told(self, learner: Person, mate: Person, stranger: Person) -> None:
        """What each has told; the mate lets fellows see her employer."""
        for person, kana, shared in ((learner, "サトウ ハナコ", []), (mate, "スズキ タロウ", ["organisation"])):
            Profile.objects.create(person=person, name_kana=kana, organisation="緑商店", shared=shared)
        Profile.objects.create(person=stranger, name_kana="サトウ サブロウ", organisation="緑商店")

    def test_by_name_without_differences_of_case_width_and_space(self, cohort: Cohort, mate: Person) -> None:
        Person.objects.filter(name="Hanako").update(name="佐藤　花子")
        assert titles(mate, cohort, "people", "佐藤花子") == ["佐藤　花子"]
        assert titles(mate, cohort, "people", "花") == ["佐藤　花子"]
        assert titles(mate, cohort, "people", "sabu") == ["Saburo"]

    def test_readings_are_found_by_staff_and_email_addresses_by_organisers_alone(
        self, cohort: Cohort, mate: Person, mentor: Person, facilitator: Person, organiser: Person
    ) -> None:
        found_by_reading = {
            person: titles(person, cohort, "people", "さとう") for person in (mate, facilitator, mentor, organiser)
        }
        both = ["Hanako", "Saburo"]
        assert found_by_reading == {mate: [], facilitator: ["Hanako"], mentor: both, organiser: both}
        for person in (mate, facilitator, mentor):
            assert titles(person, cohort, "people", "hanako@") == []
        assert titles(organiser, cohort, "people", "hanako@") == ["Hanako"]

    def test_a_widened_field_finds_only_who_widened_it(
        self, cohort: Cohort, learner: Person, organiser: Person
    ) -> None:
        assert titles(learner, cohort, "people", "緑商店") == ["Taro"]
        assert found(learner, cohort, "people", "taro")[0].context == ["受講生", "A", "緑商店"]
        assert found(learner, cohort, "people", "saburo")[0].context == ["受講生", "B"]
        assert len(titles(organiser, cohort, "people", "緑商店")) == 3

    @pytest.mark.parametrize("where", ["board", "talk"])
    def test_who_shows_a_nickname_is_found_by_it_alone(
        self, cohort: Cohort, learner: Person, mate: Person, organiser: Person, where: str
    ) -> None:
        if where == "board":
            Enrolment.objects.filter(person=learner).update(uses_alias=True)
        else:
            choose_name(person=learner, cohort_id=cohort.pk, uses_alias=True)
        assert titles(mate, cohort, "people", "hanako") == []
        hit = found(mate, cohort, "people", "ハナ")[0]
        assert (hit.title, hit.address, hit.context) == ("ハナ", "", ["受講生", "A"])
        assert titles(organiser, cohort, "people", "ハナ") == ["Hanako"]

    def test_a_nickname_that_is_not_shown_finds_nobody(self, cohort: Cohort, learner: Person, mate: Person) -> None:
        assert titles(mate, cohort, "people", "ハナ") == []

    def test_pages_of_people_are_linked_for_those_who_look_after_them(
        self, cohort: Cohort, learner: Person, mate: Person, facilitator: Person, mentor: Person
    ) -> None:
        linked = {
            person: bool(found(person, cohort, "people", "hanako")[0].address) for person in (mate, facilitator, mentor)
        }
        assert linked == {mate: False, facilitator: True, mentor: False}
        assert found(facilitator, cohort, "people", "saburo")[0].address == ""

    def test_applicants_and_those_of_another_cohort_are_not_there(
        self, cohort: Cohort, learner: Person, mentor: Person, organiser: Person, outsider: Person
    ) -> None:
        enrol(make_person("Nozomi"), cohort, state=EnrolmentState.APPLIED)
        enrol(make_person("Satta"), cohort, state=EnrolmentState.WITHDRAWN)
        shown = {person: titles(person, cohort, "people", "o") for person in (learner, mentor, organiser)}
        assert not any({"Nozomi", "Yoso"} & set(shown[person]) for person in (learner, mentor))
        assert "Nozomi" in shown[organiser]
        assert "Yoso" not in shown[organiser]
        assert (titles(learner, cohort, "people", "satta"), titles(mentor, cohort, "people", "satta")) == (
            [],
            ["Satta"],
        )

    def test_agrees_with_what_is_said_of_one_person(
        self, cohort: Cohort, learner: Person, mate: Person, facilitator: Person, mentor: Person, organiser: Person
    ) -> None:
        enrol(make_person("Nozomi"), cohort, state=EnrolmentState.APPLIED)
        enrol(make_person("Satta"), cohort, state=EnrolmentState.WITHDRAWN)
        everybody = list(Enrolment.objects.filter(cohort=cohort).select_related("person", "cohort"))
        for seeker in (learner, facilitator, mentor, organiser):
            rows = {row.pk: row for row in KIND["people"].rows(Asker(seeker, cohort, []))}
            for one in everybody:
                nearest = viewer_of(seeker, one)
                assert (one.pk in rows) == (nearest > Viewer.STRANGER), (seeker, one)
                if one.pk in rows and nearest < Viewer.SELF:
                    assert rows[one.pk].is_near == (nearest > Viewer.FELLOW), (seeker, one)


class TestThePage:
    @pytest.fixture(autouse=True)
    def filled(self, cohort: Cohort, cohort_case: CohortCase, learner: Person, organiser: Person) -> None:
        Person.objects.filter(pk=organiser.pk).update(name="店 修")
        ask(cohort, learner, "店の数え方")
        tell(cohort, organiser, roles=[Role.LEARNER], title="店のお知らせ")
        meet(cohort, organiser, "店の会")

    def test_shows_each_kind_in_few_queries_and_no_second_box(
        self, learner: Person, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = signed_in(learner)
        with django_assert_max_num_queries(30):
            answer = client.get(SEARCH, {"q": "店"})
        shown = {group.kind.key for group in answer.context["groups"]}
        assert shown == {"threads", "cases", "announcements", "meetings", "people"}
        page = answer.content.decode()
        assert ">店の数え方</a>" in page
        assert "<mark>店</mark>" in page
        assert 'value="店"' in page
        assert 'id="site-search"' not in page

    def test_more_of_a_kind_goes_page_by_page(self, cohort: Cohort, learner: Person) -> None:
        for number in range(21):
            enrol(make_person(f"Suzuki{number:02}"), cohort)
        client = signed_in(learner)
        first = client.get(SEARCH, {"q": "suzuki"})
        more = first.context["groups"][0].more
        assert len(first.context["groups"][0].lines) == 5
        names = [one.title for number in (1, 2) for one in client.get(f"{SEARCH}{more}&page={number}").context["page"]]
        assert names == [f"Suzuki{number:02}" for number in range(21)]

    def test_nothing_found_and_nothing_asked_say_what_to_do(self, learner: Person) -> None:
        client = signed_in(learner)
        assert "見つかりませんでした" in client.get(SEARCH, {"q": "ありえない"}).content.decode()
        assert client.get(SEARCH, {"q": "  "}).status_code == 200
        assert client.get(SEARCH, {"q": "<script>'\\%_", "in": "people", "page": "x"}).status_code == 200

    def test_who_takes_no_part_gets_no_page_and_no_box(self, cohort: Cohort, outsider: Person, client: object) -> None:
        assert signed_in(outsider).get(SEARCH, {"q": "在庫"}).status_code == 404
        make_cohort("summer")
        assert signed_in(outsider).get("/cohorts/summer/search/").status_code == 404

    def test_the_box_stands_on_pages_of_a_cohort_and_at_home(self, learner: Person) -> None:
        client = signed_in(learner)
        assert 'action="/cohorts/spring/search/"' in client.get("/cohorts/spring/").content.decode()
        assert 'action="/cohorts/spring/search/"' in client.get("/").content.decode()
        assert "site-search" not in client.get("/badges/").content.decode()
