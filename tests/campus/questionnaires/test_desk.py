"""The organiser's pages: a form is made, changed, published, closed and copied, and nobody else gets there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cohorts.models import AuditEntry, Cohort, Role
from campus.people.models import Person
from campus.questionnaires.blueprints import ORDER, blueprint
from campus.questionnaires.building import begin_draft, create_questionnaire, problems_of, publish
from campus.questionnaires.models import Question, QuestionKind, Questionnaire, Section, Version
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.questionnaires.conftest import TYPED, asked, entries, make_form, submitted

pytestmark = pytest.mark.django_db
DESK = "/cohorts/spring/desk/forms/"


def page_of(questionnaire: Questionnaire, below: str = "") -> str:
    return f"{DESK}{questionnaire.pk}/{below}"


@pytest.fixture
def client_of_organiser(organiser: Person) -> Client:
    return signed_in(organiser)


@pytest.fixture
def draft(questionnaire: Questionnaire) -> Version:
    return begin_draft(questionnaire=questionnaire, actor=None)


def labels(version: Version) -> list[list[str]]:
    sections = Version.objects.get(pk=version.pk).parts
    return [[question.key for question in section.questions.all()] for section in sections]


def entry_data(prefix: str, *lines: tuple[str, str, str], initial: int = 0) -> dict[str, str]:
    """What the table of choices sends: key, Japanese and English of each line."""
    data = {f"{prefix}-TOTAL_FORMS": str(len(lines)), f"{prefix}-INITIAL_FORMS": str(initial)}
    for number, (key, ja, en) in enumerate(lines):
        data |= {f"{prefix}-{number}-key": key, f"{prefix}-{number}-ja": ja, f"{prefix}-{number}-en": en}
    return data


@pytest.mark.parametrize("key", ORDER)
def test_every_template_makes_a_form_that_is_complete_in_both_languages(key: str, cohort: Cohort) -> None:
    made = create_questionnaire(cohort=cohort, blueprint_key=key, actor=None)
    version = made.draft
    assert version is not None
    assert (made.title_ja, made.title_en) == tuple(blueprint(key).content["title"].values())
    for question in version.all_questions:
        assert question.label_ja
        assert question.label_en
        assert all(entry["ja"] and entry["en"] for entry in [*question.choices, *question.rows])
    # What is left to the organiser: questions in the empty one, the names of the skills in the self-rating.
    is_ready = key not in {"empty", "self-rating"}
    assert (list(problems_of(version)) == []) == is_ready


def test_a_form_is_made_from_a_template_and_published(client_of_organiser: Client, cohort: Cohort) -> None:
    assert client_of_organiser.get(f"{DESK}new/").status_code == 200
    answer = client_of_organiser.post(f"{DESK}new/", {"blueprint": "satisfaction"})
    made = cohort.questionnaires.get()
    assert answer["Location"] == page_of(made)
    assert "とても満足" in client_of_organiser.get(page_of(made, "preview/")).text
    client_of_organiser.post(page_of(made, "publish/"))
    assert Questionnaire.objects.get(pk=made.pk).is_open
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["questionnaire.created", "questionnaire.published"]


def test_what_keeps_a_form_from_being_published_is_said(client_of_organiser: Client, cohort: Cohort) -> None:
    made = create_questionnaire(cohort=cohort, blueprint_key="self-rating", actor=None)
    answer = client_of_organiser.post(page_of(made, "publish/"))
    assert answer.status_code == 422
    assert "行の項目がありません" in answer.text
    assert Questionnaire.objects.get(pk=made.pk).published is None


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        (asked("single", "q"), "has no choices yet"),
        (asked("matrix", "q", choices=entries("a")), "has no rows yet"),
        (asked("single", "q", points=1, choices=entries("a")), "has points but no right answer"),
        (asked("file", "q"), "An anonymous form can’t take files"),
        (asked("date", "q", shown_when={"question": "x", "choices": ["a"]}), "depends on a choice"),
    ],
)
def test_each_problem_has_words(question: dict[str, object], problem: str, cohort: Cohort) -> None:
    from django.utils import translation

    from campus.questionnaires.refusals import NotPublishable

    with translation.override("en"), pytest.raises(NotPublishable) as caught:
        make_form(cohort, [question], is_anonymous=True)
    assert problem in caught.value.problems[0]


def test_a_question_is_added_with_its_choices(client_of_organiser: Client, draft: Version) -> None:
    section = draft.parts[0]
    address = page_of(draft.questionnaire, f"sections/{section.pk}/questions/new/?kind=single")
    assert "選択肢" in client_of_organiser.get(address).text
    lines = entry_data("choices", ("", "はい", "Yes"), ("", "", ""), ("", "いいえ", "No"))
    order = {"choices-0-ORDER": "2", "choices-2-ORDER": "1", "choices-0-is_correct": "on"}
    sent = {"label_ja": "経験は", "label_en": "Experience", "points": "1", "shown_when": ["work:school"]}
    answer = client_of_organiser.post(address, sent | lines | order)
    made = section.questions.latest("position")
    assert answer["Location"] == page_of(draft.questionnaire) + f"#question-{made.pk}"
    assert [(one["ja"], one["en"], one["is_correct"]) for one in made.choices] == [
        ("いいえ", "No", False),
        ("はい", "Yes", True),
    ]
    assert (made.shown_when_question, made.shown_when_choices) == ("work", ["school"])


def test_changed_choices_keep_their_keys(client_of_organiser: Client, draft: Version) -> None:
    work = Question.objects.get(section__version=draft, key="work")
    address = page_of(draft.questionnaire, f"questions/{work.pk}/")
    lines = entry_data("choices", ("office", "会社", "Company"), ("school", "", ""), ("hacked", "家", ""), initial=2)
    answer = client_of_organiser.post(address, {"label_ja": "仕事", "points": "0", "do": "more"} | lines)
    assert answer["Location"] == address
    work.refresh_from_db()
    assert [(one["key"] == "office", one["ja"]) for one in work.choices] == [(True, "会社"), (False, "家")]
    assert work.choices[1]["key"] != "hacked"


@pytest.mark.parametrize(
    ("kind", "sent", "field"),
    [
        ("single", {"label_ja": ""}, "label_ja"),
        ("scale", {"minimum": "1", "maximum": "40"}, "maximum"),
        ("scale", {"minimum": "1.5", "maximum": "4"}, "minimum"),
        ("number", {"minimum": "5", "maximum": "4"}, "maximum"),
        ("file", {"maximum": "5000"}, "maximum"),
        ("short_text", {"shown_when": ["work:office", "tools:sql"]}, "shown_when"),
    ],
)
def test_a_wrong_question_is_explained_and_nothing_typed_is_lost(
    kind: str, sent: dict[str, object], field: str, client_of_organiser: Client, draft: Version
) -> None:
    address = page_of(draft.questionnaire, f"sections/{draft.parts[0].pk}/questions/new/?kind={kind}")
    typed = {"label_ja": "質問", "help_ja": "そのまま", "points": "0"} | sent | entry_data("choices", ("", "はい", ""))
    answer = client_of_organiser.post(address, typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "そのまま" in answer.text


def test_questions_move_within_and_between_sections(client_of_organiser: Client, draft: Version) -> None:
    first = draft.parts[0]
    client_of_organiser.post(page_of(draft.questionnaire, "sections/new/"), {"title_ja": "後半"})
    keys = labels(draft)[0]
    assert labels(draft) == [keys, []]
    second = first.questions.get(key="why")
    answer = client_of_organiser.post(
        page_of(draft.questionnaire, f"questions/{second.pk}/up/"), headers={"HX-Request": "true"}
    )
    assert answer.text.startswith('<div id="outline"')
    assert labels(draft)[0][:2] == ["why", "name"]
    last = first.questions.get(key=keys[-1])
    client_of_organiser.post(page_of(draft.questionnaire, f"questions/{last.pk}/down/"))
    assert labels(draft)[1] == [keys[-1]]
    sections = [section.pk for section in draft.sections.all()]
    client_of_organiser.post(page_of(draft.questionnaire, f"sections/{first.pk}/down/"))
    assert [section.pk for section in draft.sections.all()] == sections[::-1]


def test_questions_and_sections_are_deleted_but_not_the_last_section(
    client_of_organiser: Client, draft: Version
) -> None:
    section = draft.parts[0]
    question = section.questions.get(key="why")
    client_of_organiser.post(page_of(draft.questionnaire, f"questions/{question.pk}/delete/"))
    assert not Question.objects.filter(pk=question.pk).exists()
    client_of_organiser.post(page_of(draft.questionnaire, f"sections/{section.pk}/delete/"))
    assert Section.objects.filter(pk=section.pk).exists()


def test_introduction_and_passing_mark_are_of_the_version(client_of_organiser: Client, draft: Version) -> None:
    sent = {"introduction_ja": "よろしくお願いします", "introduction_en": "", "passing_mark": ""}
    client_of_organiser.post(page_of(draft.questionnaire, "introduction/"), sent)
    draft.refresh_from_db()
    assert draft.introduction_ja == "よろしくお願いします"
    published = draft.questionnaire.versions.get(number=1)
    assert published.introduction_ja == ""


def test_a_published_version_can_not_be_changed_by_any_address(
    client_of_organiser: Client, questionnaire: Questionnaire
) -> None:
    version = questionnaire.versions.get()
    question = version.all_questions[0]
    before = list(Question.objects.filter(section__version=version).values())
    for below in [
        f"questions/{question.pk}/",
        f"questions/{question.pk}/delete/",
        f"questions/{question.pk}/down/",
        f"sections/{question.section_id}/",
        f"sections/{question.section_id}/questions/new/?kind=date",
        "introduction/",
    ]:
        assert client_of_organiser.post(page_of(questionnaire, below), {"label_ja": "x"}).status_code == 404
    assert list(Question.objects.filter(section__version=version).values()) == before


def test_a_draft_is_begun_once_and_can_be_thrown_away(
    client_of_organiser: Client, questionnaire: Questionnaire
) -> None:
    for _ in range(2):
        client_of_organiser.post(page_of(questionnaire, "draft/"))
    assert [version.number for version in questionnaire.versions.all()] == [1, 2]
    client_of_organiser.post(page_of(questionnaire, "draft/discard/"))
    assert [version.number for version in questionnaire.versions.all()] == [1]


def test_settings_are_changed_but_not_the_rules_people_answered_by(
    client_of_organiser: Client, questionnaire: Questionnaire, learner: Person
) -> None:
    sent = {"title_ja": "新しい題", "title_en": "New", "purpose": "other", "closes_at": "2030-01-01T10:00"}
    client_of_organiser.post(page_of(questionnaire, "settings/"), sent)
    changed = Questionnaire.objects.get(pk=questionnaire.pk)
    assert (changed.title_ja, changed.closes_at.isoformat()) == ("新しい題", "2030-01-01T01:00:00+00:00")  # type: ignore[union-attr]
    submitted(changed, learner, TYPED)
    answer = client_of_organiser.post(page_of(questionnaire, "settings/"), sent | {"is_anonymous": "on"})
    assert answer.context["form"].non_field_errors()
    assert not Questionnaire.objects.get(pk=questionnaire.pk).is_anonymous


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"opens_at": "2030-02-01T10:00"}, "closes_at"),
        ({"is_anonymous": "on", "facilitators_see_results": "on"}, "facilitators_see_results"),
    ],
)
def test_settings_that_do_not_fit_each_other_are_refused(
    wrong: dict[str, str], field: str, client_of_organiser: Client, questionnaire: Questionnaire
) -> None:
    sent = {"title_ja": "題", "purpose": "other", "closes_at": "2030-01-01T10:00"}
    answer = client_of_organiser.post(page_of(questionnaire, "settings/"), sent | wrong)
    assert list(answer.context["form"].errors) == [field]


def test_a_form_is_closed_and_opened_again_by_a_later_deadline(
    client_of_organiser: Client, questionnaire: Questionnaire
) -> None:
    client_of_organiser.post(page_of(questionnaire, "close/"))
    assert not Questionnaire.objects.get(pk=questionnaire.pk).is_open
    later = f"{timezone.localtime() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    sent = {"title_ja": "題", "purpose": "other", "closes_at": later}
    client_of_organiser.post(page_of(questionnaire, "settings/"), sent)
    assert Questionnaire.objects.get(pk=questionnaire.pk).is_open


def test_a_form_is_copied_only_into_cohorts_that_one_runs(
    client_of_organiser: Client, organiser: Person, questionnaire: Questionnaire, other_cohort: Cohort
) -> None:
    address = page_of(questionnaire, "copy/")
    assert client_of_organiser.post(address, {"cohort": other_cohort.pk}).context["form"].errors
    enrol(organiser, other_cohort, Role.ORGANISER)
    client_of_organiser.post(address, {"cohort": other_cohort.pk})
    copy = other_cohort.questionnaires.get()
    assert copy.draft is not None
    assert [question.key for question in copy.draft.all_questions] == [
        question.key for question in questionnaire.versions.get().all_questions
    ]
    assert copy.published is None


def test_nobody_but_organisers_builds(
    questionnaire: Questionnaire,
    facilitator: Person,
    mentor: Person,
    learner: Person,
    outsider: Person,
    other_cohort: Cohort,
    client: Client,
) -> None:
    begin_draft(questionnaire=questionnaire, actor=None)
    elsewhere = make_person("Elsewhere")
    enrol(elsewhere, other_cohort, Role.ORGANISER)
    pages = ["", "settings/", "preview/", "copy/", "introduction/", "sections/new/"]
    posts = ["publish/", "close/", "draft/", "draft/discard/"]
    for person in (facilitator, mentor, learner, outsider, elsewhere):
        own = signed_in(person)
        assert own.get(DESK).status_code == 404
        assert own.post(f"{DESK}new/", {"blueprint": "empty"}).status_code == 404
        assert {own.get(page_of(questionnaire, page)).status_code for page in pages} == {404}
        assert {own.post(page_of(questionnaire, page)).status_code for page in posts} == {404}
    assert client.get(DESK)["Location"].startswith("/accounts/login/")
    assert client.post(page_of(questionnaire, "publish/"))["Location"].startswith("/accounts/login/")


def test_a_form_of_another_cohort_is_not_found_below_this_one(
    client_of_organiser: Client, other_cohort: Cohort
) -> None:
    foreign = make_form(other_cohort, [asked("date", "day")])
    assert client_of_organiser.get(page_of(foreign)).status_code == 404


def test_every_kind_of_question_can_be_edited(client_of_organiser: Client, draft: Version) -> None:
    assert {question.kind for question in draft.all_questions} == set(QuestionKind)
    for question in draft.all_questions:
        page = client_of_organiser.get(page_of(draft.questionnaire, f"questions/{question.pk}/"))
        assert page.status_code == 200


def test_the_pages_ask_the_database_little(
    client_of_organiser: Client, draft: Version, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        other = create_questionnaire(cohort=draft.questionnaire.cohort, blueprint_key="reflection", actor=None)
        publish(questionnaire=other, actor=None)
        Questionnaire.objects.filter(pk=other.pk).update(title_ja=f"題{number}")
    for below in ["", "settings/", "preview/"]:
        with django_assert_max_num_queries(12):
            client_of_organiser.get(page_of(draft.questionnaire, below))
    with django_assert_max_num_queries(12):
        client_of_organiser.get(DESK)
