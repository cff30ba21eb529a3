"""Threads are split and merged: by whom, and that links, reading, thanks, answers and the search stay right."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from campus.cohorts.audit import in_words
from campus.cohorts.models import AuditEntry, Cohort
from campus.discussion import queries, reading
from campus.discussion.actions import Heading, accept_answer, delete_post, set_thanks
from campus.discussion.contributions import contributions_of
from campus.discussion.models import Level, Place, Post, Reading, Thread, ThreadKind
from campus.discussion.moderation import set_hidden
from campus.discussion.rearranging import merge_threads, split_thread
from campus.discussion.search.queries import Asked, search
from campus.live.rights import can_read
from campus.notices.models import Notice
from campus.people.erasure import erase
from campus.people.models import Person
from tests.campus.cast import signed_in
from tests.campus.discussion.conftest import ask, events, say
from tests.campus.discussion.test_at_once import at_once

pytestmark = pytest.mark.django_db


def split(thread: Thread, numbers: list[int], actor: Person, **more: object) -> Thread:
    heading = Heading(title=str(more.pop("title", "別の話題")), kind=ThreadKind(str(more.pop("kind", "question"))))
    place = more.pop("place", thread.place)
    return split_thread(thread=thread, numbers=numbers, place=place, heading=heading, actor=actor)  # type: ignore[arg-type]


def read_up_to(thread: Thread, person: Person) -> tuple[int, str]:
    found = Reading.objects.get(thread=thread, person=person)
    return found.last_read, found.level


def texts(thread: Thread) -> list[tuple[int, str]]:
    return list(Post.objects.filter(thread=thread).order_by("number").values_list("number", "text"))


@pytest.fixture
def long_thread(thread: Thread, learner: Person, mate: Person) -> Thread:
    """The learner's question, the mate's answer (2), and from 3 on another subject between the two."""
    for author, text in (
        (mate, "補正します。"),
        (mate, "ところで評価指標は"),
        (learner, "@Taro 平均です"),
        (mate, "なるほど"),
    ):
        say(thread, author, text)
    thread.refresh_from_db()
    return thread


class TestSplit:
    def test_chosen_posts_go_in_their_order_and_leave_their_numbers(
        self, long_thread: Thread, organiser: Person, learner: Person, mate: Person
    ) -> None:
        set_thanks(post=long_thread.posts.get(number=4), person=mate, is_thankful=True)
        new = split(long_thread, [4, 3], organiser)
        assert texts(new) == [(1, "ところで評価指標は"), (2, "@Taro 平均です")]
        assert texts(long_thread) == [(1, "どうしていますか。"), (2, "補正します。"), (5, "なるほど")]
        assert (new.author, new.last_number, new.posts.get(number=2).thanks_count) == (mate, 2, 1)
        client = signed_in(learner)
        assert client.get(f"{long_thread.path}posts/4/")["Location"] == f"{new.path}?page=1#post-2"
        assert client.get(f"{long_thread.path}posts/5/")["Location"] == f"{long_thread.path}?page=1#post-5"
        assert f'href="{long_thread.path}posts/3/"' in client.get(long_thread.path).content.decode()
        assert say(Thread.objects.get(pk=long_thread.pk), mate).number == 6
        assert say(new, mate).number == 3

    def test_what_was_read_stays_read_in_both(
        self, long_thread: Thread, organiser: Person, learner: Person, mate: Person, stranger: Person
    ) -> None:
        reading.mark_read(thread=long_thread, person=stranger, number=3)
        new = split(long_thread, [3, 4], organiser)
        long_thread.refresh_from_db()
        assert read_up_to(new, stranger) == (1, Level.PLAIN)
        assert read_up_to(long_thread, stranger) == (4, Level.PLAIN)  # What comes next is post 5.
        assert read_up_to(new, mate) == (1, Level.FOLLOW)  # 4 was written while he had read up to 3.
        assert set(queries.unread_threads(mate)) == {long_thread, new}
        assert read_up_to(new, learner) == (0, Level.FOLLOW)

    def test_an_accepted_answer_goes_with_the_question_it_answers(
        self, long_thread: Thread, organiser: Person, learner: Person
    ) -> None:
        accept_answer(thread=long_thread, post=long_thread.posts.get(number=4))
        new = split(Thread.objects.get(pk=long_thread.pk), [3, 4], organiser)
        long_thread.refresh_from_db()
        assert (long_thread.is_answered, new.accepted) == (False, new.posts.get(number=2))
        assert ("accepted", {"number": None}) in events(long_thread.stream)

    def test_open_pages_followers_and_the_log_are_told_once(
        self, long_thread: Thread, organiser: Person, learner: Person, mate: Person, cohort: Cohort
    ) -> None:
        new = split(long_thread, [3, 4, 5], organiser)
        assert ("moved", {"numbers": [3, 4, 5]}) in events(long_thread.stream)
        assert events(new.place.stream)[-1][1]["id"] == new.pk
        told = Notice.objects.filter(kind="discussion.split")
        assert {one.person for one in told} == {learner, mate}
        assert told.count() == 2
        line = in_words(AuditEntry.objects.filter(action="thread.split"))[0]
        assert "別の話題" in line.plain

    def test_who_may_not_read_there_hears_nothing_and_gets_404(
        self, places: dict[str, Place], learner: Person, stranger: Person, organiser: Person
    ) -> None:
        thread = ask(places["cohort"], learner)
        say(thread, stranger, "クラスAの話です")
        new = split(thread, [2], organiser, place=places["class"])
        client = signed_in(stranger)
        assert [client.get(path).status_code for path in (f"{thread.path}posts/2/", new.path)] == [404, 404]
        assert client.get(thread.path).status_code == 200
        assert not can_read(stranger, new.stream)
        assert [payload["html"] for kind, payload in events(thread.stream) if kind == "post"][-1] == ""
        assert {one.person for one in Notice.objects.filter(kind="discussion.split")} == {learner}

    @pytest.mark.parametrize("numbers", [[], [1, 2], [2, 9]])
    def test_what_can_t_be_moved_is_refused_and_stays(
        self, long_thread: Thread, organiser: Person, numbers: list[int]
    ) -> None:
        with pytest.raises(ValidationError):
            split(long_thread, numbers, organiser)
        assert len(texts(long_thread)) == 5

    def test_it_does_not_begin_with_a_deleted_post(self, long_thread: Thread, organiser: Person) -> None:
        delete_post(post=long_thread.posts.get(number=3))
        with pytest.raises(ValidationError):
            split(long_thread, [3, 4], organiser)
        split(long_thread, [2, 3, 4], organiser)

    def test_the_search_finds_posts_under_the_new_title(
        self, long_thread: Thread, organiser: Person, learner: Person, cohort: Cohort
    ) -> None:
        new = split(long_thread, [3], organiser, title="評価の相談")
        found = search(learner, cohort, Asked(terms=["評価の相談"]))
        assert [line.post.thread for line in found.lines] == [new]


class TestMerge:
    @pytest.fixture
    def other(self, place: Place, mate: Person, learner: Person) -> Thread:
        """The same question, asked by the mate and answered by the learner."""
        thread = ask(place, mate, title="品切れの日", text="除きますか。")
        say(thread, learner, "除きません。")
        thread.refresh_from_db()
        return thread

    def test_all_posts_go_to_the_end_and_every_old_address_leads_there(
        self, thread: Thread, other: Thread, organiser: Person, learner: Person, cohort: Cohort
    ) -> None:
        merge_threads(thread=other, into=thread, actor=organiser)
        assert texts(thread) == [(1, "どうしていますか。"), (2, "除きますか。"), (3, "除きません。")]
        client = signed_in(learner)
        assert client.get(other.path)["Location"] == thread.path
        assert client.get(f"{other.path}posts/2/")["Location"] == f"{thread.path}?page=1#post-3"
        assert client.post(f"{other.path}posts/1/thanks/").status_code == 302
        assert thread.posts.get(number=2).thanks_count == 1
        assert list(queries.threads_for(learner, cohort)) == [thread]
        assert not search(learner, cohort, Asked(terms=["品切れの日"])).lines

    def test_a_chain_leads_to_its_end(self, place: Place, thread: Thread, other: Thread, organiser: Person) -> None:
        last = ask(place, organiser, title="まとめ")
        merge_threads(thread=other, into=thread, actor=organiser)
        merge_threads(thread=thread, into=last, actor=organiser)
        client = signed_in(organiser)
        assert client.get(other.path)["Location"] == last.path
        assert client.get(f"{other.path}posts/2/")["Location"] == f"{last.path}?page=1#post-4"
        with pytest.raises(ValidationError):
            merge_threads(thread=other, into=last, actor=organiser)

    def test_what_was_read_stays_read(
        self, thread: Thread, other: Thread, organiser: Person, learner: Person, mate: Person, stranger: Person
    ) -> None:
        say(other, organiser, "@Saburo さんは？")
        other.refresh_from_db()
        reading.mark_read(thread=thread, person=mate, number=1)
        reading.mark_read(thread=other, person=stranger, number=3)
        merge_threads(thread=other, into=thread, actor=organiser)
        assert read_up_to(thread, mate) == (2, Level.FOLLOW)  # Had read all of the one and the first of the other.
        assert read_up_to(thread, learner) == (3, Level.FOLLOW)  # Her own answer too; the third is new to both.
        assert not Reading.objects.filter(thread=thread, person=stranger).exists()
        assert not queries.unread_threads(stranger).exists()  # The mention was read where it stood.
        assert not Reading.objects.filter(thread=other).exists()

    def test_an_answer_counts_for_its_author_where_both_had_one(
        self, thread: Thread, other: Thread, organiser: Person, learner: Person, mate: Person, cohort: Cohort
    ) -> None:
        accept_answer(thread=thread, post=say(thread, mate))
        accept_answer(thread=other, post=other.posts.get(number=2))
        merge_threads(thread=Thread.objects.get(pk=other.pk), into=thread, actor=organiser)
        thread.refresh_from_db()
        assert thread.accepted
        assert thread.accepted.author == mate
        assert [sum(one.accepted for one in contributions_of(who, cohort)) for who in (learner, mate)] == [1, 1]

    def test_a_question_without_an_answer_takes_the_other_s(
        self, thread: Thread, other: Thread, organiser: Person
    ) -> None:
        accept_answer(thread=other, post=other.posts.get(number=2))
        merge_threads(thread=Thread.objects.get(pk=other.pk), into=thread, actor=organiser)
        thread.refresh_from_db()
        assert thread.accepted == thread.posts.get(number=3)
        assert ("accepted", {"number": 3}) in events(thread.stream)

    def test_open_pages_followers_and_the_log_are_told_once(
        self, thread: Thread, other: Thread, organiser: Person, learner: Person, mate: Person
    ) -> None:
        merge_threads(thread=other, into=thread, actor=organiser)
        assert events(other.stream)[-1] == ("merged", {})
        assert can_read(learner, other.stream)  # Whoever has it open hears that it was merged.
        assert ("joined", {"last": 3, "count": 2}) in events(thread.stream)
        lines = [payload for kind, payload in events(thread.place.stream) if kind == "thread"][-2:]
        assert {(line["id"], line["is_hidden"]) for line in lines} == {(other.pk, True), (thread.pk, False)}
        assert sorted(one.person.name for one in Notice.objects.filter(kind="discussion.merged")) == ["Hanako", "Taro"]
        assert "品切れの日" in in_words(AuditEntry.objects.filter(action="thread.merged"))[0].plain

    def test_hidden_threads_and_those_of_other_cohorts_are_refused(
        self, thread: Thread, other: Thread, organiser: Person
    ) -> None:
        for into in (other, thread):
            set_hidden(thread=other, is_hidden=True, actor=organiser)
            with pytest.raises(ValidationError):
                merge_threads(thread=thread, into=into, actor=organiser)

    def test_what_is_being_typed_is_posted_where_the_thread_went(
        self, thread: Thread, other: Thread, organiser: Person, mate: Person, stranger: Person, places: dict[str, Place]
    ) -> None:
        merge_threads(thread=other, into=thread, actor=organiser)
        client, headers = signed_in(mate), {"accept": "application/json"}
        answer = client.post(f"{other.path}posts/", {"text": "まだ書いていました"}, headers=headers)
        assert answer.json()["url"] == f"{thread.path}posts/4/"
        client.post(f"{other.path}read/", {"number": 2}, headers=headers)
        assert read_up_to(thread, mate)[0] != 2
        # One that the writer opened before: the action itself finds the way, or says why not.
        assert say(other, stranger, "遅れて").thread == thread
        closed = ask(places["class"], organiser)
        merge_threads(thread=Thread.objects.get(pk=thread.pk), into=closed, actor=organiser)
        with pytest.raises(ValidationError):
            say(thread, stranger, "もう読めません")

    def test_names_of_who_leaves_go_from_the_events_of_the_old_thread(
        self, thread: Thread, other: Thread, organiser: Person, learner: Person
    ) -> None:
        merge_threads(thread=other, into=thread, actor=organiser)
        erase(person=learner)
        assert "Hanako" not in str(events(other.stream))


class TestPages:
    def test_only_who_keeps_order_there_splits_and_merges(
        self,
        places: dict[str, Place],
        learner: Person,
        mate: Person,
        mentor: Person,
        facilitator: Person,
        other_facilitator: Person,
        outsider: Person,
    ) -> None:
        thread, other = ask(places["class"], learner), ask(places["class"], mate, title="品切れ")
        say(thread, mate)
        for person in (learner, mate, mentor, other_facilitator, outsider):
            client = signed_in(person)
            for path in (f"{thread.path}split/", f"{thread.path}merge/"):
                assert client.get(path).status_code == 404, person
                assert client.post(path, {"posts": [2], "into": other.pk}).status_code == 404, person
        assert Client().get(f"{thread.path}split/")["Location"].startswith("/accounts/login/")
        team = ask(places["team"], learner, title="チームの話")
        client = signed_in(facilitator)
        # Not to where the moderator has no say.
        assert client.post(f"{thread.path}merge/", {"into": team.path}).status_code == 200
        filled = {"posts": [2], "title": "題", "kind": "talk", "place": places["team"].pk}
        assert client.post(f"{thread.path}split/", filled).status_code == 200
        assert not Thread.objects.filter(merged_into__isnull=False).exists()

    def test_a_facilitator_splits(self, places: dict[str, Place], learner: Person, facilitator: Person) -> None:
        thread = ask(places["class"], learner)
        for number in range(2, 55):
            Post.objects.create(
                thread=thread, number=number, author=learner, text=f"投稿{number}", html="", html_version=1
            )
        Thread.objects.filter(pk=thread.pk).update(last_number=54)
        client, path = signed_in(facilitator), f"{thread.path}split/"
        assert "#2 Hanako: 投稿2" in client.get(path).content.decode()
        filled = {"title": "後半", "kind": "talk", "place": places["class"].pk}
        refused = client.post(path, filled)
        assert refused.status_code == 200
        assert 'value="後半"' in refused.content.decode()
        client.post(path, filled | {"posts": [49, 50], "rest": "on"})
        new = Thread.objects.get(title="後半")
        assert (new.last_number, [number for number, _ in texts(thread)][-1]) == (6, 48)

    def test_a_facilitator_looks_at_what_happens_and_merges(
        self, places: dict[str, Place], thread: Thread, learner: Person, facilitator: Person
    ) -> None:
        other = ask(places["class"], learner, title="欠品の扱いについて")
        client, path = signed_in(facilitator), f"{other.path}merge/"
        assert f"?into={thread.pk}" in client.get(path).content.decode()
        for wrong in ("なし", other.path, "999999"):
            assert "<form" in client.get(path, {"into": wrong}).content.decode()
        shown = client.get(path, {"into": f"http://testserver{thread.path}?page=1#post-1"}).content.decode()
        assert f'name="into" value="{thread.pk}"' in shown
        assert client.post(path, {"into": thread.pk})["Location"] == thread.path
        other.refresh_from_db()
        assert other.merged_into == thread


@pytest.mark.django_db(transaction=True)
def test_posts_written_meanwhile_are_neither_lost_nor_doubled(
    place: Place, organiser: Person, facilitator: Person, mentor: Person
) -> None:
    source, target, back = (ask(place, organiser, title=title) for title in ("一", "二", "三"))

    def several(thread: Thread, person: Person) -> Callable[[], object]:
        return lambda: [say(thread, person, f"{person.name} {at}") for at in range(6)]

    def thank() -> None:
        post = Post.objects.get(thread__title="一", number=1)
        for at in range(6):
            set_thanks(post=post, person=mentor, is_thankful=at % 2 == 0)

    def merge(one: Thread, into: Thread) -> Callable[[], object]:
        return lambda: merge_threads(thread=one, into=into, actor=organiser)

    at_once(
        [
            several(source, facilitator),
            several(target, mentor),
            several(source, organiser),
            thank,
            merge(source, target),
            merge(back, target),
        ]
    )
    assert Post.objects.count() == 3 + 18
    assert {post.thread_id for post in Post.objects.all()} == {target.pk}
    numbers = list(Post.objects.filter(thread=target).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 22))
    target.refresh_from_db()
    assert target.last_number == 21
