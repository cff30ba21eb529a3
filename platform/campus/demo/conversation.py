"""A week of conversation in the running cohort, from conversation.toml: the same in every demo of the same size."""

import random
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from campus.cohorts.models import Cohort, Enrolment, Role
from campus.demo.cohorts import graded_step
from campus.demo.people import LEARNER, MATE
from campus.demo.ways import Way, way_of
from campus.discussion import markdown
from campus.discussion.mentions import with_mentions
from campus.discussion.models import Flag, Level, Mention, Place, Post, Reading, Thanks, Thread, ThreadKind, Topic
from campus.discussion.places import place_of
from campus.discussion.search.index import index_all
from campus.notices.actions import notify
from campus.people.models import Person

SCRIPT = Path(__file__).parent / "conversation.toml"
# What the learner whose password is printed has not read yet.
UNREAD_SINCE = timedelta(days=1.15)
LETTERS = "abcdefghijklmnopqr"


@dataclass
class Stage:
    """Where the conversation takes place, and who speaks."""

    places: dict[str, Place]
    voices: dict[str, dict[str, Person]]
    topics: dict[str, Topic]
    now: datetime
    rows: dict[type, list[Any]] = field(default_factory=dict)

    def add(self, row: Any) -> None:
        self.rows.setdefault(type(row), []).append(row)


def converse(cohort: Cohort) -> None:
    """Write the conversation where the cohort has none."""
    if Thread.objects.filter(place__cohort=cohort).exists():
        return
    script = tomllib.loads(SCRIPT.read_text(encoding="utf-8"))
    topics = {
        one["ja"]: Topic.objects.create(cohort=cohort, title_ja=one["ja"], title_en=one["en"], position=position)
        for position, one in enumerate(script["topics"])
    }
    learner = cohort.enrolments.select_related("study_class").get(person__email=LEARNER.email)
    stage = Stage(_places(cohort, learner), _voices(cohort, learner), topics, timezone.now())
    begun = [(thread, scene) for scene in script["threads"] if (thread := _begin(stage, scene))]
    posts = _write(stage, begun)
    for number, (thread, scene) in enumerate(begun):
        _react(stage, thread, scene, posts, drawn=random.Random(number))
    for model in (Mention, Thanks):
        model.objects.bulk_create(stage.rows.get(model, []), ignore_conflicts=True)
    _follow(stage, learner.person)
    index_all()


def _places(cohort: Cohort, learner: Enrolment) -> dict[str, Place]:
    places = {"cohort": place_of(cohort), "step": place_of(graded_step(cohort))}
    if learner.study_class:
        places["class"] = place_of(learner.study_class)
    if membership := learner.memberships.current().select_related("team__cohort").first():
        places["team"] = place_of(membership.team)
    return places


def _voices(cohort: Cohort, learner: Enrolment) -> dict[str, dict[str, Person]]:
    """Who stands for the names of the script, by place: letters are people of the class, in the team of the team."""
    enrolments = cohort.enrolments.taking_part().select_related("person").order_by("pk")
    staff = {one.role: one.person for one in enrolments if one.role != Role.LEARNER}
    own = {LEARNER.email: "learner", MATE.email: "mate"}
    learners = [one for one in enrolments if one.role == Role.LEARNER]
    named = {own[one.person.email]: one.person for one in learners if one.person.email in own} | staff
    others = [one for one in learners if one.person.email not in own and way_of(one.person.email) == Way.STEADY]
    classmates = [one.person for one in others if one.study_class_id == learner.study_class_id]
    membership = learner.memberships.current().first()
    team = membership.team.memberships.current().select_related("enrolment__person") if membership else []
    mates = [one.enrolment.person for one in team if one.enrolment.person.email not in own]
    return {
        "others": named | _lettered([one.person for one in others] or [learner.person]),
        "class": named | _lettered(classmates or [learner.person]),
        "team": named | _lettered(mates or [learner.person]),
    }


def _lettered(people: list[Person]) -> dict[str, Person]:
    return {letter: people[number % len(people)] for number, letter in enumerate(LETTERS)}


