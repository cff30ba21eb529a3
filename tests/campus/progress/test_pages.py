"""The pages of those who look after learners: what they show, what they record, and to whom they don't exist."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from campus.cases.models import Step
from campus.cohorts.audiences import narrowed
from campus.cohorts.models import AuditEntry, Cohort, Enrolment, EnrolmentState, Role, StudyClass
from campus.people.models import Person, Profile
from campus.progress.actions import record_follow_up
from campus.progress.models import FollowUp, Thresholds
from campus.submissions.models import Submission
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.progress.work import DAY, HOUR, learner_of, submit

pytestmark = pytest.mark.django_db
DESK = "/cohorts/spring/desk/"
LIST, MATRIX = f"{DESK}follow-up/", f"{DESK}progress/"
PAGES = [DESK, LIST, MATRIX, f"{MATRIX}funnel/", f"{MATRIX}funnel.json"]


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def silent(cohort: Cohort, study_class: StudyClass, open_step: Step, now) -> Enrolment:
    """A learner of the facilitator's class A who was last here nine days ago."""
    return learner_of(cohort, "静香", enrolled_at=now - 20 * DAY, seen_at=now - 9 * DAY - HOUR, study_class=study_class)


@pytest.fixture
def foreign(cohort: Cohort, open_step: Step, now) -> Enrolment:
    """A silent learner of class B, which is another facilitator's."""
    class_b = StudyClass.objects.create(cohort=cohort, name="B")
    return learner_of(cohort, "別府", enrolled_at=now - 20 * DAY, seen_at=now - 9 * DAY - HOUR, study_class=class_b)


@pytest.fixture
def done(cohort: Cohort, study_class: StudyClass, open_step: Step, now) -> Submission:
    """What a learner of class A handed in an hour ago."""
    learner = learner_of(cohort, "出雲", enrolled_at=now - 20 * DAY, seen_at=now, study_class=study_class)
    return submit(open_step, learner, at=now - HOUR)


def follow_up_of(*enrolments: Enrolment, **fields: str) -> dict[str, object]:
    """What the form sends."""
    today = timezone.localdate()
    given = {"kind": "call", "note": "電話で話した", "done_on": today, "quiet_until": today + timedelta(days=3)}
    return {"selected": [one.pk for one in enrolments], **given, **fields}


# --- Who may not ---


@pytest.mark.parametrize("address", [*PAGES, f"{LIST}record/", f"{LIST}rules/", f"{MATRIX}1/"])
def test_learners_mentors_and_outsiders_find_no_such_page_and_strangers_sign_in(
    address: str, learner: Person, mentor: Person, outsider: Person, client: Client
) -> None:
    assert [signed_in(person).get(address).status_code for person in (learner, mentor, outsider)] == [404] * 3
    assert client.get(address)["Location"].startswith("/accounts/login/")


def test_a_facilitator_sees_nobody_of_another_class(facilitator: Person, silent: Enrolment, foreign: Enrolment) -> None:
    client = signed_in(facilitator)
    for address in (DESK, LIST, MATRIX, f"{LIST}?export=csv", f"{MATRIX}?export=csv&state=all"):
        text = client.get(address).content.decode()
        assert "静香" in text
        assert "別府" not in text
    assert "B" not in [one.name for one in client.get(f"{MATRIX}funnel/").context["classes"].rows]
    assert sum(client.get(f"{MATRIX}funnel.json").json()["series"][0]["values"][:1]) == 1


def test_guessed_numbers_lead_a_facilitator_to_nobody_of_another_class(
    facilitator: Person, silent: Enrolment, foreign: Enrolment, outsider_enrolment: Enrolment
) -> None:
    client = signed_in(facilitator)
    for one in (foreign, outsider_enrolment):
        assert client.get(f"{MATRIX}{one.pk}/").status_code == 404
        assert client.get(f"{LIST}record/?selected={one.pk}").status_code == 404
        assert client.post(f"{LIST}record/", follow_up_of(silent, one)).status_code == 404
    assert client.get(f"{LIST}record/?selected=abc").status_code == 404
    assert not FollowUp.objects.exists()


def test_only_an_organiser_changes_the_rules(facilitator: Person, learner: Person, cohort: Cohort) -> None:
    for person in (facilitator, learner):
        assert signed_in(person).post(f"{LIST}rules/", RULES).status_code == 404
    assert not Thresholds.objects.exists()


