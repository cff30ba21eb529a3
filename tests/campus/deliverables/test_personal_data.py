"""What a person gets of the own deliverables, and what stays when somebody leaves."""

import pytest

from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.deliverables.actions import Sent, save
from campus.deliverables.models import Deliverable, DeliverableLink, Draft
from campus.people.personal_data import holdings
from tests.campus.deliverables.files import AI_USE, CSV, handed_in

pytestmark = pytest.mark.django_db


def test_the_copy_holds_everything_handed_in_and_prepared(step: Step, enrolment: Enrolment) -> None:
    made = handed_in(step, enrolment, a_csv=CSV)
    save(step=step, enrolment=enrolment, sent=Sent(text="途中", ai_use=AI_USE))
    (row,) = holdings["deliverables"].rows(enrolment.person)
    assert (row["text"], row["version"], row["generative_ai"]) == ("課題は廃棄です。", 1, AI_USE)
    ((name, file),) = holdings["deliverables"].files(enrolment.person)
    assert (name, file.read()) == (f"deliverables/{made.pk}-1-a.csv", CSV)
    assert row["files"] == [name]
    (draft,) = holdings["deliverable_drafts"].rows(enrolment.person)
    assert (draft["text"], draft["files"]) == ("途中", ["a.csv"])


def test_who_leaves_leaves_the_work_without_names(step: Step, enrolment: Enrolment) -> None:
    made = handed_in(step, enrolment, hanako_csv=CSV)
    DeliverableLink.objects.create(deliverable=made, position=1, url="https://example.com/hanako")
    save(step=step, enrolment=enrolment, sent=Sent(text="途中"))
    for _ in range(2):
        holdings["deliverables"].erase(enrolment.person)
    left = Deliverable.objects.get()
    assert left.text == "課題は廃棄です。"
    assert "hanako" not in left.files.get().name
    assert not left.links.exists()
    assert not Draft.objects.exists()
