"""Rosters in OneRoster 1.2: who comes in as what, what changes and deletions do, and what is refused before that."""

import stat
import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campus.cohorts.models import AuditEntry, Cohort, Enrolment, EnrolmentState, Role, StudyClass
from campus.intake.imports.actions import HasProblems, begin_import, carry_out
from campus.intake.imports.remarks import Unreadable
from campus.intake.models import ImportRow, PeopleImport, RosterPerson
from campus.notices.models import Mail
from campus.people.erasure import erase
from campus.people.models import Person
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.intake.rosters import enrollment, file_of, manifest, package, role, study_class, user, zipped

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ORGS = [{"sourcedId": "uni", "name": "学び大学", "type": "school"}]
KANA = {"metadata.jp.kanaFamilyName": "サトウ", "metadata.jp.kanaGivenName": "ハナコ"}
SATO, PROF = user("s1", "佐藤", "花子", **KANA), user("t1", "Smith", "Jane", middleName="Q.")
AIDE = user("a1", "鈴木", "一郎")
ROLES = [role("s1", "student"), role("t1", "teacher"), role("a1", "aide")]
CLASSES = [study_class("c1", "データ演習 A")]
ENROLLED = [enrollment("s1", "c1"), enrollment("t1", "c1", "teacher")]
WHOLE: dict[str, Any] = {
    "orgs": ORGS,
    "users": [SATO, PROF, AIDE],
    "roles": ROLES,
    "classes": CLASSES,
    "enrollments": ENROLLED,
}


@pytest.fixture
def upload(organiser: Person, cohort: Cohort) -> Any:
    def begin(*, data: bytes | None = None, **files: Any) -> PeopleImport:
        made = package(**files) if data is None else data
        return begin_import(cohort=cohort, owner=organiser, file_name="roster.zip", data=made)

    return begin


@pytest.fixture
def bring(upload: Any, organiser: Person) -> Any:
    return lambda **files: carry_out(people_import=upload(**files), actor=organiser)


def said(people_import: PeopleImport) -> list[tuple[str, str, list[str]]]:
    """Of each row its place, outcome and remarks."""
    rows = people_import.rows.order_by("number")
    return [
        (
            row.place,
            row.outcome,
            [remark.code for kind in ("problems", "changes", "notes") for remark in row.remarks(kind)],
        )
        for row in rows
    ]


def refusals(row: ImportRow) -> list[tuple[str, str]]:
    return [(remark.code, remark.heading) for remark in row.remarks("problems")]


def who(cohort: Cohort) -> dict[str, tuple[str, str, str]]:
    """Everybody whom rosters brought: role, state and class."""
    rows = Enrolment.objects.filter(cohort=cohort, person__email__endswith="@uni.example").select_related("person")
    return {
        f"{one.person.email.split('@')[0]} {one.role}": (one.person.name, one.state, str(one.study_class or ""))
        for one in rows
    }


def test_a_whole_roster_comes_in_by_preview_and_confirmation(upload: Any, organiser: Person, cohort: Cohort) -> None:
    begun = upload(**WHOLE)
    assert said(begun) == [("users.csv 2", "new", []), ("users.csv 3", "new", []), ("users.csv 4", "new", [])]
    assert (begun.new_classes, Person.objects.filter(email="s1@uni.example").exists()) == (["データ演習 A"], False)

    carry_out(people_import=begun, actor=organiser)
    assert who(cohort) == {
        "s1 learner": ("佐藤 花子", EnrolmentState.SELECTED, "データ演習 A"),
        "t1 facilitator": ("Jane Q. Smith", EnrolmentState.SELECTED, ""),
        "a1 mentor": ("鈴木 一郎", EnrolmentState.SELECTED, ""),
    }
    made = StudyClass.objects.get(cohort=cohort)
    assert [one.person.name for one in made.facilitators.all()] == ["Jane Q. Smith"]
    profile = Person.objects.get(email="s1@uni.example").profile
    assert (profile.name_kana, profile.organisation) == ("サトウ ハナコ", "学び大学")
    assert not Mail.objects.exists()
    actions = AuditEntry.objects.order_by("pk").values_list("action", "details")
    assert list(actions) == [
        ("import.uploaded", {"rows": 3, "refused": 0}),
        ("class.made", {}),
        ("import.done", {"new": 3} | dict.fromkeys(["changed", "same", "known", "leaves", "passed"], 0)),
    ]
    assert {outcome for _place, outcome, _remarks in said(upload(**WHOLE))} == {"same"}


def test_an_aide_who_is_enrolled_as_teacher_becomes_mentor_not_facilitator(bring: Any, cohort: Cohort) -> None:
    bring(
        **WHOLE | {"users": [AIDE], "roles": [role("a1", "aide")], "enrollments": [enrollment("a1", "c1", "teacher")]}
    )
    assert list(who(cohort)) == ["a1 mentor"]


