"""What the search reads: posts and titles folded into pairs of characters (search/grams.py); and searches kept."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.models import Cohort
from campus.discussion.models.threads import Place, Post, Thread, Topic


class SearchText(models.Model):
    """A shown post as the search reads it (search/grams.py); the first post of a thread carries the title too."""

    post = models.OneToOneField(Post, on_delete=models.CASCADE, primary_key=True, related_name="search_text")
    text = models.TextField(help_text="Folded: without differences of width and case")
    pairs = SearchVectorField(help_text="The pairs of neighbouring characters of the text")

    class Meta:
        indexes = [GinIndex(fields=["pairs"], name="search_pairs")]

    def __str__(self) -> str:
        return f"search text of post {self.post_id}"


class SearchTitle(models.Model):
    """The title of a thread, by which similar ones are found."""

    thread = models.OneToOneField(Thread, on_delete=models.CASCADE, primary_key=True, related_name="search_title")
    pairs = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["pairs"], name="search_title_pairs")]

    def __str__(self) -> str:
        return f"search title of thread {self.thread_id}"


class SavedSearch(models.Model):
    """A search that a person keeps: what was asked, and up to which post they have looked at what it finds."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(pgettext_lazy("saved search", "Name"), max_length=60)
    q = models.CharField(max_length=100, blank=True)
    author = models.CharField(max_length=60, blank=True)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, related_name="+")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, null=True, related_name="+")
    accepted = models.BooleanField(default=False)
    seen = models.BigIntegerField(default=0, help_text="Id of the newest post that was there when they last looked")
    in_summary = models.BooleanField(_("Tell me about new posts in the email summary"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["person"], condition=models.Q(in_summary=True), name="saved_search_in_summary")]

    def __str__(self) -> str:
        return self.name

    @property
    def query(self) -> str:
        """The address of its results, from the question mark on."""
        asked = {"q": self.q, "author": self.author, "place": self.place_id, "topic": self.topic_id}
        asked["accepted"] = "on" if self.accepted else ""
        return "?" + urlencode({name: value for name, value in asked.items() if value})
