"""A million posts: how long a thread, the lists and the search take, and that the search finds what a scan finds.

python -m tests.benchmarks.discussion [--posts 1000000]
"""

import argparse
import random
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.benchmarks.site import database_only, headline, in_ms

LEARNERS, CLASSES, THREADS, LONG_THREAD = 2_000, 20, 50_000, 2_000
TEXTS = 20_000
REPEATS = 40
WORDS = (
    "需要予測 在庫 欠品 発注 廃棄 特売 天気 気温 曜日 祝日 店舗 商品 売上 販売数 外れ値 特徴量 交差検証 評価指標 "
    "学習データ 検証データ 過学習 リーク 欠損値 前処理 可視化 グラフ 移動平均 ベースライン 勾配ブースティング "
    "線形回帰 ランダムフォレスト パラメータ pandas scikit-learn groupby merge WAPE MAE ノートブック エラー 提出 "
    "スコア 暫定 最終 チーム 発表 資料 社長 施策 効果 費用 利益 仮説 課題 要件 KPI 期待効果 データ 基準 安全在庫 "
    "リードタイム 入荷 賞味期限 冷蔵 惣菜 牛乳 豆腐"
)
LINKS = "は が を に で と の も から まで より という ので けれど ことで として について では"
ENDS = "と思います。 でした。 でしょうか？ を試しました。 がわかりません。 で改善しました。 を教えてください。"
RARE = 5  # so many of the texts carry a word of their own


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--posts", type=int, default=1_000_000)
    posts = parser.parse_args().posts
    with database_only():
        from django.core.management import call_command

        from campus.people.models import Person

        call_command("collectstatic", interactive=False, verbosity=0)

        cohort, places = fill(posts)
        learner, organiser, read_all, organised_all = (
            Person.objects.get(email=f"bench{number}@example.org") for number in (7, 0, 11, 10)
        )
        headline(f"{posts:,} posts in {THREADS:,} threads, {REPEATS} requests each")
        for name, person in (("learner", learner), ("organiser", organiser)):
            print(f"-- {name}")
            measure_pages(person, cohort)
        for name, person in (("learner", read_all), ("organiser", organised_all)):
            measure_page(f"everything new: a {name} who has read all", sign_in(person), "/unread/?only=all")
        headline(f"the search alone, over {posts:,} posts")
        measure_search(learner, cohort, places)
        compare_with_scans()


def fill(posts: int) -> tuple[Any, list[Any]]:
    """A cohort of classes with their talk; the texts are drawn from TEXTS different ones."""
    from django.db import connection
    from django.utils import timezone

    from campus.cohorts.models import Enrolment, Role, StudyClass
    from campus.discussion.places import place_of
    from campus.people.models import Person
    from tests.benchmarks.school import enrol, open_graded_step

    began = time.perf_counter()
    step = open_graded_step()
    enrolments, cohort = enrol(step, learners=LEARNERS), step.cohort
    classes = StudyClass.objects.bulk_create(
        StudyClass(cohort=cohort, name=f"クラス{number}") for number in range(CLASSES)
    )
    for number, enrolment in enumerate(enrolments):
        enrolment.study_class = classes[number % CLASSES]
    Enrolment.objects.bulk_update(enrolments, ["study_class"])
    # Who joined after the last post would have nothing new.
    Person.objects.update(date_joined=timezone.now() - timedelta(seconds=posts, days=1))
    organisers = [enrolments[0].pk, enrolments[10].pk]
    Enrolment.objects.filter(pk__in=organisers).update(role=Role.ORGANISER, study_class=None)
    places = [place_of(cohort), place_of(step), *(place_of(one) for one in classes)]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE source (id serial, text text, folded text, pairs tsvector)")
        cursor.executemany("INSERT INTO source (text, folded, pairs) VALUES (%s, %s, array_to_tsvector(%s))", texts())
        parameters = {
            "first_person": enrolments[0].person_id,
            "people": LEARNERS,
            "places": [place.pk for place in places],
            "threads": THREADS,
            "posts": posts,
            "long": LONG_THREAD,
            "texts": TEXTS,
            "now": timezone.now() - timedelta(minutes=1),
        }
        for statement in _FILL:
            cursor.execute(statement, parameters)
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT pg_size_pretty(pg_total_relation_size('discussion_searchtext'))")
        print(f"filled in {time.perf_counter() - began:.0f} s; the search takes {cursor.fetchone()[0]} on disk")
    return cohort, places


def texts() -> list[tuple[str, str, list[str]]]:
    """Texts of the words that people here use, as written, folded and in pairs."""
    from campus.discussion.search.grams import fold, lexemes_of

    drawn = random.Random(1)
    made = []
    for number in range(TEXTS):
        text = "".join(sentence(drawn) for _ in range(drawn.randint(1, 6))) + (f"鰯雲{number}" if number < RARE else "")
        folded = fold(text)
        made.append((text, folded, lexemes_of(folded)))
    return made


def sentence(drawn: random.Random) -> str:
    words, links = WORDS.split(), LINKS.split()
    parts = (drawn.choice(words) + drawn.choice(links) for _ in range(drawn.randint(2, 6)))
    return "".join(parts) + drawn.choice(words) + drawn.choice(ENDS.split())


