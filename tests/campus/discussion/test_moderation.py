"""Flags, hiding, closing, moving and suspending: by whom, with what effect, and what stands in the audit log."""

import csv
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campus.cohorts.audit import in_words
from campus.cohorts.models import AuditEntry, Cohort
from campus.discussion import moderation
from campus.discussion.models import Flag, Place, Post, Thread, Topic, Voice
from campus.live.rights import can_read
from campus.notices.models import Notice
from campus.people.models import Person
from campus.ui.moments import moment_in_words
from tests.campus.cast import signed_in
from tests.campus.discussion.conftest import ask, events, say

pytestmark = pytest.mark.django_db
FLAGS = "/cohorts/spring/desk/discussion/"


def actions_logged() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").exclude(action__startswith="team.").values_list("action", flat=True))


def test_a_flag_waits_for_those_who_keep_order_there(
    places: dict[str, Place],
    learner: Person,
    mate: Person,
    facilitator: Person,
    other_facilitator: Person,
    organiser: Person,
    mentor: Person,
) -> None:
    thread = ask(places["class"], learner, title="クラスの話")
    say(thread, mate, "困った投稿")
    path = f"{thread.path}posts/2/"
    for _ in range(2):
        signed_in(learner).post(f"{path}flag/", {"reason": "unkind", "note": "言い過ぎです"})
    assert Flag.objects.count() == 1
    told = Notice.objects.filter(kind="discussion.flagged")
    assert sorted(told.values_list("person__name", "url")) == [
        (one.name, f"{path}moderate/") for one in (facilitator, organiser)
    ]
    for keeps in (facilitator, organiser):
        shown = signed_in(keeps).get(FLAGS).content.decode()
        assert "困った投稿" in shown
        assert "言い過ぎです" in shown
    assert "困った投稿" not in signed_in(other_facilitator).get(FLAGS).content.decode()
    for other in (learner, mate, mentor):
        assert signed_in(other).get(FLAGS).status_code == 404
        assert signed_in(other).post(f"{path}moderate/", {"do": "hide"}).status_code == 404
    assert signed_in(other_facilitator).post(f"{path}moderate/", {"do": "hide"}).status_code == 404

    signed_in(facilitator).post(f"{path}moderate/", {"do": "hide"})
    assert not Flag.objects.waiting().exists()
    assert Post.objects.get(thread=thread, number=2).hidden_at is not None
    assert events(thread.stream)[-1] == ("removed", {"number": 2, "how": "hidden"})
    assert [payload["html"] for kind, payload in events(thread.stream) if kind == "post"][-1] == ""
    signed_in(facilitator).post(f"{path}moderate/", {"do": "show"})
    assert events(thread.stream)[-1][1]["html"] == "<p>困った投稿</p>\n"
    assert actions_logged()[-2:] == ["post.hidden", "post.shown"]


def test_who_has_flagged_a_post_sees_so_and_may_say_more(thread: Thread, mate: Person) -> None:
    browser = signed_in(mate)
    browser.post(f"{thread.path}posts/1/flag/", {"reason": "spoiler", "note": "早すぎます"})

    again = browser.get(f"{thread.path}posts/1/flag/")
    assert (again.context["form"]["reason"].value(), again.context["form"]["note"].value()) == ("spoiler", "早すぎます")
    browser.post(f"{thread.path}posts/1/flag/", {"reason": "spoiler", "note": "コードの全体があります"})
    assert Flag.objects.get().note == "コードの全体があります"


def test_flagged_posts_are_narrowed_and_downloaded(
    places: dict[str, Place], learner: Person, mate: Person, facilitator: Person, other_facilitator: Person
) -> None:
    for title, reason in (("予測の話", "spoiler"), ("在庫の話", "unkind")):
        thread = ask(places["class"], learner, title=title)
        moderation.flag(post=say(thread, mate, f"{title}の返事"), person=learner, reason=reason, note="見てください")

    def rows(reader: Person, query: str = "") -> list[str]:
        answer = signed_in(reader).get(f"{FLAGS}?{query}&export=csv").content.decode("utf-8-sig")
        return [line.rpartition(",")[0] for line in answer.splitlines()[1:]]

    first = "予測の話 #2,Taro,予測の話の返事,答えを早く明かしている,見てください,Hanako"
    assert rows(facilitator, "reason=spoiler") == rows(facilitator, "words=予測") == [first]
    assert len(rows(facilitator)) == 2
    assert rows(other_facilitator) == []


