"""The pages: who may open them, how long threads and lists are paged, and that nothing typed is lost."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campus.cohorts.models import Cohort, Role, StudyClass
from campus.discussion import moderation, queries
from campus.discussion.actions import choose_name, delete_post
from campus.discussion.models import Level, Place, Post, Reading, Thanks, Thread
from campus.people.models import Person
from tests.campus.cast import enrol, make_person, signed_in
from tests.campus.discussion.conftest import ask, say

pytestmark = pytest.mark.django_db
JSON = {"headers": {"accept": "application/json"}}


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def fill(thread: Thread, author: Person, count: int) -> None:
    """A long thread, written at once."""
    now = timezone.now()
    Post.objects.bulk_create(
        Post(
            thread=thread,
            number=number,
            author=author,
            text=f"投稿{number}",
            html=f"<p>投稿{number}</p>",
            html_version=1,
        )
        for number in range(2, count + 1)
    )
    Thread.objects.filter(pk=thread.pk).update(last_number=count, last_post_at=now)
    thread.refresh_from_db()


class TestWhoMay:
    def test_pages_of_a_thread_are_for_those_who_read_there(
        self,
        places: dict[str, Place],
        learner: Person,
        mate: Person,
        stranger: Person,
        mentor: Person,
        other_facilitator: Person,
        facilitator: Person,
        organiser: Person,
        outsider: Person,
    ) -> None:
        thread = ask(places["team"], learner)
        paths = [thread.path, places["team"].path, f"{thread.path}posts/1/", f"{thread.path}posts/1/history/"]
        paths += [f"{thread.path}posts/1/flag/", f"{thread.path}posts/1/quote/"]
        for reader in (learner, mate, organiser):
            assert all(signed_in(reader).get(path).status_code in {200, 302} for path in paths), reader
        for stays_out in (stranger, mentor, facilitator, other_facilitator, outsider):
            client = signed_in(stays_out)
            assert [client.get(path).status_code for path in paths] == [404] * len(paths), stays_out
            for action in ("posts/", "level/", "read/", "posts/1/thanks/", "posts/1/accept/", "moderate/"):
                assert client.post(f"{thread.path}{action}", {"text": "x", "number": 1}).status_code == 404, action
            asked = client.get("/cohorts/spring/discussion/people/", {"place": places["team"].pk, "q": "T"})
            assert asked.status_code == 404
        for path in paths:
            assert Client().get(path)["Location"].startswith("/accounts/login/")

    def test_only_the_author_edits_and_deletes(self, thread: Thread, mate: Person, organiser: Person) -> None:
        say(thread, mate)
        for person, status in ((mate, 200), (organiser, 404)):
            for what in ("edit/", "delete/"):
                assert signed_in(person).get(f"{thread.path}posts/2/{what}").status_code == status
        assert signed_in(organiser).post(f"{thread.path}posts/2/delete/").status_code == 404

    def test_only_who_asked_and_moderators_accept(
        self, thread: Thread, learner: Person, mate: Person, facilitator: Person
    ) -> None:
        say(thread, mate)
        assert signed_in(mate).post(f"{thread.path}posts/2/accept/").status_code == 404
        for person in (learner, facilitator):
            signed_in(person).post(f"{thread.path}posts/2/accept/")
            thread.refresh_from_db()
            assert thread.is_answered
            signed_in(person).post(f"{thread.path}posts/2/accept/", {"on": "0"})

    def test_a_thread_begins_only_where_one_reads(
        self, places: dict[str, Place], stranger: Person, study_class: StudyClass
    ) -> None:
        client = signed_in(stranger)
        filled = {"title": "題", "text": "本文", "kind": "question"}
        for name in ("class", "team", "submission"):
            answer = client.post("/cohorts/spring/discussion/new/", filled | {"place": places[name].pk})
            assert answer.status_code == 200, name
        assert not Thread.objects.exists()
        assert client.post("/cohorts/spring/discussion/new/", filled | {"place": places["step"].pk}).status_code == 302

    def test_a_deleted_or_hidden_post_is_read_nowhere(
        self, thread: Thread, learner: Person, mate: Person, organiser: Person
    ) -> None:
        gone, hidden = say(thread, mate, "消した文"), say(thread, mate, "隠した文")
        delete_post(post=gone)
        moderation.hide_post(post=hidden, actor=organiser)
        shown = page(signed_in(learner), thread.path)
        assert "消した文" not in shown
        assert "隠した文" not in shown
        for number in (2, 3):
            assert signed_in(learner).get(f"{thread.path}posts/{number}/quote/").status_code == 404
            assert signed_in(learner).get(f"{thread.path}posts/{number}/history/").status_code == 404
        assert "隠した文" in page(signed_in(organiser), thread.path)


class TestWriting:
    def test_without_scripts_it_leads_to_the_post(self, thread: Thread, mate: Person) -> None:
        answer = signed_in(mate).post(f"{thread.path}posts/", {"text": "返事", "key": uuid.uuid4()})
        assert answer["Location"] == f"{thread.path}posts/2/"
        found = signed_in(mate).get(answer["Location"])
        assert found["Location"] == f"{thread.path}?page=1#post-2"

    def test_scripts_get_the_post_and_repeat_it_without_harm(self, thread: Thread, mate: Person) -> None:
        client, data = signed_in(mate), {"text": "返事", "key": str(uuid.uuid4())}
        answers = [client.post(f"{thread.path}posts/", data, **JSON).json()["post"] for _ in range(2)]
        assert answers[0] == answers[1]
        assert (answers[0]["number"], answers[0]["key"]) == (2, data["key"])
        assert Post.objects.count() == 2

    def test_a_refusal_keeps_what_was_typed(self, thread: Thread, mate: Person, organiser: Person) -> None:
        client = signed_in(mate)
        assert client.post(f"{thread.path}posts/", {"text": " "}, **JSON).status_code == 422
        moderation.set_locked(thread=thread, is_locked=True, actor=organiser)
        refused = client.post(f"{thread.path}posts/", {"text": "間に合わなかった"}, **JSON)
        assert refused.status_code == 422
        assert "投稿" in refused.json()["errors"][0]
        long = signed_in(organiser).post(f"{thread.path}posts/", {"text": "あ" * 10_001})
        assert "あ" * 10_001 in long.content.decode()

    def test_a_quotation_stands_in_the_field(self, thread: Thread, mate: Person) -> None:
        shown = page(signed_in(mate), f"{thread.path}?quote=1")
        assert "&gt; どうしていますか。" in shown
        assert signed_in(mate).get(f"{thread.path}posts/1/quote/").json()["text"].startswith("> [#1](")

    def test_a_topic_of_another_cohort_is_no_choice(
        self, place: Place, learner: Person, cohort: Cohort, other_cohort: Cohort
    ) -> None:
        from campus.discussion.models import Topic

        own = Topic.objects.create(cohort=cohort, title_ja="データ")
        foreign = Topic.objects.create(cohort=other_cohort, title_ja="よその話題")
        client, filled = signed_in(learner), {"title": "題", "text": "本文", "kind": "talk", "place": place.pk}
        assert client.post("/cohorts/spring/discussion/new/", filled | {"topic": foreign.pk}).status_code == 200
        client.post("/cohorts/spring/discussion/new/", filled | {"topic": own.pk})
        assert Thread.objects.get().topic == own


class TestLongThreads:
    def test_it_opens_at_the_first_unread_post(self, thread: Thread, learner: Person, mate: Person) -> None:
        fill(thread, mate, 500)
        client = signed_in(learner)
        shown = page(client, thread.path)
        assert 'id="post-1"' in shown
        assert 'id="post-50"' in shown
        assert 'id="post-51"' not in shown
        assert shown.index('id="unread"') < shown.index('id="post-2"')
        assert Reading.objects.get(person=learner).last_read == 50
        assert 'id="post-100"' in page(client, thread.path)
        assert 'id="post-500"' in page(client, f"{thread.path}?page=99")
        assert Reading.objects.get(person=learner).last_read == 500
        page(client, f"{thread.path}?page=2")
        assert Reading.objects.get(person=learner).last_read == 500  # never back

    def test_a_page_of_five_hundred_posts_takes_a_few_queries(
        self, thread: Thread, learner: Person, mate: Person, django_assert_max_num_queries
    ) -> None:
        client = signed_in(learner)
        page(client, thread.path)
        fill(thread, mate, 500)
        with django_assert_max_num_queries(32):
            page(client, f"{thread.path}?page=10")

    def test_a_list_of_a_thousand_threads_takes_a_few_queries(
        self, place: Place, learner: Person, mate: Person, django_assert_max_num_queries
    ) -> None:
        threads = Thread.objects.bulk_create(
            Thread(place=place, author=mate, title=f"題{n}", last_number=1) for n in range(1000)
        )
        Reading.objects.bulk_create(Reading(thread=one, person=learner, level=Level.FOLLOW) for one in threads)
        client = signed_in(learner)
        page(client, "/")
        for path, limit in (
            ("/cohorts/spring/discussion/", 28),
            (place.path, 26),
            ("/unread/", 14),
            ("/unread/?only=all", 14),
        ):
            with django_assert_max_num_queries(limit):
                assert "題999" in page(client, path)

    def test_a_number_beyond_the_end_is_not_found(self, thread: Thread, learner: Person) -> None:
        for number in ("0", "2", "99999999999999999999"):
            assert signed_in(learner).get(f"{thread.path}posts/{number}/").status_code == 404
        assert signed_in(learner).get(f"{thread.path}?page=99999999999999999999").status_code == 200
        assert signed_in(learner).get(f"{thread.path}?quote=99999999999999999999").status_code == 200


class TestUnread:
    def test_followed_threads_and_mentions_over_all_cohorts(
        self, thread: Thread, other_cohort: Cohort, learner: Person, mate: Person, outsider: Person
    ) -> None:
        from campus.discussion.places import place_of

        enrol(learner, other_cohort)
        elsewhere = ask(place_of(other_cohort), outsider, title="別の開催期", text="@Hanako さん")
        ask(thread.place, mate, title="誰も呼ばない話")
        say(thread, mate)
        client = signed_in(learner)
        shown = page(client, "/unread/")
        assert thread.title in shown
        assert "別の開催期" in shown
        assert "誰も呼ばない話" not in shown
        assert "誰も呼ばない話" in page(client, "/unread/?only=all")
        assert ">2<" in page(client, "/")  # in the navigation
        page(client, elsewhere.path)
        assert "別の開催期" not in page(client, "/unread/")
        client.post("/unread/done/")
        assert thread.title not in page(client, "/unread/")

    def test_lists_tell_what_waits_from_what_is_merely_new(
        self, thread: Thread, learner: Person, mate: Person, stranger: Person
    ) -> None:
        """The red number of a thread means the one in the navigation; all else that was not seen is new."""
        opened, muted = (ask(thread.place, mate, title=title) for title in ("開いた話", "ミュートした話"))
        ask(thread.place, mate, title="開いていない話")
        client = signed_in(learner)
        page(client, opened.path)
        client.post(f"{muted.path}level/", {"level": "mute"})
        for one in (thread, opened, muted):
            say(one, stranger)
            say(one, mate)
        lines = page(client, thread.place.path).split('<li class="thread-line')[1:]
        said = {
            title: next(word for word in ("未読2件", "新着2件", "新着", "") if word in line)
            for line in lines
            for title in (thread.title, "開いた話", "開いていない話", "ミュートした話")
            if f">{title}<" in line
        }
        assert said == {thread.title: "未読2件", "開いた話": "新着2件", "開いていない話": "新着", "ミュートした話": ""}
        assert "未読スレッド1件" in page(client, "/cohorts/spring/discussion/")
        assert queries.unread_count(learner) == 1

    def test_a_muted_thread_is_on_no_list(self, thread: Thread, learner: Person, mate: Person) -> None:
        client = signed_in(learner)
        client.post(f"{thread.path}level/", {"level": "mute"})
        say(thread, mate, "@Hanako さん、どうでしょう。")
        assert thread.title not in page(client, "/unread/")
        assert thread.title not in page(client, "/unread/?only=all")
        assert queries.unread_count(learner) == 0
        assert client.post(f"{thread.path}level/", {"level": "loud"}).status_code == 404

    def test_of_everything_new_the_latest_are_listed_and_all_marked(
        self, place: Place, learner: Person, mate: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(queries, "MOST_NEW", 3)
        monkeypatch.setattr(queries, "LOOKED_THROUGH", 6)
        now = timezone.now()
        threads = Thread.objects.bulk_create(
            Thread(place=place, author=mate, title=f"話{n}", last_number=1, last_post_at=now - timedelta(minutes=n))
            for n in range(8)
        )
        Person.objects.filter(pk=learner.pk).update(date_joined=now - timedelta(hours=1))
        Reading.objects.create(thread=threads[1], person=learner, last_read=1)
        client = signed_in(learner)
        shown = page(client, "/unread/?only=all")
        assert [n for n in range(8) if f"話{n}" in shown] == [0, 2, 3]
        assert "最新の3件" in shown
        client.post("/unread/done/", {"only": "all"})
        assert Reading.objects.filter(person=learner).count() == 6
        assert "最新の3件" not in page(client, "/unread/?only=all")

    def test_what_one_may_no_longer_read_is_not_on_it(
        self, places: dict[str, Place], learner: Person, mate: Person
    ) -> None:
        from campus.teams.actions import leave_team
        from campus.teams.models import Membership

        thread = ask(places["team"], learner, title="内輪の話")
        say(thread, mate)
        say(thread, learner)
        assert "内輪の話" in page(signed_in(mate), "/unread/")
        leave_team(membership=Membership.objects.get(enrolment__person=mate), actor=None)
        assert "内輪の話" not in page(signed_in(mate), "/unread/")

    def test_what_came_live_is_marked_by_the_page(self, thread: Thread, learner: Person, mate: Person) -> None:
        say(thread, mate)
        signed_in(learner).post(f"{thread.path}read/", {"number": "2"})
        assert Reading.objects.get(person=learner, thread=thread).last_read == 2
        signed_in(learner).post(f"{thread.path}read/", {"number": "999"})
        assert Reading.objects.get(person=learner, thread=thread).last_read == 2

    def test_strangers_are_asked_to_sign_in(self) -> None:
        assert Client().get("/unread/").status_code == 302
        assert Client().post("/unread/done/").status_code == 302


class TestNames:
    def test_a_nickname_stands_for_the_name_everywhere(
        self, thread: Thread, cohort: Cohort, learner: Person, mate: Person
    ) -> None:
        choose_name(person=learner, cohort_id=cohort.pk, uses_alias=True)
        for path in (thread.path, thread.place.path, "/cohorts/spring/discussion/"):
            shown = page(signed_in(mate), path)
            assert "ハナ" in shown
            assert "Hanako" not in shown

    def test_it_is_chosen_on_the_page(self, cohort: Cohort, learner: Person, thread: Thread) -> None:
        client = signed_in(learner)
        client.post("/cohorts/spring/discussion/name/", {"uses_alias": "on"})
        assert "checked" in page(client, "/cohorts/spring/discussion/")

    def test_staff_are_told_apart(self, thread: Thread, facilitator: Person, learner: Person) -> None:
        say(thread, facilitator)
        assert "ファシリテーター" in page(signed_in(learner), thread.path)


def test_thanks_on_the_page(thread: Thread, learner: Person, mate: Person) -> None:
    say(thread, mate)
    assert signed_in(learner).post(f"{thread.path}posts/2/thanks/", **JSON).json() == {"count": 1, "on": True}
    assert 'aria-pressed="true"' in page(signed_in(learner), f"{thread.path}?page=1")
    assert signed_in(mate).post(f"{thread.path}posts/2/thanks/", **JSON).status_code == 422
    signed_in(learner).post(f"{thread.path}posts/2/thanks/", {"on": "0"})
    assert not Thanks.objects.exists()


def test_names_are_suggested_of_those_who_read_there(places: dict[str, Place], mate: Person, stranger: Person) -> None:
    client, path = signed_in(mate), "/cohorts/spring/discussion/people/"
    assert client.get(path, {"place": places["team"].pk, "q": "s"}).json() == {"names": []}
    assert client.get(path, {"place": places["cohort"].pk, "q": "s"}).json() == {"names": ["Saburo"]}
    assert client.get(path, {"place": "x", "q": "s"}).status_code == 404


def test_a_cohort_of_many_is_asked_for_names_in_one_query(
    place: Place, learner: Person, cohort: Cohort, django_assert_max_num_queries
) -> None:
    for n in range(30):
        enrol(make_person(f"Sato{n}"), cohort, Role.LEARNER)
    client = signed_in(learner)
    with django_assert_max_num_queries(12):
        assert (
            len(client.get("/cohorts/spring/discussion/people/", {"place": place.pk, "q": "sa"}).json()["names"]) == 8
        )


def test_typing_is_switched_off_both_ways(thread: Thread, mate: Person, learner: Person) -> None:
    client, name = signed_in(mate), "/cohorts/spring/discussion/name/"
    assert "data-typing" in page(client, thread.path)
    client.post(name)
    assert "data-typing" not in page(client, thread.path)
    assert 'id="shows-typing">' in page(client, "/cohorts/spring/discussion/")
    assert "data-typing" in page(signed_in(learner), thread.path)
    client.post(name, {"shows_typing": "on"})
    assert "data-typing" in page(client, thread.path)