# Made by the database itself; the search texts are those that the site would write. Thread 1 is long.
_FILL = (
    """
    INSERT INTO discussion_thread (place_id, kind, title, author_id, created_at, last_number, last_post_at)
    SELECT (%(places)s::bigint[])[1 + n %% cardinality(%(places)s::bigint[])], 'question', left(text, 60),
        %(first_person)s + (n * 7919::bigint) %% %(people)s, %(now)s, 0, %(now)s
    FROM generate_series(1, %(threads)s) AS n JOIN source ON source.id = 1 + n %% %(texts)s ORDER BY n
    """,
    """
    INSERT INTO discussion_post (thread_id, number, author_id, text, html, html_version, created_at, thanks_count)
    SELECT thread, row_number() OVER (PARTITION BY thread ORDER BY n),
        %(first_person)s + (n * 104729::bigint) %% %(people)s, text, '<p>' || text || '</p>', 1,
        %(now)s - (%(posts)s - n) * interval '1 s', 0
    FROM (
        SELECT n, CASE WHEN n %% (%(posts)s / %(long)s) = 0 THEN first ELSE first + (n * 48271::bigint) %% %(threads)s
        END AS thread FROM generate_series(1, %(posts)s) AS n, (SELECT min(id) AS first FROM discussion_thread) AS t
    ) AS numbers JOIN source ON source.id = 1 + (n * 31::bigint) %% %(texts)s ORDER BY n
    """,
    """
    INSERT INTO discussion_searchtext (post_id, text, pairs)
    SELECT post.id, folded, pairs FROM discussion_post AS post JOIN source USING (text) ORDER BY post.id
    """,
    """
    UPDATE discussion_thread AS thread SET last_number = number, last_post_at = at
    FROM (SELECT thread_id, max(number) AS number, max(created_at) AS at FROM discussion_post GROUP BY 1) AS latest
    WHERE latest.thread_id = thread.id
    """,
    """
    INSERT INTO discussion_reading (thread_id, person_id, last_read, level)
    SELECT id, %(first_person)s + person, last_number / 2,
        CASE WHEN (id + person) %% 3 = 0 THEN 'follow' ELSE 'plain' END
    FROM discussion_thread, generate_series(0, 9) AS person WHERE id %% 25 = 0
    """,
    # Two have read everything: an organiser and a learner.
    """
    INSERT INTO discussion_reading (thread_id, person_id, last_read, level)
    SELECT id, %(first_person)s + person, last_number, 'plain' FROM discussion_thread, generate_series(10, 11) AS person
    """,
)


def measure_pages(person: Any, cohort: Any) -> None:
    from campus.discussion.models import Thread

    client = sign_in(person)
    longest = Thread.objects.order_by("-last_number").select_related("place__cohort").first()
    assert longest
    base = f"/cohorts/{cohort.slug}/discussion/"
    pages = {
        "list of the cohort": base,
        "list of the cohort, open questions": base + "?only=open",
        "list of the cohort, page 50": base + "?page=50",
        f"thread of {longest.last_number} posts": longest.path,
        "the same, its middle": f"{longest.path}?page={longest.page_of(longest.last_number // 2)}",
        "unread": "/unread/",
        "everything new": "/unread/?only=all",
        "search of two words": base + "search/?q=在庫+発注",
        "start page": "/",
    }
    for name, address in pages.items():
        measure_page(name, client, address)


def sign_in(person: Any) -> Any:
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def measure_page(name: str, client: Any, address: str) -> None:
    from tests.benchmarks.board import visit

    queries, seconds = visit(client, address)
    print(f"{name:<44} {queries:3d} queries   {in_ms(seconds)}", flush=True)


def measure_search(person: Any, cohort: Any, places: list[Any]) -> None:
    from campus.discussion.models import Place
    from campus.discussion.search.grams import terms_of
    from campus.discussion.search.queries import Asked, search

    in_class = Place.objects.filter(pk=places[2 + 7 % CLASSES].pk).get()
    asked = {
        "one frequent character: を": Asked(terms_of("を")),
        "one rare character: 鰯": Asked(terms_of("鰯")),
        "two characters: 在庫": Asked(terms_of("在庫")),
        "nowhere: 象牙": Asked(terms_of("象牙")),
        "a rare word: 鰯雲3": Asked(terms_of("鰯雲3")),
        "three words": Asked(terms_of("在庫 発注 リーク")),
        "a long phrase": Asked(terms_of("勾配ブースティングを試しました。")),
        "pairs there, word not: 庫在": Asked(terms_of("庫在")),
        "in the own class": Asked(terms_of("欠品"), place=in_class),
        "by one author": Asked(terms_of("欠品"), author="受講生777"),
        "what answered, none here": Asked(terms_of("欠品"), accepted_only=True),
    }
    for name, one in asked.items():
        found: list[int] = []
        seconds = timed(lambda one=one, found=found: found.append(len(search(person, cohort, one).lines)))  # type: ignore[misc]
        print(f"{name:<44} {found[-1]:3d} shown   {in_ms(seconds)}", flush=True)


def timed(call: Callable[[], object]) -> list[float]:
    seconds = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - began)
    return seconds


def compare_with_scans() -> None:
    """Count what the index finds and what reading every text finds."""
    from campus.discussion.models import SearchText
    from campus.discussion.search.queries import having

    for term in ("鰯", "鰯雲", "在庫", "庫在", "wape", "線形回帰でした"):
        by_index = having([term]).count()
        by_scan = SearchText.objects.filter(text__contains=term).count()
        print(f"{term}: {by_index:,} by the index, {by_scan:,} by a scan")
        assert by_index == by_scan


if __name__ == "__main__":
    main()
