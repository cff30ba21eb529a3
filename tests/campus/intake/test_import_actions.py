"""What an import says it will do is what it does, all of it or nothing, and a second time nothing at all."""

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campus.cohorts.models import AuditEntry, Cohort, Enrolment, EnrolmentState, Role, StudyClass
from campus.intake.imports import actions
from campus.intake.imports.actions import (
    HasProblems,
    NothingLeft,
    PreviewIsOld,
    begin_import,
    carry_out,
    delete_expired_imports,
    discard_import,
)
from campus.intake.models import ImportRow, PeopleImport
from campus.people.codes import AgeBand, Industry, Prefecture
from campus.people.models import Person
from tests.campus.cast import enrol, make_person
from tests.campus.intake.tables import as_csv

pytestmark = pytest.mark.django_db

SATO = ["佐藤 花子", "sato@example.org", "受講生", "A"]


def upload(organiser: Person, cohort: Cohort, *rows: list[str], **options: str) -> PeopleImport:
    return begin_import(cohort=cohort, owner=organiser, file_name="people.csv", data=as_csv(*rows), **options)


def bring(organiser: Person, cohort: Cohort, *rows: list[str]) -> PeopleImport:
    return carry_out(people_import=upload(organiser, cohort, *rows), actor=organiser)


def outcomes(people_import: PeopleImport) -> list[str]:
    return list(people_import.rows.order_by("number").values_list("outcome", flat=True))


def codes(row: ImportRow, kind: str) -> list[tuple[str, str]]:
    return [(remark.code, remark.heading) for remark in row.remarks(kind)]


def only_row(people_import: PeopleImport) -> ImportRow:
    return people_import.rows.get()


def test_new_people_come_as_selected_without_a_password(
    organiser: Person, cohort: Cohort, study_class: StudyClass
) -> None:
    done = bring(organiser, cohort, SATO, ["Mia Mentor", "mia@example.org", "mentor", ""])
    person = Person.objects.get(email="sato@example.org")
    assert (person.name, person.language, person.has_usable_password()) == ("佐藤 花子", "ja", False)
    learner = person.enrolments.get()
    assert (learner.cohort, learner.role, learner.state, learner.study_class) == (
        cohort,
        Role.LEARNER,
        EnrolmentState.SELECTED,
        study_class,
    )
    assert Enrolment.objects.get(person__email="mia@example.org").role == Role.MENTOR
    assert (done.counts, done.rows.count()) == ({"new": 2}, 0)


def test_the_same_file_again_changes_nothing(organiser: Person, cohort: Cohort, study_class: StudyClass) -> None:
    bring(organiser, cohort, SATO)
    before = list(Enrolment.objects.order_by("pk").values())
    again = upload(organiser, cohort, SATO)
    assert (outcomes(again), again.does_something) == (["same"], False)
    carry_out(people_import=again, actor=organiser)
    assert list(Enrolment.objects.order_by("pk").values()) == before
    assert Person.objects.filter(email="sato@example.org").count() == 1


def test_a_known_person_is_found_whatever_the_case_of_the_address(
    organiser: Person, cohort: Cohort, outsider: Person
) -> None:
    row = ["Yoso", "YOSO@Example.ORG", "mentor", ""]
    assert outcomes(upload(organiser, cohort, row)) == ["known"]
    bring(organiser, cohort, row)
    assert outsider.enrolments.get(cohort=cohort).role == Role.MENTOR


def test_the_profile_of_somebody_who_looks_after_it_stays(organiser: Person, cohort: Cohort, outsider: Person) -> None:
    row = only_row(upload(organiser, cohort, ["別の 名前", outsider.email, "", ""]))
    assert (codes(row, "notes"), row.changes) == ([("profile_kept", "")], [])
    bring(organiser, cohort, ["別の 名前", outsider.email, "", ""])
    outsider.refresh_from_db()
    assert outsider.name == "Yoso"


def test_who_never_signed_in_can_be_corrected_by_importing_again(
    organiser: Person, cohort: Cohort, study_class: StudyClass
) -> None:
    StudyClass.objects.create(cohort=cohort, name="B")
    bring(organiser, cohort, SATO)
    again = upload(organiser, cohort, ["斎藤 花子", "sato@example.org", "受講生", "B"])
    assert [str(change) for change in only_row(again).remarks("changes")] == [
        "氏名：佐藤 花子 → 斎藤 花子",
        "クラス：A → B",
    ]
    carry_out(people_import=again, actor=organiser)
    enrolment = Enrolment.objects.get(person__email="sato@example.org")
    assert (enrolment.person.name, str(enrolment.study_class)) == ("斎藤 花子", "B")


FULL = ["メールアドレス", "氏名", "フリガナ", "ローマ字", "会社", "業種", "職種", "都道府県", "年代", "言語"]


