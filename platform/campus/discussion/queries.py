"""Lists of threads and the posts of one, each in a number of queries that doesn't grow with their length."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.paginator import Page
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from campus.cohorts.models import Cohort
from campus.discussion.models import (
    POSTS_ON_PAGE,
    Level,
    Mention,
    Place,
    PlaceKind,
    Post,
    Reading,
    Signpost,
    Thanks,
    Thread,
    ThreadKind,
)
from campus.discussion.names import Speaker, speakers_in
from campus.discussion.places import readable_places
from campus.people.models import Person

THREADS_ON_PAGE = 30
NEWEST = 5
_ALL_OF_IT = 2**31 - 1  # posts
# More than this is said as “99+”: nobody counts on.
MOST_COUNTED = 100
# Of everything new so many stand on the list, found among so many threads with the latest posts: what it costs grows
# neither with the threads of a cohort nor with what somebody has read.
MOST_NEW, LOOKED_THROUGH = 300, 1_000

WHOLE_THREAD = [
    f"place__{row}" for row in ("cohort", "study_class", "team", "submission__step", "step__cohort_case__case_version")
]


def whole_threads() -> QuerySet[Thread]:
    """Threads with what their lines, names and addresses need."""
    return Thread.objects.select_related("topic", "accepted", *WHOLE_THREAD)


def threads_for(person: Person, cohort: Cohort) -> QuerySet[Thread]:
    """The threads of the cohort that the person may read, the liveliest first."""
    # The places' ids instead of a subquery: the planner then walks the newest threads and stops after a page.
    places = list(readable_places(person).filter(cohort=cohort).values_list("pk", flat=True))
    return Thread.objects.filter(place__in=places, hidden_at=None).order_by("-last_post_at", "-pk")


def threads_in(place: Place) -> QuerySet[Thread]:
    """The threads of a place, the liveliest first; whoever asks may read there."""
    return Thread.objects.filter(place=place, hidden_at=None).order_by("-last_post_at", "-pk")


def open_questions(threads: QuerySet[Thread]) -> QuerySet[Thread]:
    """Questions that nothing has been marked to answer."""
    return threads.filter(kind=ThreadKind.QUESTION, accepted=None)


# --- what is unread ---


def unread_threads(person: Person) -> QuerySet[Thread]:
    """Threads in all cohorts that the person follows or is mentioned in, with posts not read yet."""
    followed = Reading.objects.filter(person=person, level=Level.FOLLOW, last_read__lt=F("thread__last_number"))
    wanted = followed.order_by().values("thread").union(_unread_mentions(person).order_by().values("post__thread"))
    return Thread.objects.filter(pk__in=wanted, hidden_at=None, place__in=readable_places(person))


def new_threads(person: Person, *, most: int) -> list[Thread]:
    """Threads where the person reads and has not opened since the latest post, unless muted; the newest first.

    In steps, each bounded: in one statement the planner would read all threads of the site.
    """
    places = list(readable_places(person).values_list("pk", flat=True))  # As in threads_for
    threads = Thread.objects.filter(place__in=places, hidden_at=None, last_post_at__gte=person.date_joined)
    latest = list(threads.order_by("-last_post_at", "-pk").values_list("pk", flat=True)[:LOOKED_THROUGH])
    done = Reading.objects.filter(person=person, thread__in=latest)
    done = done.filter(Q(level=Level.MUTE) | Q(last_read__gte=F("thread__last_number")))
    seen = set(done.values_list("thread", flat=True))
    new = [pk for pk in latest if pk not in seen][:most]
    found = Thread.objects.in_bulk(new)
    return [found[pk] for pk in new if pk in found]


def _unread_mentions(person: Person) -> QuerySet[Mention]:
    """Whoever mutes a thread has done with all of it. Looked up mention by mention: a person has read thousands."""
    done = Case(When(level=Level.MUTE, then=Value(_ALL_OF_IT)), default=F("last_read"), output_field=IntegerField())
    reading = Reading.objects.filter(person=person, thread=OuterRef("post__thread")).values(done=done)[:1]
    mentions = Mention.objects.filter(person=person, was_read=False, post__deleted_at=None, post__hidden_at=None)
    mentions = mentions.annotate(_done=Subquery(reading))
    return mentions.filter(Q(_done=None) | Q(_done__lt=F("post__number")))


def unread_count(person: Person) -> int:
    """In how many threads something waits for the person, up to MOST_COUNTED; one query."""
    return unread_threads(person).order_by()[:MOST_COUNTED].count()


def unread_at_once(person: Person) -> list[Thread]:
    """The same threads themselves, for a page that shows them in several ways; the newest first; one query."""
    return list(unread_threads(person).select_related("place").order_by("-last_post_at", "-pk")[:MOST_COUNTED])


def in_steps(threads: Iterable[Thread]) -> dict[int, tuple[int, int]]:
    """As ``unread_in_steps``, of threads that were read already."""
    places = Counter((one.place.step_id, one.place_id) for one in threads if one.place.kind == PlaceKind.STEP)
    return {step: (place, count) for (step, place), count in places.items() if step}


def unread_in_places(person: Person, cohort: Cohort) -> dict[int, int]:
    """The same by place of one cohort."""
    threads = unread_threads(person).filter(place__cohort=cohort).order_by()
    return dict(threads.values_list("place").annotate(Count("pk")))


def unread_in_steps(person: Person) -> dict[int, tuple[int, int]]:
    """The same by step, in all cohorts: the step's place and how many threads."""
    threads = unread_threads(person).filter(place__kind=PlaceKind.STEP).order_by()
    rows = threads.values_list("place__step", "place").annotate(Count("pk"))
    return {step: (place, count) for step, place, count in rows}