def test_a_facilitator_without_a_class_looks_after_nobody(cohort: Cohort, silent: Enrolment) -> None:
    idle = make_person("Idle")
    enrol(idle, cohort, Role.FACILITATOR)
    assert signed_in(idle).get(MATRIX).context["listing"].total == 0


# --- What is shown ---


def test_the_overview_counts_reasons_and_names_whom_to_follow_up_first(
    organiser: Person, silent: Enrolment, foreign: Enrolment, done: Submission
) -> None:
    page = signed_in(organiser).get(DESK)
    counts = {rule.key: count for rule, count in page.context["today"].counts}
    assert counts == {
        "near": 0,
        "late": 0,
        "stuck": 0,
        "unanswered": 0,
        "reviews": 0,
        "never": 0,
        "unreachable": 0,
        "silent": 2,
    }
    assert len(page.context["today"].waiting) == 2
    assert "最後のアクセスは9日前です。" in page.text
    deadline = page.context["today"].deadlines[0]
    assert (deadline.step.pk, deadline.handed_in, deadline.required) == (done.step_id, 1, 3)


def test_the_matrix_narrows_by_name_class_state_and_step(
    organiser: Person, silent: Enrolment, foreign: Enrolment, done: Submission
) -> None:
    client = signed_in(organiser)

    def names(query: str) -> list[str]:
        return sorted(line.name for line in client.get(f"{MATRIX}?{query}").context["listing"].page)

    Enrolment.objects.filter(pk=foreign.pk).update(state=EnrolmentState.PAUSED)
    assert names("") == sorted(["静香", "出雲"])
    assert names("state=paused") == ["別府"]
    assert len(names("state=all")) == 3
    assert names("name=静") == ["静香"]
    assert names(f"state=all&study_class={foreign.study_class_id}") == ["別府"]
    assert names("step_state=handed_in") == ["出雲"]
    assert names("step=1&step_state=open") == ["静香"]
    assert names("study_class=999") == sorted(["静香", "出雲"])  # An address that means nothing narrows nothing.


def test_the_matrix_follows_the_reading_of_names_where_it_is_known(
    organiser: Person, silent: Enrolment, foreign: Enrolment, done: Submission
) -> None:
    for name, kana in (("静香", "シズカ"), ("別府", "ベップ"), ("出雲", "イズモ")):
        Profile.objects.create(person=Person.objects.get(name=name), name_kana=kana)
    client = signed_in(organiser)
    for query in ("", "?sort=name"):
        names = [line.name for line in client.get(f"{MATRIX}{query}").context["listing"].page]
        assert names == ["出雲", "静香", "別府"]
    assert [str(one) for one in client.get(f"{LIST}?sort=-name").context["listing"].page] == ["別府", "静香"]
    assert [line.name for line in client.get(f"{MATRIX}?name=イズ").context["listing"].page] == ["出雲"]


def test_a_state_is_said_in_words_beside_its_sign_and_counted_above(
    organiser: Person, silent: Enrolment, done: Submission
) -> None:
    page = signed_in(organiser).get(MATRIX).text
    assert '<span class="chip success"><span aria-hidden="true">✓</span>提出済み</span>' in page
    assert '<span class="chip info"><span aria-hidden="true">○</span>受付中</span>' in page
    assert "提出 1／2人" in page


def test_the_matrix_downloads_what_the_filters_leave(organiser: Person, silent: Enrolment, done: Submission) -> None:
    answer = signed_in(organiser).get(f"{MATRIX}?export=xlsx&step_state=handed_in")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    shown = ("名前", "クラス", "状態", "修了まで", done.step.title)
    (row,) = (dict(zip(rows[0], row, strict=True)) for row in rows[1:])
    assert [row[name] for name in shown] == ["出雲", "A", "参加中", "修了できる見込み", "提出済み"]


def test_the_funnel_counts_who_came_how_far(
    organiser: Person, facilitator: Person, cohort: Cohort, silent: Enrolment, foreign: Enrolment, done: Submission
) -> None:
    enrol(make_person("Applied"), cohort, state=EnrolmentState.APPLIED)
    enrol(make_person("Selected"), cohort, state=EnrolmentState.SELECTED)
    Enrolment.objects.filter(pk=foreign.pk).update(state=EnrolmentState.WITHDRAWN)
    figures = signed_in(organiser).get(f"{MATRIX}funnel.json").json()
    assert dict(zip(figures["labels"], figures["series"][0]["values"], strict=True)) == {
        "応募": 5,
        "選考通過": 4,
        "参加開始": 3,
        "ログイン": 3,
        done.step.title: 1,
        "チームの予測": 0,
        "修了": 0,
    }
    assert signed_in(facilitator).get(f"{MATRIX}funnel.json").json()["labels"][0] == "参加開始"
    classes = signed_in(organiser).get(f"{MATRIX}funnel/").context["classes"].rows
    assert [(one.name, one.learners, one.seen_lately, one.steps, one.to_follow) for one in classes] == [
        ("A", 2, 50.0, [50.0, 0.0], 1)
    ]