def test_the_profile_comes_along_and_a_later_file_corrects_it(organiser: Person, cohort: Cohort) -> None:
    def upload_profile(*cells: str) -> PeopleImport:
        data = as_csv(["sato@example.org", "佐藤 花子", *cells], headings=FULL)
        return begin_import(cohort=cohort, owner=organiser, file_name="people.csv", data=data)

    first = upload_profile("さとう ﾊﾅｺ", "ＳＡＴＯ Hanako", "みなと電機", "製造業", "", "神奈川", "30代", "英語")
    carry_out(people_import=first, actor=organiser)
    person = Person.objects.get(email="sato@example.org")
    profile = person.profile
    assert (person.language, profile.name_kana, profile.name_roman) == ("en", "サトウ ハナコ", "SATO Hanako")
    assert (profile.organisation, profile.industry, profile.occupation) == ("みなと電機", Industry.E, "")
    assert (profile.prefecture, profile.age_band) == (Prefecture.KANAGAWA, AgeBand.THIRTIES)

    second = upload_profile("", "", "", "", "", "東京都", "", "")
    assert [str(change) for change in only_row(second).remarks("changes")] == ["お住まいの都道府県：神奈川県 → 東京都"]
    carry_out(people_import=second, actor=organiser)
    profile.refresh_from_db()
    assert (profile.prefecture, profile.organisation) == (Prefecture.TOKYO, "みなと電機")


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [("フリガナ", "佐藤", "wrong_letters"), ("ローマ字", "佐藤", "wrong_letters"), ("業種", "忍者", "no_such_choice")],
)
def test_a_profile_that_cannot_be_kept_is_refused(
    column: str, cell: str, code: str, organiser: Person, cohort: Cohort
) -> None:
    data = as_csv(["sato@example.org", "佐藤", cell], headings=["メール", "氏名", column])
    people_import = begin_import(cohort=cohort, owner=organiser, file_name="people.csv", data=data)
    assert codes(only_row(people_import), "problems") == [(code, column)]


def test_a_facilitator_gets_several_classes_and_keeps_those_they_have(
    organiser: Person, cohort: Cohort, study_class: StudyClass, facilitator: Person
) -> None:
    for name in ("B", "C"):
        StudyClass.objects.create(cohort=cohort, name=name)
    row = ["Fumi", facilitator.email, "ファシリテーター", "B、C"]
    assert outcomes(upload(organiser, cohort, row)) == ["changed"]
    bring(organiser, cohort, row)
    enrolment = facilitator.enrolments.get()
    assert set(enrolment.facilitated_classes.values_list("name", flat=True)) == {"A", "B", "C"}
    assert outcomes(upload(organiser, cohort, row)) == ["same"]


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        (["佐藤 花子", "", "受講生", ""], [("missing", "メールアドレス")]),
        (["", "sato@example", "受講生", ""], [("missing", "氏名"), ("not_an_address", "メールアドレス")]),
        (["佐藤 花子", "佐藤@example.org", "", ""], [("not_an_address", "メールアドレス")]),
        (["佐" * 101, "sato@example.org", "", ""], [("too_long", "氏名")]),
        (["佐藤 https://x.example", "sato@example.org", "", ""], [("carries_address", "氏名")]),
        (["佐藤 花子", "sato@example.org", "生徒会長", ""], [("no_such_role", "役割")]),
        (["佐藤 花子", "sato@example.org", "修了生", ""], [("no_such_role", "役割")]),
        (["佐藤 花子", "sato@example.org", "", "Z"], [("no_such_class", "")]),
        (["佐藤 花子", "sato@example.org", "", "A,B"], [("many_classes", ""), ("no_such_class", "")]),
        (["佐藤 花子", "sato@example.org", "", "A", "extra"], [("beyond_headings", "")]),
    ],
)
def test_every_fault_of_a_row_is_told_with_its_column(
    row: list[str], problems: list[tuple[str, str]], organiser: Person, cohort: Cohort, study_class: StudyClass
) -> None:
    people_import = upload(organiser, cohort, row)
    assert codes(only_row(people_import), "problems") == problems
    assert outcomes(people_import) == ["refused"]


def test_one_fault_stops_all_rows(organiser: Person, cohort: Cohort, study_class: StudyClass) -> None:
    people_import = upload(organiser, cohort, SATO, ["太郎", "no address", "", ""])
    with pytest.raises(HasProblems):
        carry_out(people_import=people_import, actor=organiser)
    assert not Person.objects.filter(email="sato@example.org").exists()


def test_the_same_person_twice_in_a_file_is_told(organiser: Person, cohort: Cohort, study_class: StudyClass) -> None:
    people_import = upload(
        organiser,
        cohort,
        SATO,
        ["佐藤 花子", "SATO@example.org", "受講生", "A"],
        ["鈴木 花子", "sato@example.org", "mentor", ""],
        ["佐藤 花子", "sato@example.org", "organiser", ""],
    )
    rows = list(people_import.rows.order_by("number"))
    assert [codes(row, "problems") for row in rows] == [[], [("same_person", "")], [("other_name", "")], []]


def test_somebody_may_have_two_roles(organiser: Person, cohort: Cohort, study_class: StudyClass) -> None:
    bring(organiser, cohort, SATO, ["佐藤 花子", "sato@example.org", "mentor", ""])
    person = Person.objects.get(email="sato@example.org")
    assert set(person.enrolments.values_list("role", flat=True)) == {Role.LEARNER, Role.MENTOR}


