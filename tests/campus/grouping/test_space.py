"""The team's space: what members keep there, who did what, the evaluation, and who may not."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from campus.cohorts.models import AuditEntry, Cohort, Enrolment, StudyClass
from campus.discussion.models import Post
from campus.grouping import evaluating, keeping
from campus.grouping.models import Evaluation, FileVersion, LogEntry, Milestone, Space, TeamFile
from campus.grouping.speaking import say_slots
from campus.notices.models import Notice
from campus.people.models import Person
from campus.teams.actions import form_team, join_team, leave_team
from campus.teams.models import Team, TeamKind
from tests.campus.cast import enrol, make_person, signed_in

pytestmark = pytest.mark.django_db
PAGES = ("", "files/", "files/all.zip", "log/", "milestones/", "contribution/")


def address(team: Team, page: str = "") -> str:
    return f"/cohorts/{team.cohort.slug}/teams/{team.pk}/{page}"


def text_file(text: str, name: str = "plan.md") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


@pytest.fixture
def three(team: Team, cohort: Cohort, study_class: StudyClass) -> Person:
    """A third member of the project team."""
    third = make_person("Saburo")
    join_team(team=team, enrolment=enrol(third, cohort, study_class=study_class), actor=None)
    return third


def test_members_agree_on_when_and_where_they_meet(team: Team, learner: Person) -> None:
    client = signed_in(learner)
    client.post(address(team), {"about": "在庫を減らす", "slot": "3", "meets_at": "20:00", "room": "meet.example.jp/a"})
    space = Space.objects.get(team=team)
    assert (space.slot, space.room) == (3, "https://meet.example.jp/a")
    page = client.get(address(team)).content.decode()
    assert "月曜日の夜（18〜21時） 20:00" in page
    assert "Taro" in page


def test_a_group_without_a_slot_sees_when_all_have_time_and_nothing_else_of_it(
    team: Team, enrolment: Enrolment, mate_enrolment: Enrolment, learner: Person, three: Person
) -> None:
    client, evening = signed_in(learner), "月曜日の夜（18〜21時）"
    say_slots(enrolment=enrolment, slots=[3, 8, 33])
    assert client.get(address(team)).context["common"] == []
    say_slots(enrolment=mate_enrolment, slots=[3, 33])
    say_slots(enrolment=three.enrolments.get(), slots=[3, 20])
    assert client.get(address(team)).context["common"] == [evening]
    Space.objects.create(team=team, slot=3)
    assert client.get(address(team)).context["common"] == []


def test_a_file_of_the_same_name_becomes_the_next_version_and_both_can_be_read(
    team: Team, learner: Person, mate: Person
) -> None:
    signed_in(learner).post(address(team, "files/"), {"file": text_file("one"), "note": ""})
    signed_in(mate).post(address(team, "files/"), {"file": text_file("two"), "note": "更新"})
    first, second = FileVersion.objects.order_by("number")
    assert [(one.number, one.by.person.name, one.note) for one in (first, second)] == [  # type: ignore[union-attr]
        (1, "Hanako", ""),
        (2, "Taro", "更新"),
    ]
    answer = signed_in(mate).get(address(team, f"files/{first.pk}/"))
    assert b"".join(answer.streaming_content) == b"one"
    assert "attachment" in answer["Content-Disposition"]


def test_what_can_not_be_shared_is_refused_in_words(
    team: Team, learner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(learner)
    program = client.post(address(team, "files/"), {"file": text_file("x", "run.exe")})
    assert program.status_code == 422
    monkeypatch.setattr("campus.grouping.keeping.MOST_BYTES", 3)
    assert client.post(address(team, "files/"), {"file": text_file("four")}).status_code == 422
    assert not FileVersion.objects.exists()


def test_all_files_come_in_one_zip_with_the_newest_version_of_each(team: Team, learner: Person, mentor: Person) -> None:
    client = signed_in(learner)
    for text, name in (("one", "plan.md"), ("two", "plan.md"), ("{}", "予測.ipynb")):
        client.post(address(team, "files/"), {"file": text_file(text, name)})
    assert client.get(address(team, "files/")).context["usage"] == keeping.Usage(files=2, size=8)
    answer = signed_in(mentor).get(address(team, "files/all.zip"))
    archive = ZipFile(BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    assert {one: archive.read(one) for one in archive.namelist()} == {"plan.md": b"two", "予測.ipynb": b"{}"}
    assert "Team%201.zip" in answer["Content-Disposition"] or "Team 1.zip" in answer["Content-Disposition"]


def test_an_upload_is_removed_with_its_bytes_by_who_made_it_or_after_she_left(
    team: Team, learner: Person, mate: Person, mentor: Person
) -> None:
    signed_in(learner).post(address(team, "files/"), {"file": text_file("one")})
    signed_in(mate).post(address(team, "files/"), {"file": text_file("one", "same.md")})
    signed_in(mate).post(address(team, "files/"), {"file": text_file("two")})
    first, same, second = FileVersion.objects.order_by("pk")
    for person, version in ((learner, second), (mentor, second), (mate, first)):
        assert signed_in(person).post(address(team, f"files/{version.pk}/remove/")).status_code == 404
    assert signed_in(mate).post(address(team, f"files/{second.pk}/remove/")).status_code == 302
    assert not default_storage.exists(second.stored.name)
    signed_in(learner).post(address(team, f"files/{first.pk}/remove/"))
    assert list(FileVersion.objects.all()) == [same]
    assert [one.name for one in TeamFile.objects.all()] == ["same.md"]
    assert default_storage.exists(same.stored.name)  # The same bytes as those that were removed.
    leave_team(membership=team.memberships.get(enrolment__person=mate), actor=mate)
    signed_in(learner).post(address(team, f"files/{same.pk}/remove/"))
    assert not TeamFile.objects.exists()
    assert not default_storage.exists(same.stored.name)


def test_the_log_keeps_decisions_and_only_the_writer_removes_an_entry(
    team: Team, learner: Person, mate: Person
) -> None:
    day = timezone.localdate().isoformat()
    signed_in(learner).post(address(team, "log/"), {"on": day, "kind": "decision", "text": "週次で予測する"})
    entry = LogEntry.objects.get()
    remove = address(team, f"log/{entry.pk}/remove/")
    assert signed_in(mate).post(remove).status_code == 404
    assert "週次で予測する" in signed_in(mate).get(address(team, "log/")).content.decode()
    assert signed_in(learner).post(remove).status_code == 302
    assert not LogEntry.objects.exists()


def test_milestones_are_reached_and_opened_again(team: Team, learner: Person, mate: Person) -> None:
    due = (timezone.localdate() - timedelta(days=1)).isoformat()
    signed_in(learner).post(address(team, "milestones/"), {"title": "データの確認", "due_on": due})
    milestone = Milestone.objects.get()
    assert milestone.is_overdue
    signed_in(mate).post(address(team, f"milestones/{milestone.pk}/"), {"done": "1"})
    milestone.refresh_from_db()
    assert milestone.done_by is not None
    assert (milestone.done_by.person, milestone.is_overdue) == (mate, False)
    signed_in(mate).post(address(team, f"milestones/{milestone.pk}/"))
    milestone.refresh_from_db()
    assert milestone.done_at is None


def test_who_did_what_tells_facts_with_links(team: Team, learner: Person, mate: Person, facilitator: Person) -> None:
    day = timezone.localdate().isoformat()
    signed_in(learner).post(address(team, "log/"), {"on": day, "kind": "note", "text": "打ち合わせ"})
    signed_in(mate).post(address(team, "files/"), {"file": text_file("one")})
    signed_in(mate).post(address(team, "files/"), {"file": text_file("two")})
    page = signed_in(learner).get(address(team, "contribution/"))
    counts = {line.enrolment.person.name: line.counts for line in page.context["lines"]}
    assert counts == {"Hanako": [0, 0, 1, 0, 0, 0], "Taro": [0, 2, 0, 0, 0, 0]}
    assert [(fact.person, fact.text) for fact in page.context["facts"]] == [
        ("Taro", "plan.md"),
        ("Taro", "plan.md"),
        ("Hanako", "打ち合わせ"),
    ]
    mine = signed_in(learner).get(address(team, f"contribution/?person={page.context['lines'][0].enrolment.pk}"))
    assert [fact.person for fact in mine.context["facts"]] == ["Hanako"]


def test_what_a_team_says_is_counted_but_not_shown_to_staff_who_may_not_read_it(
    team: Team, learner: Person, facilitator: Person
) -> None:
    from campus.discussion.places import place_of

    place = place_of(team)
    typed = {"place": place.pk, "title": "秘密の相談", "text": "本文", "kind": "talk"}
    signed_in(learner).post(f"/cohorts/{team.cohort.slug}/discussion/new/", typed)
    assert Post.objects.filter(thread__place=place).count() == 1
    for person, is_shown in ((learner, True), (facilitator, False)):
        page = signed_in(person).get(address(team, "contribution/"))
        assert page.context["lines"][0].counts[0] == 1
        assert ("秘密の相談" in page.content.decode()) is is_shown


def test_who_has_left_stands_in_the_record_and_reads_no_more(team: Team, learner: Person, mate: Person) -> None:
    signed_in(mate).post(address(team, "files/"), {"file": text_file("one")})
    leave_team(membership=team.memberships.get(enrolment__person=mate), actor=mate)
    lines = signed_in(learner).get(address(team, "contribution/")).context["lines"]
    assert [(line.enrolment.person.name, line.is_present) for line in lines if line.counts[1]] == [("Taro", False)]
    assert signed_in(mate).get(address(team)).status_code == 404


def test_others_see_no_space_and_those_who_look_after_it_write_nothing(
    team: Team, cohort: Cohort, outsider: Person, facilitator: Person, mentor: Person, organiser: Person
) -> None:
    stranger = make_person("Other")
    form_team(cohort=cohort, kind=TeamKind.PROJECT, name="Other", members=[enrol(stranger, cohort)], actor=None)
    elsewhere = make_person("Elsewhere")
    other_class = StudyClass.objects.create(cohort=cohort, name="B")
    other_class.facilitators.add(enrol(elsewhere, cohort, "facilitator"))
    for person in (outsider, stranger, elsewhere):
        assert {signed_in(person).get(address(team, page)).status_code for page in PAGES} == {404}
    day = timezone.localdate().isoformat()
    for person in (facilitator, mentor, organiser):
        client = signed_in(person)
        assert {client.get(address(team, page)).status_code for page in PAGES} == {200}
        assert client.post(address(team, "log/"), {"on": day, "kind": "note", "text": "x"}).status_code == 404
        assert client.post(address(team, "files/"), {"file": text_file("x")}).status_code == 404
        assert client.post(address(team), {"about": "x"}).status_code == 404
    assert not LogEntry.objects.exists()
    assert "/login/" in Client().get(address(team)).url


def test_a_mentor_sees_project_teams_but_no_study_groups(group: Team, mentor: Person) -> None:
    assert signed_in(mentor).get(address(group)).status_code == 404


@pytest.fixture
def evaluation(team: Team, three: Person, organiser: Person) -> Evaluation:
    soon = timezone.now() + timedelta(days=3)
    assert evaluating.open_evaluations(cohort=team.cohort, closes_at=soon, actor=organiser) == 1
    return Evaluation.objects.select_related("team__cohort").get(team=team)


def answer(evaluation: Evaluation, person: Person, level: int) -> int:
    client, page = signed_in(person), address(evaluation.team, "evaluation/")
    fields = client.get(page).context["form"].fields
    return int(client.post(page, dict.fromkeys(fields, level)).status_code)


def test_each_sees_a_summary_about_herself_once_all_have_answered(
    evaluation: Evaluation, learner: Person, mate: Person, three: Person
) -> None:
    page = address(evaluation.team, "evaluation/")
    assert [answer(evaluation, person, level) for person, level in ((mate, 4), (three, 3))] == [302, 302]
    assert signed_in(learner).get(page).context["summary"] == []
    answer(evaluation, learner, 2)
    shown = signed_in(learner).get(page)
    assert [(one.mean, one.count) for one in shown.context["summary"]] == [(3.5, 2)] * 4
    assert shown.context["answers"] == []


def test_one_answer_alone_is_shown_to_nobody_in_the_team(
    evaluation: Evaluation, learner: Person, mate: Person, mentor: Person
) -> None:
    answer(evaluation, mate, 1)
    Evaluation.objects.update(closes_at=timezone.now())
    page = address(evaluation.team, "evaluation/")
    assert signed_in(learner).get(page).context["summary"] == []
    assert len(signed_in(mentor).get(page).context["answers"]) == 2


def test_everybody_is_judged_or_nothing_is_kept_and_not_after_the_close(evaluation: Evaluation, mate: Person) -> None:
    page = address(evaluation.team, "evaluation/")
    fields = list(signed_in(mate).get(page).context["form"].fields)
    assert signed_in(mate).post(page, {fields[0]: 3}).status_code == 422
    Evaluation.objects.update(closes_at=timezone.now())
    signed_in(mate).post(page, dict.fromkeys(fields, 3))
    assert not evaluation.judgements.exists()


def test_who_sees_the_evaluation(
    evaluation: Evaluation, facilitator: Person, mentor: Person, organiser: Person, outsider: Person, learner: Person
) -> None:
    page = address(evaluation.team, "evaluation/")
    seen = [signed_in(one).get(page).status_code for one in (mentor, organiser, learner, facilitator, outsider)]
    assert seen == [200, 200, 200, 404, 404]
    assert signed_in(mentor).post(page, {}).status_code == 404


def test_the_evaluation_is_opened_once_in_each_project_team_and_members_are_told(
    evaluation: Evaluation, organiser: Person, facilitator: Person
) -> None:
    page = f"/cohorts/{evaluation.team.cohort.slug}/desk/teams/evaluation/"
    assert Notice.objects.filter(kind="grouping.evaluation").count() == 3
    assert AuditEntry.objects.get(action="grouping.evaluation_opened").details == {"count": 1}
    later = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    signed_in(organiser).post(page, {"closes_at": later})
    assert Evaluation.objects.count() == 1
    assert signed_in(organiser).post(page, {"closes_at": "2020-01-01T00:00"}).status_code == 422
    assert signed_in(facilitator).get(page).status_code == 404


def test_pages_cost_the_same_queries_however_much_is_kept(
    team: Team, learner: Person, enrolment: Enrolment, django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        LogEntry.objects.create(team=team, text=f"{number}", by=enrolment)
        Milestone.objects.create(team=team, title=f"{number}", due_on=timezone.localdate())
    client = signed_in(learner)
    for page in PAGES:
        with django_assert_max_num_queries(45 if not page else 32):  # type: ignore[operator]
            client.get(address(team, page))