def test_the_funnel_never_widens_where_a_step_was_left_out(
    organiser: Person, silent: Enrolment, done: Submission
) -> None:
    team_step = Step.objects.filter(cohort_case=done.step.cohort_case, position__gt=done.step.position).earliest(
        "position"
    )
    Step.objects.filter(pk=done.step.pk).update(position=team_step.position + 1)
    stages = signed_in(organiser).get(f"{MATRIX}funnel/").context["stages"]
    assert [(str(one.label), one.count, one.of_begun, one.of_previous) for one in stages] == [
        ("応募", 2, None, None),
        ("選考通過", 2, None, 100.0),
        ("参加開始", 2, 100.0, 100.0),
        ("ログイン", 2, 100.0, 100.0),
        (team_step.title, 1, 50.0, 50.0),
        (done.step.title, 1, 50.0, 100.0),
        ("修了", 0, 0.0, 0.0),
    ]


def test_the_classes_side_by_side_are_a_file_too(
    organiser: Person, facilitator: Person, silent: Enrolment, foreign: Enrolment, done: Submission
) -> None:
    def rows(reader: Person) -> list[tuple[object, ...]]:
        answer = signed_in(reader).get(f"{MATRIX}funnel/?export=xlsx&sort=-class")
        return list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))

    assert rows(organiser) == [
        ("クラス", "受講生", "最近のアクセス", done.step.title, "チームの予測", "要フォロー"),
        ("B", 1, 0, 0, 0, 1),
        ("A", 2, 50, 50, 0, 1),
    ]
    assert [row[0] for row in rows(facilitator)] == ["クラス", "A"]


@pytest.mark.parametrize("address", PAGES)
def test_pages_ask_the_database_little_whatever_the_size(
    address: str,
    organiser: Person,
    silent: Enrolment,
    done: Submission,
    now,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(15):
        study_class = StudyClass.objects.create(cohort=silent.cohort, name=f"C{number}")
        learner = learner_of(
            silent.cohort, f"多田{number}", enrolled_at=now - 20 * DAY, seen_at=None, study_class=study_class
        )
        submit(done.step, learner, at=now - number * HOUR)
    client = signed_in(organiser)
    with django_assert_max_num_queries(25):
        client.get(address)


# --- What is recorded ---


def test_a_follow_up_is_kept_with_its_reasons_and_puts_the_learner_off(
    facilitator: Person, silent: Enrolment, open_step: Step
) -> None:
    client = signed_in(facilitator)
    answer = client.post(f"{LIST}record/", follow_up_of(silent), follow=True)
    assert "1人の対応を記録しました。" in answer.content.decode()
    kept = FollowUp.objects.get()
    assert (kept.enrolment, kept.by, kept.kind, kept.note) == (silent, facilitator, "call", "電話で話した")
    assert kept.reasons == ["silent:"]
    assert client.get(LIST).context["listing"].total == 0
    assert client.get(f"{LIST}?shown=quiet").context["listing"].total == 1
    page = client.get(f"{MATRIX}{silent.pk}/").text
    assert "電話で話した" in page
    assert "まで見合わせています。" in page


def test_the_audit_log_tells_that_it_was_recorded_but_not_what_was_noted(
    facilitator: Person, silent: Enrolment
) -> None:
    signed_in(facilitator).post(f"{LIST}record/", follow_up_of(silent))
    entry = AuditEntry.objects.get(action="follow_up.recorded")
    assert (entry.subject, entry.actor, entry.cohort) == (f"enrolment:{silent.pk}", facilitator, silent.cohort)
    assert entry.details["kind"] == "call"
    assert "電話" not in str(entry.details)


def test_several_learners_are_followed_up_at_once(organiser: Person, silent: Enrolment, foreign: Enrolment) -> None:
    client = signed_in(organiser)
    page = client.get(f"{LIST}record/?selected={silent.pk}&selected={foreign.pk}").text
    assert "対象（2人）" in page
    client.post(f"{LIST}record/", follow_up_of(silent, foreign, kind="message"))
    assert set(FollowUp.objects.values_list("enrolment", "kind")) == {(silent.pk, "message"), (foreign.pk, "message")}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "wait", "quiet_until": ""}, "quiet_until"),
        ({"quiet_until": "2020-01-01"}, "quiet_until"),
        ({"quiet_until": "2999-01-01"}, "quiet_until"),
        ({"done_on": "2999-01-01"}, "done_on"),
        ({"done_on": "昨日"}, "done_on"),
        ({"kind": "shout"}, "kind"),
        ({"note": "あ" * 2001}, "note"),
    ],
)
def test_a_follow_up_that_makes_no_sense_is_refused_and_nothing_typed_is_lost(
    facilitator: Person, silent: Enrolment, wrong: dict[str, str], field: str
) -> None:
    answer = signed_in(facilitator).post(f"{LIST}record/", {**follow_up_of(silent), **wrong})
    assert list(answer.context["form"].errors) == [field]
    assert wrong.get("note", "電話で話した") in answer.content.decode()
    assert not FollowUp.objects.exists()


