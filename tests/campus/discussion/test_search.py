"""The search: it finds what a scan finds, shows it in context, and nothing to whoever may not read it."""

import random

import pytest
from pytest_django import DjangoAssertNumQueries

from campus.cohorts.models import Cohort
from campus.discussion import moderation
from campus.discussion.actions import accept_answer, choose_name, delete_post, edit_post
from campus.discussion.models import Place, Post, SearchText, Thread, Topic
from campus.discussion.search.grams import fold, terms_of
from campus.discussion.search.index import index_all
from campus.discussion.search.queries import RESULTS_ON_PAGE, Asked, excerpt_of, having, search
from campus.people.models import Person
from tests.campus.cast import signed_in
from tests.campus.discussion.conftest import ask, say

pytestmark = pytest.mark.django_db
SEARCH = "/cohorts/spring/discussion/search/"
SYLLABLES = "需要予測在庫欠品発注データのをがはで、。WAPEmae　 \n'\\%_:&|!*56ﾃﾞｰﾀ"


def found(person: Person, cohort: Cohort, typed: str, **more: object) -> list[str]:
    """The texts that the person finds."""
    results = search(person, cohort, Asked(terms_of(typed), **more))  # type: ignore[arg-type]
    return [line.post.text for line in results.lines]


def fill(thread: Thread, author: Person, texts: list[str]) -> list[Post]:
    """Posts written at once, faster than anybody may."""
    posts = Post.objects.bulk_create(
        Post(thread=thread, number=number, author=author, text=text, html="", html_version=1)
        for number, text in enumerate(texts, 2)
    )
    index_all()
    return posts