def _begin(stage: Stage, scene: dict[str, Any]) -> Thread | None:
    """The thread without its posts; None in a small demo, which may have no team."""
    place = stage.places.get(scene["place"])
    if place is None:
        return None
    lines = scene["posts"]
    return Thread.objects.create(
        place=place,
        topic=stage.topics[scene["topic"]],
        kind=ThreadKind(scene.get("kind", ThreadKind.QUESTION)),
        title=scene["title"],
        author=_voices_of(stage, scene)[lines[0]["by"]],
        created_at=_moment(stage, lines[0]),
        last_number=len(lines),
        last_post_at=_moment(stage, lines[-1]),
    )


def _voices_of(stage: Stage, scene: dict[str, Any]) -> dict[str, Person]:
    return stage.voices.get(scene["place"], stage.voices["others"])


def _write(stage: Stage, begun: list[tuple[Thread, dict[str, Any]]]) -> dict[tuple[int, int], Post]:
    """All posts, by thread and number, written in the order of their times: lists go by it."""
    lines = [
        (thread, number, line, _voices_of(stage, scene))
        for thread, scene in begun
        for number, line in enumerate(scene["posts"], 1)
    ]
    lines.sort(key=lambda one: -one[2]["at"])
    return {(thread.pk, number): _post(stage, thread, number, line, voices) for thread, number, line, voices in lines}


def _react(
    stage: Stage,
    thread: Thread,
    scene: dict[str, Any],
    written: dict[tuple[int, int], Post],
    *,
    drawn: random.Random,
) -> None:
    """Thanks, flags and the accepted answer of a thread."""
    voices, lines = _voices_of(stage, scene), scene["posts"]
    posts = [written[thread.pk, number] for number in range(1, len(lines) + 1)]
    for post, line in zip(posts, lines, strict=True):
        _thank(stage, post, line.get("thanks", 0), list(voices.values()), drawn)
        if flag := line.get("flag"):
            at = post.created_at + timedelta(hours=5)
            person = voices[flag["by"]]
            Flag.objects.create(post=post, person=person, reason=flag["reason"], note=flag["note"], created_at=at)
    if accepted := scene.get("accepted"):
        thread.accepted, thread.accepted_at = posts[accepted - 1], posts[accepted - 1].created_at + timedelta(hours=3)
        thread.save(update_fields=["accepted", "accepted_at"])


def _moment(stage: Stage, line: dict[str, Any]) -> datetime:
    return stage.now - timedelta(days=line["at"])


def _post(stage: Stage, thread: Thread, number: int, line: dict[str, Any], voices: dict[str, Person]) -> Post:
    author, text = voices[line["by"]], line["text"].strip()
    html, mentioned = with_mentions(text, place=thread.place, author=author)
    post = Post.objects.create(
        thread=thread,
        number=number,
        author=author,
        text=text,
        html=html,
        html_version=markdown.VERSION,
        created_at=_moment(stage, line),
    )
    for one in mentioned:
        stage.add(Mention(post=post, person=one.person, names=[one.name]))
    if line["at"] * timedelta(days=1) < UNREAD_SINCE:
        told = {"post": post.pk, "title": thread.title}
        people = [one.person for one in mentioned]
        notify(kind="discussion.mention", to=people, context=told, url=post.path, mail=False, key=f"mention:{post.pk}")
    return post


def _thank(stage: Stage, post: Post, count: int, people: list[Person], drawn: random.Random) -> None:
    """As many thanks as the script says, where there are so many people."""
    readers = list({one.pk: one for one in people if one.pk != post.author_id}.values())
    thankful = drawn.sample(readers, min(count, len(readers)))
    for person in thankful:
        stage.add(Thanks(post=post, person=person, at=post.created_at + timedelta(hours=drawn.uniform(0.1, 20))))
    Post.objects.filter(pk=post.pk).update(thanks_count=len(thankful))


def _follow(stage: Stage, learner: Person) -> None:
    """Whoever wrote follows and has read everything; the learner at the door has something left to read."""
    seen: dict[tuple[int, int], Reading] = {}
    for post in Post.objects.filter(thread__place__in=stage.places.values()).select_related("thread"):
        reading = Reading(thread=post.thread, person_id=post.author_id, level=Level.FOLLOW)
        reading.last_read = post.thread.last_number
        seen.setdefault((post.thread_id, post.author_id), reading)
    Reading.objects.bulk_create(seen.values())
    for reading in Reading.objects.filter(person=learner, thread__place__in=stage.places.values()):
        before = Post.objects.filter(thread=reading.thread_id, created_at__lt=stage.now - UNREAD_SINCE)
        reading.last_read = before.count()
        reading.save(update_fields=["last_read"])