# --- lines of lists ---


class Mark(StrEnum):
    """In which words a list says that something of a thread was not seen."""

    UNREAD = "unread"  # Followed, or mentioning the reader: it stands on the list of what is unread.
    NEW = "new"  # Never opened.
    MORE = "more"  # Opened before, not followed.
    NONE = ""  # Muted.


@dataclass(frozen=True)
class Line:
    """A thread in a list, as its reader sees it."""

    thread: Thread
    author: Speaker | None
    unread: int
    is_new: bool
    is_mentioned: bool
    level: str

    @property
    def mark(self) -> Mark:
        """The words for what was not seen of it, now or as soon as more comes."""
        if self.level == Level.FOLLOW or self.is_mentioned:
            return Mark.UNREAD
        if self.level == Level.MUTE:
            return Mark.NONE
        return Mark.NEW if self.is_new else Mark.MORE


def lines_of(threads: Iterable[Thread], *, reader: Person, with_authors: bool = True) -> list[Line]:
    """The threads with what is unread of them, in one query and one more for each cohort's names.

    What their lines need is read here, for those that are shown: joined in the lists' queries, it would be read of all.
    """
    ids = [one.pk for one in threads]
    if not ids:
        return []
    readings = Reading.objects.filter(person=reader, thread=OuterRef("pk"))
    shown = whole_threads().annotate(
        read_up_to=Subquery(readings.values("last_read")),
        read_as=Subquery(readings.values("level")),
        is_mentioning=Exists(_unread_mentions(reader).filter(post__thread=OuterRef("pk"))),
    )
    whole = shown.in_bulk(ids)
    speakers = _authors_of(whole.values()) if with_authors else {}
    return [_line(whole[pk], speakers) for pk in ids]


def _authors_of(threads: Collection[Thread]) -> dict[tuple[int, int], Speaker]:
    """By cohort and person: who began the threads, as they appear there."""
    found: dict[tuple[int, int], Speaker] = {}
    for cohort in {one.place.cohort_id for one in threads}:
        authors = speakers_in(cohort, [one.author_id for one in threads if one.place.cohort_id == cohort])
        found |= {(cohort, pk): speaker for pk, speaker in authors.items()}
    return found


def _line(thread: Any, speakers: dict[tuple[int, int], Speaker]) -> Line:
    """Of a thread as ``lines_of`` reads it."""
    return Line(
        thread=thread,
        author=speakers.get((thread.place.cohort_id, thread.author_id)),
        unread=max(0, thread.last_number - (thread.read_up_to or 0)),
        is_new=thread.read_up_to is None,
        is_mentioned=thread.is_mentioning,
        level=thread.read_as or Level.PLAIN,
    )


def lines_on(page: Page[Thread], *, reader: Person, with_authors: bool = True) -> Page[Thread]:
    """Put the lines of its threads on a page."""
    page.object_list = lines_of(page.object_list, reader=reader, with_authors=with_authors)  # type: ignore[assignment]
    return page


# --- the posts of a thread ---


@dataclass
class PostLine:
    """A post as its reader sees it."""

    post: Post
    author: Speaker
    is_own: bool
    has_thanked: bool = False
    is_mentioned: bool = False
    is_first_unread: bool = False
    attachments: list[dict[str, object]] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.post.number


@dataclass(frozen=True)
class MovedLine:
    """Where neighbouring posts stood that are in another thread now; the first one's address leads there."""

    first: int
    number: int  # of the last
    is_moved = True


@dataclass(frozen=True)
class PostPage:
    """So many posts of a thread; numbers have no holes, so a page needs no counting."""

    number: int
    lines: list[PostLine | MovedLine]
    last: int

    @property
    def is_last(self) -> bool:
        return self.number == self.last

    @property
    def first_unread(self) -> int:
        """Number of the first post that its reader has not seen; 0 where all was read, or nothing."""
        return next((one.number for one in self.lines if isinstance(one, PostLine) and one.is_first_unread), 0)

    @property
    def end(self) -> int:
        """Number of the last post shown."""
        return self.lines[-1].number if self.lines else 0


def posts_on(thread: Thread, number: int) -> list[Post]:
    """The posts of a page of the thread with their files, in two queries."""
    first = (number - 1) * POSTS_ON_PAGE
    posts = Post.objects.filter(thread=thread, number__gt=first, number__lte=first + POSTS_ON_PAGE).order_by("number")
    found = list(posts.prefetch_related("attachments"))
    for post in found:
        post.thread = thread
    return found


def moved_from(thread: Thread, number: int, posts: Sequence[Post]) -> list[MovedLine]:
    """Where posts of a page of the thread were moved away; one query where there are such, none elsewhere."""
    first = (number - 1) * POSTS_ON_PAGE + 1
    end = min(first + POSTS_ON_PAGE - 1, thread.last_number)
    if len(posts) == end - first + 1:
        return []
    signposts = Signpost.objects.filter(thread=thread, number__range=(first, end)).order_by("number")
    lines: list[MovedLine] = []
    last_thread = 0
    for at, now in signposts.values_list("number", "post__thread"):
        if lines and lines[-1].number == at - 1 and last_thread == now:
            lines[-1] = MovedLine(lines[-1].first, at)
        else:
            lines.append(MovedLine(at, at))
        last_thread = now
    return lines


def thanked_by(person: Person, posts: Sequence[Post]) -> set[int]:
    """Ids of the posts that the person has thanked for."""
    return set(Thanks.objects.filter(person=person, post__in=posts).values_list("post", flat=True))


def mentioning(person: Person, posts: Sequence[Post]) -> set[int]:
    """Ids of the posts that name the person."""
    return set(Mention.objects.filter(person=person, post__in=posts).values_list("post", flat=True))