class TestWhatIsFound:
    @pytest.mark.parametrize(
        "typed", ["庫", "在庫", "ＷＡＰＥ", "wape データ", '"order up to"', "欠品 在庫", "%", "it's"]
    )
    def test_words_of_any_length_width_and_case(self, thread: Thread, mate: Person, cohort: Cohort, typed: str) -> None:
        text = "在庫のﾃﾞｰﾀでWape 50%、it's Order Up  To。"
        say(thread, mate, text)
        expected = [text] if typed != "欠品 在庫" else []
        assert found(mate, cohort, typed) == expected

    def test_a_title_leads_to_the_first_post(self, place: Place, learner: Person, cohort: Cohort) -> None:
        ask(place, learner, title="梅雨の売上", text="どう見ますか。")
        assert found(learner, cohort, "梅雨") == ["どう見ますか。"]

    def test_the_index_finds_exactly_what_a_scan_finds(self, thread: Thread, mate: Person) -> None:
        drawn = random.Random(7)
        texts = ["".join(drawn.choices(SYLLABLES, k=drawn.randint(1, 60))).strip() or "空" for _ in range(400)]
        posts = fill(thread, mate, texts)
        folded = {post.pk: fold(post.text) for post in posts}
        for _ in range(300):
            text = fold(drawn.choice(texts))
            start = drawn.randrange(len(text)) if text else 0
            term = fold(text[start : start + drawn.choice([1, 1, 2, 2, 3, 5, 20])])
            if not term:
                continue
            scanned = {pk for pk, one in folded.items() if term in one}
            assert set(having([term]).filter(post__number__gt=1).values_list("pk", flat=True)) == scanned, term

    def test_the_newest_come_first_and_pages_go_on_from_the_last(
        self, thread: Thread, mate: Person, cohort: Cohort
    ) -> None:
        fill(thread, mate, [f"在庫 {number}" for number in range(RESULTS_ON_PAGE + 3)])
        first = search(mate, cohort, Asked(["在庫"]))
        second = search(mate, cohort, Asked(["在庫"]), before=first.before)
        texts = [line.post.text for line in [*first.lines, *second.lines]]
        assert texts == [f"在庫 {number}" for number in reversed(range(RESULTS_ON_PAGE + 3))]
        assert second.before is None

    def test_filters_narrow_down(self, places: dict[str, Place], learner: Person, mate: Person, cohort: Cohort) -> None:
        topic = Topic.objects.create(cohort=cohort, title_ja="データ", title_en="Data")
        asked = ask(places["step"], learner, text="在庫の問い")
        Thread.objects.filter(pk=asked.pk).update(topic=topic)
        answer = say(asked, mate, "在庫の答え")
        ask(places["class"], mate, text="在庫の雑談")
        accept_answer(thread=asked, post=answer)

        assert found(learner, cohort, "在庫", place=places["class"]) == ["在庫の雑談"]
        assert found(learner, cohort, "在庫", topic=topic) == ["在庫の答え", "在庫の問い"]
        assert found(learner, cohort, "在庫", accepted_only=True) == ["在庫の答え"]
        assert found(learner, cohort, "在庫", author="hanako") == ["在庫の問い"]
        assert found(learner, cohort, "", place=places["step"]) == ["在庫の答え", "在庫の問い"]

    def test_a_name_kept_back_finds_nobody(self, thread: Thread, mate: Person, cohort: Cohort) -> None:
        Person.objects.filter(pk=mate.pk).update(alias="ねこ")
        choose_name(person=mate, cohort_id=cohort.pk, uses_alias=True)
        say(thread, mate, "在庫です")
        assert found(mate, cohort, "在庫", author="ねこ") == ["在庫です"]
        assert found(mate, cohort, "在庫", author=mate.name) == []

    def test_a_search_costs_so_many_queries_however_much_is_found(
        self, thread: Thread, mate: Person, cohort: Cohort, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        fill(thread, mate, [f"在庫 {number}" for number in range(RESULTS_ON_PAGE)])
        with django_assert_max_num_queries(4):
            results = search(mate, cohort, Asked(["在庫"]))
            assert [str(line.post.thread.place.cohort) for line in results.lines]


class TestWhatIsKeptUpToDate:
    def test_an_edited_post_is_found_by_what_it_says_now(self, thread: Thread, mate: Person, cohort: Cohort) -> None:
        post = say(thread, mate, "在庫です")
        edit_post(post=post, text="発注です")
        assert found(mate, cohort, "在庫") == []
        assert found(mate, cohort, "発注") == ["発注です"]

    def test_deleted_and_hidden_posts_are_gone_and_shown_ones_back(
        self, thread: Thread, mate: Person, organiser: Person, cohort: Cohort
    ) -> None:
        deleted, hidden = say(thread, mate, "在庫 1"), say(thread, mate, "在庫 2")
        delete_post(post=deleted)
        moderation.hide_post(post=hidden, actor=organiser)
        assert found(organiser, cohort, "在庫") == []
        assert not SearchText.objects.filter(post__in=[deleted, hidden]).exists()
        moderation.show_post(post=hidden, actor=organiser)
        assert found(mate, cohort, "在庫") == ["在庫 2"]

    def test_indexing_anew_finds_the_same(self, thread: Thread, mate: Person, cohort: Cohort) -> None:
        say(thread, mate, "在庫です")
        SearchText.objects.all().delete()
        assert index_all() == 2
        assert found(mate, cohort, "在庫") == ["在庫です"]


class TestWhoFindsWhat:
    def test_only_what_the_person_may_read(
        self,
        places: dict[str, Place],
        learner: Person,
        stranger: Person,
        other_facilitator: Person,
        mentor: Person,
        organiser: Person,
        outsider: Person,
        cohort: Cohort,
    ) -> None:
        for name in ("class", "team", "submission"):
            ask(places[name], learner, title=f"在庫 {name}", text=name)
        assert set(found(organiser, cohort, "在庫")) == {"class", "team", "submission"}
        assert set(found(mentor, cohort, "在庫")) == {"submission"}
        for person in (stranger, other_facilitator, outsider):
            assert found(person, cohort, "在庫") == []
            assert found(person, cohort, "在庫", place=places["team"]) == []

    def test_hidden_threads_are_found_by_nobody(
        self, thread: Thread, learner: Person, organiser: Person, cohort: Cohort
    ) -> None:
        moderation.set_hidden(thread=thread, is_hidden=True, actor=organiser)
        assert found(learner, cohort, "どうして") == []

    def test_a_moved_thread_is_found_by_those_of_its_new_place(
        self, places: dict[str, Place], learner: Person, stranger: Person, organiser: Person, cohort: Cohort
    ) -> None:
        thread = ask(places["cohort"], learner, text="在庫です")
        assert found(stranger, cohort, "在庫") == ["在庫です"]
        moderation.move_thread(thread=thread, place=places["class"], actor=organiser)
        assert found(stranger, cohort, "在庫") == []
        assert found(learner, cohort, "在庫") == ["在庫です"]

    def test_who_takes_no_part_gets_no_page(self, cohort: Cohort, outsider: Person) -> None:
        assert signed_in(outsider).get(SEARCH + "?q=a").status_code == 404


class TestThePage:
    def test_matches_are_marked_and_what_was_written_stays_text(self, thread: Thread, mate: Person) -> None:
        say(thread, mate, "<script>在庫</script>の話")
        shown = signed_in(mate).get(SEARCH, {"q": "在庫"}).content.decode()
        assert "&lt;script&gt;<mark>在庫</mark>&lt;/script&gt;の話" in shown
        assert f'href="{thread.path}posts/2/"' in shown

    def test_excerpts_are_plain_text_and_do_not_repeat_the_title(self, place: Place, learner: Person) -> None:
        text = "> [#1](/x)\n>\n> 引用\n\n**在庫**は`qty`、$x^2$です。\n\n```python\nq = 1\n```\n\n| 列 |\n|---|\n| 値 |"
        ask(place, learner, title="在庫の題", text=text)
        shown = signed_in(learner).get(SEARCH, {"q": "在庫"}).content.decode()
        assert '<p class="excerpt">#1 引用 <mark>在庫</mark>はqty、x^2です。 q = 1 列 値</p>' in shown

    def test_older_results_keep_the_search(self, thread: Thread, mate: Person) -> None:
        fill(thread, mate, [f"在庫 {number}" for number in range(RESULTS_ON_PAGE + 1)])
        client = signed_in(mate)
        answer = client.get(SEARCH, {"q": "在庫", "accepted": ""})
        assert answer.context["more"].startswith("?q=%E5%9C%A8%E5%BA%AB&before=")
        assert "<mark>在庫</mark> 0" in client.get(SEARCH + answer.context["more"]).content.decode()

    def test_an_empty_search_and_one_without_result_say_what_to_do(self, thread: Thread, mate: Person) -> None:
        client = signed_in(mate)
        assert "探したい言葉を入力するか、探す場所を選んでください。" in client.get(SEARCH, {"q": " "}).content.decode()
        assert "見つかりませんでした" in client.get(SEARCH, {"q": "ない"}).content.decode()
        assert client.get(SEARCH, {"q": "在庫", "before": "x", "place": "999"}).status_code == 200


def test_an_excerpt_shows_what_stands_around_the_first_match() -> None:
    text = "あ" * 100 + "在庫" + "い" * 300
    pieces = excerpt_of(text, ["在庫"])
    assert [piece.text for piece in pieces if piece.is_match] == ["在庫"]
    whole = "".join(piece.text for piece in pieces)
    assert whole.startswith("…あ")
    assert whole.endswith("い…")
    assert len(whole) < 250
