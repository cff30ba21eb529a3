"""The copy of what one wrote, and what stays when somebody leaves."""

import re
from importlib import import_module

import pytest
from django.apps import apps

from campus.cohorts.models import Cohort
from campus.discussion.actions import choose_name, edit_post, set_thanks
from campus.discussion.files import StoredFile
from campus.discussion.models import Attachment, Flag, Mention, Reading, Revision, Thread, Voice
from campus.discussion.moderation import flag
from campus.people.erasure import NAME_OF_WHO_LEFT, erase
from campus.people.models import Person
from campus.people.personal_data import holdings
from campus.ui.files import store
from tests.campus.cast import signed_in
from tests.campus.discussion.conftest import events, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def talkative(thread: Thread, learner: Person, mate: Person) -> Person:
    """The learner after a conversation, under a name that is easy to look for."""
    Person.objects.filter(pk=learner.pk).update(name="佐藤 花子")
    learner.refresh_from_db()
    file = StoredFile("佐藤花子.csv", store(b"a\n", folder="discussion"), 2, "text/csv")
    post = say(thread, learner, "一回目", files=[file])
    edit_post(post=post, text="二回目")
    theirs = say(thread, mate, "@佐藤 花子 さん、@佐藤花子さん")
    edit_post(post=theirs, text="@佐藤花子さん、ありがとう")
    set_thanks(post=theirs, person=learner, is_thankful=True)
    flag(post=theirs, person=learner, reason="other", note="佐藤です")
    return learner


def test_the_copy_has_one_s_own_posts_with_earlier_texts_and_files(talkative: Person, mate: Person) -> None:
    rows = list(holdings["posts"].rows(talkative))
    assert [(row["number"], row["text"], row["earlier_texts"]) for row in rows] == [
        (1, "どうしていますか。", []),
        (2, "二回目", ["一回目"]),
    ]
    files = list(holdings["posts"].files(talkative))
    assert [(name, file.read()) for name, file in files] == [(rows[1]["files"][0], b"a\n")]
    assert [row["post__number"] for row in holdings["thanks"].rows(talkative)] == [3]
    assert [row["last_read"] for row in holdings["threads_read"].rows(talkative)] == [2]


def test_posts_stay_without_the_name(talkative: Person, thread: Thread, mate: Person) -> None:
    erase(person=talkative)
    shown = signed_in(mate).get(thread.path).content.decode()
    assert "二回目" in shown
    assert NAME_OF_WHO_LEFT in shown
    assert "佐藤" not in shown
    assert not any(model.objects.filter(person=talkative).exists() for model in (Mention, Reading, Voice, Flag))
    assert Attachment.objects.get().name == f"attachment-{Attachment.objects.get().pk}.csv"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("佐藤 花子", "＠佐藤花子さん"),
        ("佐藤\u3000花子", "@佐藤花子さん、＠佐藤\u3000花子さん"),
        ("Hanako SATO", "@hanako sato"),
        ("R&D Hanako", "@r&d hanako"),
    ],
)
def test_no_mention_keeps_the_name_however_it_was_typed(
    thread: Thread, learner: Person, mate: Person, name: str, text: str
) -> None:
    Person.objects.filter(pk=learner.pk).update(name=name)
    post = say(thread, mate, text)
    assert post.mentions.exists()
    erase(person=learner)
    post.refresh_from_db()
    for shown in (post.text, post.html, str(events(thread.stream))):
        assert NAME_OF_WHO_LEFT in shown
        assert "花子" not in shown
        assert "hanako" not in shown.lower()


def test_no_mention_keeps_an_earlier_nickname(thread: Thread, cohort: Cohort, learner: Person, mate: Person) -> None:
    choose_name(person=learner, cohort_id=cohort.pk, uses_alias=True)
    earlier = say(thread, mate, "@ハナさんと@ハナちゃん")
    edited = say(thread, mate, "@ハナさん")
    Person.objects.filter(pk=learner.pk).update(alias="カエデ")
    edit_post(post=edited, text="@カエデさん、直しました")
    # By then the name is another person's.
    choose_name(person=mate, cohort_id=cohort.pk, uses_alias=True)
    Person.objects.filter(pk=mate.pk).update(alias="ハナ")
    of_another = say(thread, learner, "@ハナさん、お願いします")

    erase(person=Person.objects.get(pk=learner.pk))

    for post in (earlier, edited):
        post.refresh_from_db()
        shown = f"{post.text}{post.html}{[one.text for one in post.revisions.all()]}"
        assert NAME_OF_WHO_LEFT in shown
        assert not re.search("ハナ|カエデ", shown)
    of_another.refresh_from_db()
    assert "@ハナ" in of_another.text
    kept = str([payload for _kind, payload in events(thread.stream) if payload.get("number") != of_another.number])
    assert "カエデ" not in kept


def test_of_mentions_written_before_names_were_kept_the_name_is_read_from_the_post(
    thread: Thread, cohort: Cohort, learner: Person, mate: Person, organiser: Person
) -> None:
    choose_name(person=learner, cohort_id=cohort.pk, uses_alias=True)
    post = say(thread, mate, f"@ハナさん、@{organiser.name} さん")
    Person.objects.filter(pk=learner.pk).update(alias="カエデ")
    Mention.objects.update(names=[])

    import_module("campus.discussion.migrations.0009_names_of_mentions").read_names(apps, None)

    assert dict(post.mentions.values_list("person", "names")) == {learner.pk: ["ハナ"], organiser.pk: [organiser.name]}


def test_neither_rows_nor_kept_events_name_who_left(talkative: Person, thread: Thread) -> None:
    erase(person=talkative)
    assert "佐藤" not in str(events(thread.stream))
    assert "佐藤" not in str(list(Revision.objects.values()) + list(Attachment.objects.values()))