def test_without_a_choice_one_is_asked_to_choose(facilitator: Person, study_class: StudyClass) -> None:
    answer = signed_in(facilitator).get(f"{LIST}record/", follow=True)
    assert "受講生を1人以上選んでください。" in answer.content.decode()


RULES = {
    "near_hours": 24,
    "stuck_tries": 4,
    "stuck_days": 5,
    "question_days": 4,
    "review_days": 3,
    "never_days": 6,
    "silent_days": 10,
}


def test_an_organiser_changes_the_rules_and_the_list_follows(organiser: Person, silent: Enrolment) -> None:
    client = signed_in(organiser)
    assert client.get(LIST).context["listing"].total == 1
    assert client.post(f"{LIST}rules/", RULES)["Location"] == LIST
    page = client.get(LIST)
    assert page.context["listing"].total == 0
    assert "10日以上アクセスがない" in page.text
    assert AuditEntry.objects.get(action="follow_up.thresholds_changed").details == RULES


@pytest.mark.parametrize("wrong", [{"silent_days": 0}, {"near_hours": 9999}, {"stuck_tries": "many"}])
def test_numbers_that_make_no_sense_are_refused(organiser: Person, cohort: Cohort, wrong: dict[str, object]) -> None:
    answer = signed_in(organiser).post(f"{LIST}rules/", RULES | wrong)
    assert list(answer.context["form"].errors) == list(wrong)
    assert not Thresholds.objects.exists()


@pytest.mark.parametrize("text", ["The last visit was 9 days ago", "Who is on this list, and in what order"])
def test_the_list_is_read_in_english_too(organiser: Person, silent: Enrolment, text: str) -> None:
    Person.objects.filter(pk=organiser.pk).update(language="en")
    assert text in signed_in(organiser).get(LIST).text


def test_from_the_list_one_writes_to_whom_it_is_narrowed_to(
    facilitator: Person, silent: Enrolment, foreign: Enrolment, done: Submission
) -> None:
    client = signed_in(facilitator)
    address = client.get(f"{LIST}?reason=silent&study_class={silent.study_class_id}").context["message_address"]
    form = client.get(address).context["form"]
    assert form["criterion_follow_up"].value() == "silent"
    assert form["classes"].value() == [str(silent.study_class_id)]


def test_an_announcement_reaches_those_on_the_list_but_nobody_who_was_put_off(
    facilitator: Person, silent: Enrolment, foreign: Enrolment, done: Submission
) -> None:
    def reached(reason: str) -> set[Enrolment]:
        everybody = Enrolment.objects.filter(cohort=silent.cohort)
        return set(narrowed(everybody, silent.cohort, {"follow_up": reason}))

    assert reached("silent") == reached("any") == {silent, foreign}
    assert reached("late") == set()
    signed_in(facilitator).post(f"{LIST}record/", follow_up_of(silent))
    assert reached("any") == {foreign}


def test_the_page_about_one_learner_asks_the_database_little(
    organiser: Person,
    facilitator: Person,
    silent: Enrolment,
    done: Submission,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    record_follow_up(
        cohort=silent.cohort,
        learners={silent: ["silent:"]},
        actor=organiser,
        kind="call",
        note="",
        done_on=timezone.localdate(),
        quiet_until=None,
    )
    for person in (organiser, facilitator):
        client = signed_in(person)
        for learner in (silent, done.enrolment):
            with django_assert_max_num_queries(30):
                assert client.get(f"{MATRIX}{learner.pk}/").status_code == 200
