"""Where people talk and what they say there.

A thread's posts are numbered from 1 without holes, in the order of their commits: "read up to 34" is all that is kept
of a reader, so a post costs the same however many follow the thread. A post that is moved leaves a signpost behind.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cases.models import Step
from campus.cohorts.models import Cohort, StudyClass, Titled
from campus.deliverables.models import Exhibit
from campus.submissions.models import Submission
from campus.teams.models import Team

LONGEST_POST = 10_000  # characters
LONGEST_TITLE = 120
POSTS_ON_PAGE = 50


class PlaceKind(models.TextChoices):
    """What a thread is about; who may read and write follows from it (places.py)."""

    COHORT = "cohort", pgettext_lazy("talk of", "Whole cohort")
    CLASS = "class", pgettext_lazy("talk of", "Class")
    STEP = "step", pgettext_lazy("talk of", "Step")
    TEAM = "team", pgettext_lazy("talk of", "Team")
    SUBMISSION = "submission", pgettext_lazy("talk of", "Submission")
    EXHIBIT = "exhibit", pgettext_lazy("talk of", "Shared work")


def _names_one_row() -> Q:
    """The place names the row of its kind and no other."""
    rows = ["study_class", "step", "team", "submission", "exhibit"]
    named = {PlaceKind.CLASS: "study_class", PlaceKind.STEP: "step"}
    named |= {PlaceKind.TEAM: "team", PlaceKind.SUBMISSION: "submission", PlaceKind.EXHIBIT: "exhibit"}
    condition = Q()
    for kind in PlaceKind:
        own = {f"{row}__isnull": row != named.get(kind) for row in rows}
        condition |= Q(kind=kind.value, **own)
    return condition


class Place(models.Model):
    """A cohort, class, step, team, submission or shared work as somewhere to talk; made when somebody first looks."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="places")
    kind = models.CharField(max_length=12, choices=PlaceKind)
    study_class = models.OneToOneField(StudyClass, on_delete=models.CASCADE, null=True, related_name="place")
    step = models.OneToOneField(Step, on_delete=models.CASCADE, null=True, related_name="place")
    team = models.OneToOneField(Team, on_delete=models.CASCADE, null=True, related_name="place")
    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, null=True, related_name="place")
    exhibit = models.OneToOneField(Exhibit, on_delete=models.CASCADE, null=True, related_name="place")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort"], condition=Q(kind="cohort"), name="place_of_cohort_once"),
            models.CheckConstraint(condition=_names_one_row(), name="place_names_one_row"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def stream(self) -> str:
        """New threads and posts of the place, for its lists."""
        return f"talk:{self.pk}"

    @property
    def path(self) -> str:
        return reverse("discussion:place", args=[self.cohort.slug, self.pk])


class Topic(Titled):
    """What threads of a cohort can be sorted by; its organisers keep a small set."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="topics")
    position = models.PositiveSmallIntegerField(_("Position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["cohort", "title_ja"], name="topic_title_unique_in_cohort")]


class ThreadKind(models.TextChoices):
    QUESTION = "question", pgettext_lazy("thread", "Question")
    TALK = "talk", pgettext_lazy("thread", "Talk")


class Thread(models.Model):
    """A conversation with a title. ``last_number`` is how many posts were ever written in it."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="threads")
    topic = models.ForeignKey(Topic, on_delete=models.SET_NULL, null=True, blank=True, related_name="threads")
    kind = models.CharField(max_length=10, choices=ThreadKind, default=ThreadKind.QUESTION)
    title = models.CharField(_("Title"), max_length=LONGEST_TITLE)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="threads")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_number = models.PositiveIntegerField(default=0)
    last_post_at = models.DateTimeField(default=timezone.now)
    accepted = models.OneToOneField(
        "Post", on_delete=models.SET_NULL, null=True, related_name="answers", help_text="What answered the question"
    )
    accepted_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField(null=True, help_text="Since when only moderators write")
    hidden_at = models.DateTimeField(null=True, help_text="Since when only moderators read")
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        related_name="merged",
        help_text="Where its posts are now; what was merged is hidden for good and leads there",
    )
    offered_at = models.DateTimeField(
        null=True, help_text="When a question without an answer was offered to able people"
    )

    class Meta:
        indexes = [
            models.Index(fields=["place", "-last_post_at"]),
            models.Index(fields=["-last_post_at"]),
            models.Index(
                fields=["created_at"], condition=Q(kind="question", accepted=None), name="thread_open_question"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def cohort(self) -> Cohort:
        return self.place.cohort

    @property
    def is_question(self) -> bool:
        return self.kind == ThreadKind.QUESTION

    @property
    def is_answered(self) -> bool:
        return self.accepted_id is not None

    @property
    def stream(self) -> str:
        return f"thread:{self.pk}"

    @property
    def path(self) -> str:
        return reverse("discussion:thread", args=[self.cohort.slug, self.pk])

    def page_of(self, number: int) -> int:
        """On which page a post stands."""
        return max(0, number - 1) // POSTS_ON_PAGE + 1


class Post(models.Model):
    """One contribution. ``html`` is what ``text`` was rendered to by ``markdown.VERSION``, safe to show as it is."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="posts")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts")
    text = models.TextField(pgettext_lazy("post", "Text"), max_length=LONGEST_POST)
    html = models.TextField()
    html_version = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True, help_text="Since when only a tombstone stands here")
    hidden_at = models.DateTimeField(null=True, help_text="Since when only moderators read it")
    thanks_count = models.PositiveIntegerField(default=0)
    request_key = models.UUIDField(null=True, help_text="Idempotency key: the same one is written once")

    # True only on what was written just now, and not found again by its request key.
    is_new = False

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "number"], name="post_number_unique_in_thread"),
            models.UniqueConstraint(
                fields=["author", "request_key"], condition=Q(request_key__isnull=False), name="one_post_per_request"
            ),
        ]
        indexes = [models.Index(fields=["author", "-created_at"])]

    def __str__(self) -> str:
        return f"post {self.number} of thread {self.thread_id}"

    @property
    def is_shown(self) -> bool:
        """Whether everybody who may read the thread reads its text."""
        return self.deleted_at is None and self.hidden_at is None

    @property
    def path(self) -> str:
        return reverse("discussion:post", args=[self.thread.cohort.slug, self.thread_id, self.number])


class Signpost(models.Model):
    """Where a post stood before it was moved to another thread. The number is never given away again."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="signposts")
    number = models.PositiveIntegerField()
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="signposts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "number"], name="signpost_number_unique_in_thread")]

    def __str__(self) -> str:
        return f"signpost {self.number} of thread {self.thread_id}"


class Revision(models.Model):
    """What a post said before it was edited."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="revisions")
    text = models.TextField()
    written_at = models.DateTimeField(help_text="Since when it said so")

    class Meta:
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return f"revision of post {self.post_id}"


class Attachment(models.Model):
    """A file of a post; its bytes lie by their digest (ui/files.py)."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    file = models.FileField(upload_to="unused", max_length=200)
    size = models.PositiveIntegerField(help_text="Bytes")
    content_type = models.CharField(max_length=100, help_text="As the content showed, not as the browser said")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")


class Thanks(models.Model):
    """A reader's mark that a post helped."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="thanks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="thanks_given")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "person"], name="thanked_once")]

    def __str__(self) -> str:
        return f"thanks of {self.person_id} for post {self.post_id}"


class Mention(models.Model):
    """Somebody is named in a post; unread as long as the post is."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions")
    names = models.JSONField(default=list, help_text="Every name under which the post, now or earlier, calls them")
    was_read = models.BooleanField(default=False, help_text="Read where the post stood before it was moved")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "person"], name="mentioned_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in post {self.post_id}"