def test_what_was_tidied_is_said(organiser: Person, cohort: Cohort) -> None:
    row = only_row(upload(organiser, cohort, ["佐藤　　花子", "Ｓａｔｏ＠example.org", "", ""]))
    assert (row.name, row.email) == ("佐藤 花子", "sato@example.org")
    assert codes(row, "notes") == [("tidied", "氏名"), ("lower_case", "メールアドレス")]


def test_people_without_a_role_get_the_one_chosen_for_the_file(organiser: Person, cohort: Cohort) -> None:
    people_import = upload(organiser, cohort, ["Mia", "mia@example.org", "", ""], default_role=Role.MENTOR)
    assert only_row(people_import).role == Role.MENTOR


@pytest.mark.parametrize(
    ("state", "note"), [(EnrolmentState.APPLIED, "has_applied"), (EnrolmentState.WITHDRAWN, "has_left")]
)
def test_an_import_neither_selects_applicants_nor_brings_back_who_left(
    state: EnrolmentState, note: str, organiser: Person, cohort: Cohort, study_class: StudyClass
) -> None:
    enrolment = enrol(make_person("Sato"), cohort, state=state)
    people_import = upload(organiser, cohort, ["Sato", "sato@example.org", "", "A"])
    assert codes(only_row(people_import), "notes") == [(note, "")]
    carry_out(people_import=people_import, actor=organiser)
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.study_class) == (state, None)


def test_a_closed_account_is_not_imported(organiser: Person, cohort: Cohort) -> None:
    make_person("Shut", is_active=False)
    row = only_row(upload(organiser, cohort, ["Shut", "shut@example.org", "", ""]))
    assert codes(row, "problems") == [("blocked", "")]


def test_what_happened_since_the_preview_is_shown_before_anything_is_done(organiser: Person, cohort: Cohort) -> None:
    people_import = upload(organiser, cohort, ["Sato", "sato@example.org", "", ""])
    make_person("Sato")
    with pytest.raises(PreviewIsOld):
        carry_out(people_import=people_import, actor=organiser)
    people_import.refresh_from_db()
    assert (outcomes(people_import), people_import.counts) == (["known"], {"known": 1})
    carry_out(people_import=people_import, actor=organiser)
    assert Enrolment.objects.filter(person__email="sato@example.org", cohort=cohort).exists()


def test_somebody_who_signs_up_in_the_same_second_leaves_nothing_half_done(
    organiser: Person, cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    people_import = upload(organiser, cohort, ["Aoi", "aoi@example.org", "", ""], ["Sato", "sato@example.org", "", ""])
    plan = actions._plan

    def plan_then_sign_up(*args: object, **more: object) -> list[object]:
        plans = plan(*args, **more)
        make_person("Sato")
        return plans

    monkeypatch.setattr(actions, "_plan", plan_then_sign_up)
    with pytest.raises(PreviewIsOld):
        carry_out(people_import=people_import, actor=organiser)
    assert not Person.objects.filter(email="aoi@example.org").exists()


def test_an_import_is_done_once(organiser: Person, cohort: Cohort) -> None:
    people_import = upload(organiser, cohort, ["Sato", "sato@example.org", "", ""])
    carry_out(people_import=people_import, actor=organiser)
    with pytest.raises(NothingLeft):
        carry_out(people_import=people_import, actor=organiser)


def test_discarded_and_expired_uploads_are_forgotten(organiser: Person, cohort: Cohort) -> None:
    row = ["Sato", "sato@example.org", "", ""]
    discarded, expired, fresh = (upload(organiser, cohort, row) for _ in range(3))
    discard_import(people_import=discarded)
    PeopleImport.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    with pytest.raises(NothingLeft):
        carry_out(people_import=expired, actor=organiser)
    assert delete_expired_imports() == 1
    assert list(PeopleImport.objects.all()) == [fresh]
    assert set(ImportRow.objects.values_list("people_import", flat=True)) == {fresh.pk}


def test_the_audit_log_has_counts_and_no_personal_data(organiser: Person, cohort: Cohort) -> None:
    done = bring(organiser, cohort, ["Sato", "sato@example.org", "", ""])
    entries = AuditEntry.objects.filter(subject=f"import:{done.pk}").order_by("pk")
    assert [(entry.action, entry.actor, entry.cohort, entry.details) for entry in entries] == [
        ("import.uploaded", organiser, cohort, {"rows": 1, "refused": 0}),
        ("import.done", organiser, cohort, {"new": 1, "known": 0, "changed": 0, "same": 0, "leaves": 0, "passed": 0}),
    ]


def test_the_number_of_queries_does_not_grow_with_the_file(
    organiser: Person, cohort: Cohort, study_class: StudyClass, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [[f"受講生{number}", f"l{number}@example.org", "", "A"] for number in range(300)]
    with django_assert_max_num_queries(12):
        people_import = upload(organiser, cohort, *rows)
    with django_assert_max_num_queries(24):
        carry_out(people_import=people_import, actor=organiser)