@pytest.mark.parametrize("other", ["guardian", "districtAdministrator", "proctor", "ext:dean"])
def test_no_other_role_comes_in_least_of_all_as_organiser(other: str, bring: Any, cohort: Cohort) -> None:
    enrolled = [enrollment("t1", "c1", "administrator")]
    begun = bring(users=[SATO, PROF], roles=[role("s1", other)], classes=CLASSES, enrollments=enrolled)
    assert (begun.counts, who(cohort)) == ({"passed": 2}, {})


def test_who_is_switched_off_does_not_come_in(upload: Any) -> None:
    begun = upload(users=[{**SATO, "enabledUser": "false", "email": ""}], roles=ROLES[:1])
    assert said(begun) == [("users.csv 2", "passed", ["disabled"])]


def test_a_user_name_that_is_an_address_stands_in_for_a_missing_one(upload: Any) -> None:
    begun = upload(users=[{**SATO, "email": ""}], roles=ROLES[:1])
    assert begun.rows.get().email == "s1@uni.example"


def test_every_fault_is_told_by_file_row_and_column_and_stops_all(
    upload: Any, organiser: Person, cohort: Cohort
) -> None:
    begun = upload(
        users=[
            SATO,
            {**PROF, "email": "nobody", "familyName": "", "givenName": "", "middleName": "", "enabledUser": "yes"},
            SATO,
        ],
        roles=[role("s1", "student"), role("t1", "teacher", status="gone")],
        classes=[*CLASSES, study_class("c2", "データ演習 A"), study_class("c3", "長" * 61)],
        enrollments=[enrollment("s1", "c1"), enrollment("x", "c1"), enrollment("s1", "c9")],
    )
    rows = list(begun.rows.order_by("number"))
    assert [problem for row in rows for problem in refusals(row)] == [
        ("not_an_address", "users.csv 3: email"),
        ("missing", "users.csv 3: familyName, givenName"),
        ("no_such_choice", "users.csv 3: enabledUser"),
        ("same_id", "users.csv 4: sourcedId"),
        ("no_such_choice", "roles.csv 3: status"),
        ("same_class", "classes.csv 3: title"),
        ("too_long", "classes.csv 4: title"),
        ("no_such_id", "enrollments.csv 3: userSourcedId"),
        ("no_such_id", "enrollments.csv 4: classSourcedId"),
    ]
    with pytest.raises(HasProblems):
        carry_out(people_import=begun, actor=organiser)
    assert (who(cohort), StudyClass.objects.exists()) == ({}, False)


def test_a_learner_in_two_classes_is_refused(upload: Any) -> None:
    classes = [*CLASSES, study_class("c2", "B")]
    begun = upload(
        users=[SATO], roles=ROLES[:1], classes=classes, enrollments=[enrollment("s1", "c1"), enrollment("s1", "c2")]
    )
    assert refusals(begun.rows.get()) == [("many_classes", "")]


def test_a_delta_names_changes_only_and_knows_people_and_classes_by_their_ids(
    bring: Any, upload: Any, cohort: Cohort, organiser: Person
) -> None:
    bring(**WHOLE)
    changes = upload(
        mode="delta",
        users=[{**SATO, "familyName": "田中", "email": "tanaka@uni.example"}],
        classes=[study_class("c2", "B")],
        enrollments=[enrollment("s1", "c1", status="tobedeleted"), enrollment("s1", "c2")],
    )
    assert said(changes) == [("users.csv 2", "changed", ["field_changes", "class_changes", "address_kept"])]
    carry_out(people_import=changes, actor=organiser)
    assert who(cohort)["s1 learner"] == ("田中 花子", EnrolmentState.SELECTED, "B")
    assert (RosterPerson.objects.count(), len(who(cohort))) == (3, 3)


def test_a_bulk_roster_takes_nobody_out_by_not_naming_them(bring: Any, cohort: Cohort) -> None:
    bring(**WHOLE)
    bring(**WHOLE | {"users": [SATO], "enrollments": ENROLLED[:1]})
    assert {state for _name, state, _class in who(cohort).values()} == {EnrolmentState.SELECTED}


@pytest.mark.parametrize(
    "deletion",
    [
        {"users": [{**SATO, "status": "tobedeleted"}]},
        {"enrollments": [enrollment("s1", "c1", status="tobedeleted")]},
        {"classes": [study_class("c1", "", status="tobedeleted")], "enrollments": [enrollment("s1", "c1")]},
    ],
    ids=["the person", "the enrolment", "the class"],
)
def test_who_is_to_be_deleted_leaves_the_cohort_and_keeps_the_account(
    deletion: dict[str, Any], bring: Any, cohort: Cohort
) -> None:
    bring(**WHOLE)
    done = bring(mode="delta", **deletion)
    assert done.counts == {"leaves": 1}
    assert who(cohort)["s1 learner"][1] == EnrolmentState.WITHDRAWN
    assert who(cohort)["t1 facilitator"][1] == EnrolmentState.SELECTED
    assert Person.objects.get(email="s1@uni.example").is_active
    assert AuditEntry.objects.filter(action="enrolment.state_changed").count() == 1


