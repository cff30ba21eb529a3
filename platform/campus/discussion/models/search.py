"""What the search reads: posts and titles folded into pairs of characters (search/grams.py)."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from campus.discussion.models.threads import Post, Thread


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