def test_a_post_that_several_flagged_is_one_card_with_every_reason_and_one_decision(
    places: dict[str, Place], learner: Person, mate: Person, organiser: Person, facilitator: Person
) -> None:
    thread = ask(places["class"], learner, title="クラスの話")
    twice, once = say(thread, mate, "困った投稿"), say(thread, mate, "宣伝の投稿")
    moderation.flag(post=twice, person=learner, reason="unkind", note="言い過ぎです")
    moderation.flag(post=once, person=learner, reason="advertising", note="")
    moderation.flag(post=twice, person=organiser, reason="private", note="名前があります")

    shown = signed_in(facilitator).get(FLAGS)
    assert [post.pk for post in shown.context["listing"].page] == [twice.pk, once.pk]
    assert shown.text.count("困った投稿") == 1
    for words in ("人を傷つける、攻撃している", "個人情報や機密情報が書かれている", "言い過ぎです", "名前があります"):
        assert words in shown.text
    only = signed_in(facilitator).get(f"{FLAGS}?reason=private")
    assert [post.pk for post in only.context["listing"].page] == [twice.pk]
    assert "言い過ぎです" in only.text
    table = signed_in(facilitator).get(f"{FLAGS}?export=csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(table.splitlines(keepends=True)))
    assert [row["通報した人"] for row in rows] == [f"{learner.name}\n{organiser.name}", learner.name]

    signed_in(facilitator).post(f"{twice.path}moderate/", {"do": "keep"})
    assert list(Flag.objects.waiting()) == [Flag.objects.get(post=once)]
    assert "困った投稿" not in signed_in(facilitator).get(FLAGS).text


def test_flagged_posts_cost_the_same_however_many_there_are(
    places: dict[str, Place], learner: Person, mate: Person, stranger: Person, facilitator: Person
) -> None:
    def flag_another(*people: Person) -> None:
        post = say(ask(places["class"], learner), mate)
        for person in people:
            moderation.flag(post=post, person=person, reason="other", note="見てください")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(FLAGS).status_code == 200
        return len(asked)

    client = signed_in(facilitator)
    flag_another(learner)
    queries()  # Whoever comes first pays for what is looked up once.
    before = queries()
    for _ in range(4):
        flag_another(learner, stranger, facilitator)
    assert queries() == before


def test_a_flagged_post_may_stay(
    thread: Thread, mate: Person, learner: Person, mentor: Person, organiser: Person
) -> None:
    post = say(thread, mate)
    for reader in (learner, mentor):
        moderation.flag(post=post, person=reader, reason="other", note="")
    assert organiser.notices.count() == 1
    signed_in(organiser).post(f"{post.path}moderate/", {"do": "keep"})
    assert not Flag.objects.waiting().exists()
    assert actions_logged() == ["post.flags_settled"]
    assert signed_in(organiser).post(f"{post.path}moderate/", {"do": "nonsense"}).status_code == 404


def test_hidden_threads_are_there_for_moderators_only(
    thread: Thread, learner: Person, facilitator: Person, organiser: Person
) -> None:
    signed_in(facilitator).post(f"{thread.path}moderate/", {"do": "hide"})
    assert [signed_in(one).get(thread.path).status_code for one in (learner, facilitator)] == [404, 200]
    assert not can_read(learner, thread.stream)
    assert thread.title not in signed_in(organiser).get("/cohorts/spring/discussion/").content.decode()
    signed_in(facilitator).post(f"{thread.path}moderate/", {"do": "show"})
    assert signed_in(learner).get(thread.path).status_code == 200
    assert actions_logged() == ["thread.hidden", "thread.shown"]


def test_a_thread_is_closed_and_opened_again(thread: Thread, learner: Person, organiser: Person) -> None:
    signed_in(organiser).post(f"{thread.path}moderate/", {"do": "lock"})
    assert 'id="reply"' not in signed_in(learner).get(thread.path).content.decode()
    signed_in(organiser).post(f"{thread.path}moderate/", {"do": "unlock"})
    assert 'id="reply"' in signed_in(learner).get(thread.path).content.decode()
    assert actions_logged() == ["thread.locked", "thread.unlocked"]
    assert [payload["is_locked"] for kind, payload in events(thread.stream) if kind == "thread"] == [True, False]


def test_a_moved_thread_keeps_its_links_and_is_read_where_it_is_now(
    places: dict[str, Place], learner: Person, stranger: Person, organiser: Person, facilitator: Person
) -> None:
    thread = ask(places["cohort"], learner)
    assert signed_in(stranger).get(thread.path).status_code == 200
    signed_in(organiser).post(f"{thread.path}moderate/", {"do": "move", "place": places["class"].pk})
    assert [signed_in(one).get(thread.path).status_code for one in (learner, stranger)] == [200, 404]
    assert not can_read(stranger, thread.stream)
    assert events(places["cohort"].stream)[-1][1]["is_hidden"] is True
    assert events(places["class"].stream)[-1][1]["id"] == thread.pk
    line = in_words(AuditEntry.objects.filter(action="thread.moved"))[0]
    assert "A" in line.plain
    # Not to where the moderator has no say.
    refused = signed_in(facilitator).post(f"{thread.path}moderate/", {"do": "move", "place": places["team"].pk})
    assert refused.status_code == 200
    thread.refresh_from_db()
    assert thread.place == places["class"]


def test_a_suspended_learner_reads_but_does_not_write(
    thread: Thread, mate: Person, cohort: Cohort, facilitator: Person, learner: Person
) -> None:
    post = say(thread, mate)
    signed_in(facilitator).post(f"{post.path}moderate/", {"do": "suspend", "days": "3"})
    client = signed_in(mate)
    until = f"{moment_in_words(Voice.objects.get(person=mate).suspended_until)}まで"
    refused = client.post(f"{thread.path}posts/", {"text": "まだ書く"}, headers={"accept": "application/json"})
    assert refused.status_code == 422
    for told in (client.get(thread.path).text, client.get("/cohorts/spring/discussion/new/").text, refused.json()):
        assert until in str(told)
    assert client.get(f"{post.path}edit/").status_code == 404
    filled = {"title": "題", "text": "本文", "kind": "talk", "place": thread.place_id}
    assert 'name="title"' not in client.get("/cohorts/spring/discussion/new/").text
    assert "本文" in client.post("/cohorts/spring/discussion/new/", filled).text
    assert (Post.objects.count(), Thread.objects.count()) == (2, 1)
    signed_in(facilitator).post(f"{post.path}moderate/", {"do": "lift"})
    client.post(f"{thread.path}posts/", {"text": "また書く"})
    assert Post.objects.count() == 3
    assert actions_logged() == ["voice.suspended", "voice.restored"]


def test_a_suspension_ends_by_itself(thread: Thread, mate: Person, cohort: Cohort, organiser: Person) -> None:
    until = timezone.now() - timedelta(seconds=1)
    moderation.suspend(person=mate, cohort=cohort, until=until, actor=organiser)
    assert say(thread, mate).number == 2


def test_nobody_is_suspended_by_who_does_not_look_after_them(
    cohort: Cohort, mate: Person, learner: Person, other_facilitator: Person, facilitator: Person, organiser: Person
) -> None:
    until = timezone.now() + timedelta(days=1)
    for actor, person in (
        (other_facilitator, mate),
        (learner, mate),
        (facilitator, organiser),
        (organiser, facilitator),
    ):
        with pytest.raises(ValidationError):
            moderation.suspend(person=person, cohort=cohort, until=until, actor=actor)


def test_organisers_keep_the_topics(cohort: Cohort, organiser: Person, facilitator: Person, thread: Thread) -> None:
    client, path = signed_in(organiser), "/cohorts/spring/desk/discussion/topics/"
    client.post(path, {"title_ja": "データ", "title_en": "Data", "position": "1"})
    assert client.post(path, {"title_ja": "データ"}).status_code == 200  # there is one of this name
    topic = Topic.objects.get()
    client.post(f"{path}?topic={topic.pk}", {"title_ja": "データの扱い", "position": ""})
    topic.refresh_from_db()
    assert topic.title_ja == "データの扱い"
    Thread.objects.update(topic=topic)
    assert "データの扱い" in client.get(f"/cohorts/spring/discussion/?topic={topic.pk}").content.decode()
    assert signed_in(facilitator).get(path).status_code == 404
    assert signed_in(facilitator).post(f"{path}{topic.pk}/remove/").status_code == 404
    client.post(f"{path}{topic.pk}/remove/")
    thread.refresh_from_db()
    assert thread.topic is None
    assert actions_logged() == ["topic.made", "topic.changed", "topic.removed"]


def test_a_learner_is_suspended_from_the_page_about_her(
    cohort: Cohort, mate: Person, facilitator: Person, other_facilitator: Person, mentor: Person, thread: Thread
) -> None:
    enrolment = mate.enrolments.get()
    path = f"{FLAGS}people/{enrolment.pk}/"
    assert path in signed_in(facilitator).get(f"/cohorts/spring/desk/people/{enrolment.pk}/").content.decode()
    for other in (other_facilitator, mentor, mate):
        assert signed_in(other).get(path).status_code == 404
        assert signed_in(other).post(path, {"do": "suspend", "days": "1"}).status_code == 404
    client = signed_in(facilitator)
    client.post(path, {"do": "suspend", "days": "1"})
    with pytest.raises(ValidationError):
        say(thread, mate)
    client.post(path, {"do": "lift"})
    assert say(thread, mate).number == 2
    assert actions_logged() == ["voice.suspended", "voice.restored"]