@pytest.mark.parametrize(
    ("state", "reason"), [(EnrolmentState.COMPLETED, "has_completed"), (EnrolmentState.WITHDRAWN, "not_here")]
)
def test_who_has_completed_or_left_stays_as_recorded(state: str, reason: str, bring: Any, upload: Any) -> None:
    bring(**WHOLE)
    Enrolment.objects.filter(person__email="s1@uni.example").update(state=state)
    begun = upload(mode="delta", users=[{**SATO, "status": "tobedeleted"}])
    assert said(begun) == [("users.csv 2", "passed", [reason])]


def test_leaving_a_class_that_one_is_not_in_changes_nothing(bring: Any, upload: Any, cohort: Cohort) -> None:
    bring(**WHOLE)
    other = StudyClass.objects.create(cohort=cohort, name="B")
    Enrolment.objects.filter(person__email="s1@uni.example").update(study_class=other)
    gone = [
        enrollment(who_id, "c1", said, endDate="2020-03-31") for who_id, said in (("s1", "student"), ("t1", "teacher"))
    ]
    begun = upload(mode="delta", enrollments=gone)
    assert [remarks for _place, _outcome, remarks in said(begun)] == [["in_other_class"], ["looks_after_still"]]


def test_a_profile_that_is_its_owners_stays_and_nobody_is_raised(
    bring: Any, cohort: Cohort, other_cohort: Cohort
) -> None:
    person = make_person("Sato")
    enrol(person, other_cohort)
    bring(users=[{**SATO, "email": person.email}], roles=ROLES[:1])
    person.refresh_from_db()
    assert (person.name, person.is_staff) == ("Sato", False)
    assert person.enrolments.get(cohort=cohort).role == Role.LEARNER


def fault(upload: Any, data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(Unreadable) as refused:
        upload(data=data)
    return [(remark.code, remark.heading) for remark in refused.value.remarks]


def test_a_package_that_cannot_be_read_is_explained(upload: Any) -> None:
    whole = {"manifest.csv": manifest({"users": "bulk", "roles": "bulk"}), "roles.csv": file_of("roles", [])}
    assert fault(upload, package(version="1.1", users=[SATO])) == [("other_roster_version", "manifest.csv")]
    assert fault(upload, zipped(whole)) == [("file_missing", "users.csv")]
    assert fault(upload, zipped({"manifest.csv": manifest({"users": "most"})})) == [("no_such_mode", "manifest.csv")]
    headless = zipped({**whole, "users.csv": "sourcedId,givenName\r\ns1,花子\r\n"})
    assert fault(upload, headless) == [("no_columns", "users.csv")]
    assert fault(upload, zipped({"manifest.csv": manifest({})})) == [("file_missing", "users.csv")]
    assert fault(upload, zipped({**whole, "sub/manifest.csv": "x"})) == [("many_manifests", "")]
    no_status = zipped(
        {"manifest.csv": manifest({"users": "delta"}), "users.csv": file_of("users", [SATO]).replace("status,", "")}
    )
    assert fault(upload, no_status) == [("no_columns", "users.csv")]


def test_hostile_zips_are_refused_before_they_are_unpacked(upload: Any) -> None:
    good = {"manifest.csv": manifest({"users": "bulk"}), "users.csv": file_of("users", [SATO])}
    assert fault(upload, zipped({**good, "../evil.csv": "x"})) == [("dangerous_zip", "")]
    assert fault(upload, zipped({**good, "users.csv": b"0" * 20_000_000})) == [("dangerous_zip", "")]
    assert fault(upload, zipped({**good, **{f"{number}.csv": "" for number in range(60)}})) == [("dangerous_zip", "")]
    out = BytesIO(zipped({"manifest.csv": manifest({"users": "bulk"})}))
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("users.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert fault(upload, out.getvalue()) == [("dangerous_zip", "")]
    broken = bytearray(zipped(good))
    broken[60:90] = bytes(30)
    assert fault(upload, bytes(broken))[0][0] in {"broken_zip", "dangerous_zip"}


def test_a_folder_that_was_packed_whole_is_read_too(upload: Any) -> None:
    assert upload(folder="export/", users=[SATO], roles=ROLES[:1]).counts == {"new": 1}


def test_the_page_takes_a_package_and_shows_what_it_makes(organiser: Person, cohort: Cohort) -> None:
    client = signed_in(organiser)
    file = SimpleUploadedFile("roster.zip", package(**WHOLE))
    page = client.post("/cohorts/spring/desk/import/", {"file": file, "default_role": "learner"}, follow=True)
    assert "users.csv 2" in page.text
    assert "新しく作られるクラス" in page.text
    assert "データ演習 A" in page.text


def test_who_is_erased_has_no_number_in_a_roster_any_more(bring: Any) -> None:
    bring(**WHOLE)
    erase(person=Person.objects.get(email="s1@uni.example"))
    assert not RosterPerson.objects.filter(sourced_id="s1").exists()
