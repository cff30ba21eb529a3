"""Handing in: versions, repetition, lateness, teams, and that nothing which was typed is lost."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from campus.cases.extending import grant_extensions
from campus.cases.hand_ins import hand_ins_of
from campus.cases.models import Step
from campus.cohorts.models import Cohort, Enrolment
from campus.deliverables import actions, refusals
from campus.deliverables.actions import OpenPage, Sent, Work, hand_in, save, submit
from campus.deliverables.files import check_and_store
from campus.deliverables.models import Deliverable, Draft
from campus.deliverables.queries import current_of, of_owner
from campus.deliverables.signals import handed_in as handed_in_signal
from campus.notices.models import Notice
from campus.people.models import Person
from campus.teams.actions import leave_team
from tests.campus.cast import reschedule
from tests.campus.deliverables.files import AI_USE, CSV, handed_in, slides, upload

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def whole(**fields: Any) -> Sent:
    return Sent(**{"text": "廃棄が多い", "ai_use": AI_USE} | fields)


@contextmanager
def heard() -> Iterator[list[Deliverable]]:
    """What other apps are told within the block."""
    found: list[Deliverable] = []

    def listen(deliverable: Deliverable, **_signal: Any) -> None:
        found.append(deliverable)

    handed_in_signal.connect(listen)
    yield found
    handed_in_signal.disconnect(listen)


def test_what_was_prepared_is_handed_in_with_files_and_links(step: Step, enrolment: Enrolment) -> None:
    files = [check_and_store(upload("提案.pdf", slides())), check_and_store(upload("data.csv", CSV))]
    save(step=step, enrolment=enrolment, sent=whole(files=files))
    links = "https://example.com/app 試作品\nhttps://example.com/"
    with heard() as told:
        made = submit(step=step, enrolment=enrolment, sent=whole(links=links), request_key=uuid.uuid4())
    assert told == [made]
    assert (made.number, made.is_current, made.is_late, made.is_new) == (1, True, False, True)
    assert (made.text, made.ai_use) == ("廃棄が多い", AI_USE)
    assert [(file.position, file.name, file.kind) for file in made.files.all()] == [
        (1, "提案.pdf", "pdf"),
        (2, "data.csv", "csv"),
    ]
    assert [(link.url, link.label) for link in made.links.all()] == [
        ("https://example.com/app", "試作品"),
        ("https://example.com/", ""),
    ]
    assert not Draft.objects.exists()


def test_a_new_version_takes_the_place_of_the_one_before_it(step: Step, enrolment: Enrolment) -> None:
    first = handed_in(step, enrolment, text="1回目", slides_pdf=slides())
    save(step=step, enrolment=enrolment, sent=whole(text="2回目"))
    assert [file.name for file in Draft.objects.get().files.all()] == ["slides.pdf"]
    second = submit(step=step, enrolment=enrolment, sent=whole(text="2回目"), request_key=uuid.uuid4())
    assert list(of_owner(step, enrolment)) == [second, first]
    assert list(current_of(step)) == [second]
    assert second.number == 2
    assert [(one.first_at, one.last_at, one.times) for one in hand_ins_of([step])] == [
        (first.handed_in_at, second.handed_in_at, 2)
    ]


def test_a_double_click_hands_in_once(step: Step, enrolment: Enrolment) -> None:
    key = uuid.uuid4()
    first = submit(step=step, enrolment=enrolment, sent=whole(), request_key=key)
    again = submit(step=step, enrolment=enrolment, sent=whole(), request_key=key)
    assert again == first
    assert (Deliverable.objects.count(), again.is_new, Draft.objects.count()) == (1, False, 0)


def test_what_a_page_saves_on_its_way_out_begins_no_new_draft(step: Step, enrolment: Enrolment) -> None:
    key = uuid.uuid4()
    submit(step=step, enrolment=enrolment, sent=whole(), request_key=key)
    assert save(step=step, enrolment=enrolment, sent=whole(), request_key=key) is None
    assert not Draft.objects.exists()


def test_a_key_is_good_for_one_step(step: Step, team_step: Step, enrolment: Enrolment) -> None:
    key = uuid.uuid4()
    submit(step=step, enrolment=enrolment, sent=whole(), request_key=key)
    with pytest.raises(refusals.KeyReused):
        submit(step=team_step, enrolment=enrolment, sent=whole(), request_key=key)


@pytest.mark.parametrize(
    ("fields", "faulty"),
    [
        ({"text": " "}, {"text"}),
        ({"ai_use": ""}, {"ai_use"}),
        ({"text": "長" * 20_001}, {"text"}),
        ({"links": "http://example.com/"}, {"links"}),
        ({"links": "javascript:alert(1)"}, {"links"}),
        ({"links": "https://me:secret@example.com/"}, {"links"}),
        ({"links": "\n".join(f"https://example.com/{n}" for n in range(6))}, {"links"}),
    ],
)
def test_what_is_incomplete_stays_as_it_was_typed(
    step: Step, enrolment: Enrolment, fields: dict[str, str], faulty: set[str]
) -> None:
    with pytest.raises(refusals.Incomplete) as refused:
        submit(step=step, enrolment=enrolment, sent=whole(**fields), request_key=uuid.uuid4())
    assert set(refused.value.errors) == faulty
    draft = Draft.objects.get()
    assert {name: getattr(draft, name) for name in fields} == fields
    assert not Deliverable.objects.exists()


def test_a_file_alone_is_enough(step: Step, enrolment: Enrolment) -> None:
    files = [check_and_store(upload("a.pdf", slides()))]
    made = submit(step=step, enrolment=enrolment, sent=whole(text="", files=files), request_key=uuid.uuid4())
    assert made.files.count() == 1


def test_a_file_of_the_same_name_replaces_the_one_before_and_more_than_five_are_refused(
    step: Step, enrolment: Enrolment
) -> None:
    five = [check_and_store(upload(f"{n}.csv", CSV)) for n in range(5)]
    save(step=step, enrolment=enrolment, sent=whole(files=five))
    draft = save(step=step, enrolment=enrolment, sent=whole(files=[check_and_store(upload("0.csv", CSV + b"\n"))]))
    assert [file.name for file in draft.files.all()] == ["1.csv", "2.csv", "3.csv", "4.csv", "0.csv"]
    with pytest.raises(refusals.FileRefused, match="5"):
        save(step=step, enrolment=enrolment, sent=whole(files=[check_and_store(upload("5.csv", CSV))]))
    last = draft.files.last()
    assert last is not None
    assert save(step=step, enrolment=enrolment, sent=whole(remove=[last.pk])).files.count() == 4


def test_a_page_that_missed_a_change_overwrites_nothing(step: Step, enrolment: Enrolment) -> None:
    old, new = OpenPage("old", seen=""), OpenPage("new", seen="")
    first = save(step=step, enrolment=enrolment, sent=whole(text="一", page=old))
    save(step=step, enrolment=enrolment, sent=whole(text="二", page=OpenPage("new", seen=first.stamp)))
    with pytest.raises(refusals.ChangedElsewhere):
        save(step=step, enrolment=enrolment, sent=whole(text="三", page=old))
    save(step=step, enrolment=enrolment, sent=whole(text="四", page=new))  # Goes on with what it saved itself.
    assert Draft.objects.get().text == "四"


# --- When ---


def test_nothing_is_taken_before_the_step_opens(step: Step, enrolment: Enrolment) -> None:
    reschedule(step, opens=DAY, closes=2 * DAY)
    with pytest.raises(refusals.NotOpenYet):
        save(step=step, enrolment=enrolment, sent=whole())


def test_what_came_in_time_stands_after_the_deadline(step: Step, deliverable: Deliverable) -> None:
    reschedule(step, opens=-3 * DAY, closes=-DAY)
    Deliverable.objects.update(handed_in_at=timezone.now() - 2 * DAY)
    with pytest.raises(refusals.HandedInAlready):
        handed_in(step, deliverable.enrolment)


def test_late_work_is_taken_marked_and_replaced_until_the_cohorts_last_day(
    step: Step, enrolment: Enrolment, cohort: Cohort
) -> None:
    reschedule(step, opens=-3 * DAY, closes=-DAY)
    assert handed_in(step, enrolment).is_late
    assert handed_in(step, enrolment).number == 2
    Cohort.objects.filter(pk=cohort.pk).update(ends_on=timezone.localdate() - DAY)
    step = Step.objects.with_case().get(pk=step.pk)
    with pytest.raises(refusals.Over):
        handed_in(step, enrolment)


def test_an_extension_makes_late_work_timely_and_lets_it_be_replaced(
    step: Step, enrolment: Enrolment, organiser: Person
) -> None:
    reschedule(step, opens=-3 * DAY, closes=-DAY)
    late = handed_in(step, enrolment)
    grant_extensions(
        step=step, enrolments=[enrolment], closes_at=timezone.now() + DAY, reason="出張のため", actor=organiser
    )
    assert not Deliverable.objects.get(pk=late.pk).is_late
    assert not handed_in(step, enrolment).is_late


# --- For a team ---


def test_what_one_hands_in_is_the_teams_and_the_others_hear_of_it(
    team_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    first = handed_in(team_step, enrolment)
    assert (first.team, first.owner_name) == (enrolment.memberships.get().team, "Team 1")
    assert [(notice.person, notice.url) for notice in Notice.objects.all()] == [
        (mate_enrolment.person, f"/cohorts/spring/deliverables/{first.pk}/")
    ]
    second = handed_in(team_step, mate_enrolment)
    assert list(of_owner(team_step, enrolment)) == [second, first]
    assert list(current_of(team_step)) == [second]


def test_who_is_in_no_team_is_told_so(team_step: Step, enrolment: Enrolment) -> None:
    leave_team(membership=enrolment.memberships.get(), actor=None)
    with pytest.raises(refusals.NoTeam):
        hand_in(step=team_step, enrolment=enrolment, work=Work(text="x", ai_use="x"))


def test_drafts_are_everybodys_own(team_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment) -> None:
    actions.save(step=team_step, enrolment=enrolment, sent=whole(text="私の案"))
    actions.save(step=team_step, enrolment=mate_enrolment, sent=whole(text="別の案"))
    handed_in(team_step, mate_enrolment)
    assert set(Draft.objects.values_list("text", flat=True)) == {"私の案", "別の案"}
