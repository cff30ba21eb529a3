"""Writing, editing, deleting, thanking and accepting, and what is told to open pages."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils import timezone

from campus.cohorts.models import Cohort
from campus.discussion import actions, moderation
from campus.discussion.actions import Heading, Writing, accept_answer, delete_post, edit_post, set_thanks, start_thread
from campus.discussion.files import StoredFile
from campus.discussion.mentions import suggestions
from campus.discussion.models import Level, Mention, Place, Post, Reading, Revision, Thread
from campus.discussion.reading import set_level
from campus.notices.models import Mail, Notice
from campus.people.models import Person
from campus.ui.files import store
from tests.campus.discussion.conftest import ask, events, say

pytestmark = pytest.mark.django_db


def test_a_thread_begins_with_its_first_post(place: Place, learner: Person, mate: Person) -> None:
    thread = ask(place, learner, title="欠損値", text="**どう**しますか。")
    post = thread.posts.get()
    assert (post.number, post.author, post.html) == (1, learner, "<p><strong>どう</strong>しますか。</p>\n")
    assert (thread.last_number, thread.is_question, thread.is_answered) == (1, True, False)
    assert events(place.stream)[0][1] | {"at": None} == {
        "id": thread.pk,
        "title": "欠損値",
        "url": thread.path,
        "is_question": True,
        "is_answered": False,
        "is_locked": False,
        "is_hidden": False,
        "posts": 1,
        "at": None,
    }


def test_an_event_carries_the_whole_post(thread: Thread, mate: Person) -> None:
    key = uuid.uuid4()
    post = say(thread, mate, "`mean()` で補いました。", key=key)
    kind, payload = events(thread.stream)[-1]
    assert kind == "post"
    assert payload | {"at": None} == {
        "id": post.pk,
        "number": 2,
        "key": str(key),
        "author": {"id": mate.pk, "name": "Taro", "role": ""},
        "at": None,
        "edited_at": None,
        "thanks": 0,
        "html": "<p><code>mean()</code> で補いました。</p>\n",
        "mentions": [],
        "attachments": [],
    }


def test_the_same_request_is_written_once(thread: Thread, place: Place, mate: Person) -> None:
    key = uuid.uuid4()
    first, again = say(thread, mate, key=key), say(thread, mate, key=key)
    assert (first.pk, first.is_new, again.is_new) == (again.pk, True, False)
    assert Post.objects.filter(thread=thread).count() == 2
    writing = Writing(text="新しい話", key=uuid.uuid4())
    started = [start_thread(place=place, author=mate, heading=Heading("話"), writing=writing) for _ in range(2)]
    assert started[0] == started[1]


def test_numbers_have_no_holes(thread: Thread, learner: Person, mate: Person) -> None:
    for author in (mate, learner, mate):
        say(thread, author)
    with pytest.raises(ValidationError):
        accept_answer(thread=thread, post=Post.objects.get(thread=thread, number=1))
    assert list(thread.posts.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4]


class TestMentions:
    def test_who_reads_there_is_told_once(self, thread: Thread, learner: Person, mate: Person) -> None:
        post = say(thread, mate, "@Hanako さん、`@Taro` は私です。@Yoso @Hanako")
        assert list(Mention.objects.values_list("person", flat=True)) == [learner.pk]
        notice = Notice.objects.get()
        assert (notice.person, notice.url) == (learner, post.path)
        assert Mail.objects.get().person == learner
        edit_post(post=post, text="@Hanako さん、直しました。")
        assert (Notice.objects.count(), Mail.objects.count()) == (1, 1)

    def test_an_edit_tells_whom_it_names_first(self, thread: Thread, learner: Person, mate: Person) -> None:
        post = say(thread, mate, "皆さん")
        edit_post(post=post, text="@hanako さん")
        assert Notice.objects.get().person == learner

    def test_nobody_without_access_is_named(self, places: dict[str, Place], learner: Person, stranger: Person) -> None:
        post = ask(places["team"], learner, text="@Saburo @Taro").posts.get()
        assert [one.person.name for one in post.mentions.select_related("person")] == ["Taro"]
        assert post.html.count("mention") == 1

    def test_a_muted_thread_is_silent(self, thread: Thread, learner: Person, mate: Person) -> None:
        set_level(thread=thread, person=learner, level=Level.MUTE)
        say(thread, mate, "@Hanako")
        assert not Notice.objects.exists()
        assert Mention.objects.get().person == learner

    def test_names_are_found_without_their_space_and_by_the_nickname_that_is_shown(
        self, thread: Thread, cohort: Cohort, learner: Person, mate: Person
    ) -> None:
        Person.objects.filter(pk=learner.pk).update(name="青木 さくら")
        assert say(thread, mate, "@青木さくらさん").mentions.count() == 1
        actions.choose_name(person=learner, cohort_id=cohort.pk, uses_alias=True)
        assert say(thread, mate, "@ハナさん").mentions.count() == 1
        assert say(thread, mate, "@青木 さくら").mentions.count() == 0
        assert suggestions(thread.place, "青", reader=mate) == []
        assert suggestions(thread.place, "ハ", reader=mate) == ["ハナ"]


class TestEditing:
    def test_what_it_said_before_stays(self, thread: Thread, mate: Person) -> None:
        post = say(thread, mate, "一回目")
        edit_post(post=post, text="二回目")
        edit_post(post=post, text="二回目")
        edit_post(post=post, text="三回目")
        post.refresh_from_db()
        assert (post.text, post.edited_at is not None) == ("三回目", True)
        assert list(Revision.objects.values_list("text", flat=True)) == ["二回目", "一回目"]
        told = [payload for kind, payload in events(thread.stream) if kind == "edited"]
        assert [(one["number"], one["html"]) for one in told] == [(2, "<p>二回目</p>\n"), (2, "<p>三回目</p>\n")]

    def test_a_deleted_post_leaves_a_tombstone(
        self, thread: Thread, mate: Person, django_capture_on_commit_callbacks
    ) -> None:
        path = store(b"a,b\n", folder="discussion")
        post = say(thread, mate, "@Hanako 内緒", files=[StoredFile("a.csv", path, 4, "text/csv")])
        edit_post(post=post, text="別の内緒")
        accept_answer(thread=thread, post=post)
        with django_capture_on_commit_callbacks(execute=True):
            delete_post(post=post)
            delete_post(post=post)
        post.refresh_from_db()
        thread.refresh_from_db()
        assert (post.text, post.html, post.number) == ("", "", 2)
        assert (thread.accepted, thread.hidden_at) == (None, None)
        left = (
            post.revisions.exists(),
            post.attachments.exists(),
            post.mentions.exists(),
            default_storage.exists(path),
        )
        assert left == (False,) * 4
        assert events(thread.stream)[-1] == ("removed", {"number": 2, "how": "deleted"})
        kept = [
            payload for kind, payload in events(thread.stream) if kind in {"post", "edited"} and payload["number"] == 2
        ]
        assert [one["html"] for one in kept] == ["", ""]
        assert (kept[0]["attachments"], kept[0]["mentions"]) == ([], [])
        with pytest.raises(ValidationError):
            edit_post(post=post, text="もどす")

    def test_equal_files_of_other_posts_stay(
        self, thread: Thread, mate: Person, learner: Person, django_capture_on_commit_callbacks
    ) -> None:
        file = StoredFile("a.csv", store(b"x\n", folder="discussion"), 2, "text/csv")
        first = say(thread, mate, files=[file])
        say(thread, learner, files=[file])
        with django_capture_on_commit_callbacks(execute=True):
            delete_post(post=first)
        assert default_storage.exists(file.path)

    def test_a_thread_of_nothing_but_a_deleted_post_goes(self, thread: Thread) -> None:
        delete_post(post=thread.posts.get())
        thread.refresh_from_db()
        assert thread.hidden_at is not None
        assert events(thread.place.stream)[-1][1]["is_hidden"] is True


def test_whose_work_it_is_hears_of_a_thread_about_it(places: dict[str, Place], learner: Person, mentor: Person) -> None:
    ask(places["submission"], learner)
    assert not Notice.objects.exists()
    thread = ask(places["submission"], mentor, title="補充量の決め方")
    say(thread, mentor)
    notice = Notice.objects.get(kind="discussion.about_work")
    assert (notice.person, notice.url) == (learner, f"{thread.path}posts/1/")
    ask(places["cohort"], mentor)
    assert Notice.objects.count() == 1


class TestThanksAndAnswers:
    def test_thanks_are_counted_once_and_can_be_taken_back(self, thread: Thread, learner: Person, mate: Person) -> None:
        post = say(thread, mate)
        assert [set_thanks(post=post, person=learner, is_thankful=on) for on in (True, True, False, False, True)] == [
            1,
            1,
            0,
            0,
            1,
        ]
        told = [payload["count"] for kind, payload in events(thread.stream) if kind == "thanks"]
        assert told == [1, 0, 1]
        with pytest.raises(ValidationError):
            set_thanks(post=post, person=mate, is_thankful=True)

    def test_one_answer_is_accepted(self, thread: Thread, learner: Person, mate: Person) -> None:
        first, second = say(thread, mate), say(thread, learner)
        for post in (first, second, None):
            accept_answer(thread=thread, post=post)
            thread.refresh_from_db()
            assert thread.accepted == post
            assert (thread.accepted_at is None) == (post is None)
        told = [payload["number"] for kind, payload in events(thread.stream) if kind == "accepted"]
        assert told == [2, 3, None]

    def test_talk_has_no_answer(self, place: Place, learner: Person, mate: Person) -> None:
        thread = ask(place, learner, kind="talk")
        with pytest.raises(ValidationError):
            accept_answer(thread=thread, post=say(thread, mate))


class TestLimits:
    def test_newcomers_write_a_few_posts_at_first(self, thread: Thread, mate: Person, organiser: Person) -> None:
        for _ in range(6):
            say(thread, mate)
        with pytest.raises(ValidationError, match="短い時間"):
            say(thread, mate)
        for _ in range(8):
            say(thread, organiser)

    def test_who_has_been_here_a_day_writes_more(self, thread: Thread, mate: Person) -> None:
        say(thread, mate)
        Post.objects.filter(author=mate).update(created_at=timezone.now() - timedelta(days=2))
        for _ in range(7):
            say(thread, mate)

    def test_a_closed_thread_takes_posts_of_moderators_only(
        self, thread: Thread, mate: Person, organiser: Person
    ) -> None:
        moderation.set_locked(thread=thread, is_locked=True, actor=organiser)
        with pytest.raises(ValidationError):
            say(thread, mate)
        assert say(thread, organiser).number == 2


def test_who_writes_follows_and_what_others_wrote_stays_unread(thread: Thread, learner: Person, mate: Person) -> None:
    say(thread, mate)
    say(thread, learner)
    mine = Reading.objects.get(person=learner, thread=thread)
    assert (mine.level, mine.last_read) == (Level.FOLLOW, 1)
    theirs = Reading.objects.get(person=mate, thread=thread)
    assert (theirs.level, theirs.last_read) == (Level.FOLLOW, 2)


def test_a_post_costs_the_same_however_many_follow(thread: Thread, mate: Person, django_assert_max_num_queries) -> None:
    crowd = Person.objects.bulk_create(Person(email=f"p{n}@example.org", name=f"P{n}") for n in range(300))
    Reading.objects.bulk_create(Reading(person=one, thread=thread, level=Level.FOLLOW) for one in crowd)
    with django_assert_max_num_queries(26):
        say(thread, mate)
