"""Streams, their numbered events, hints that wait to be told, the pulse of the live processes, and who is there."""

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Stream(models.Model):
    """A line of events that browsers follow. Its row is locked while a number is taken."""

    # The C collation makes PostgreSQL's order of keys the same as Python's; locks are taken in that order.
    key = models.CharField(max_length=60, unique=True, db_collation="C")
    seq = models.BigIntegerField(default=0, help_text="Number of the latest event.")
    pruned = models.BigIntegerField(default=0, help_text="Events up to this number have been deleted.")

    def __str__(self) -> str:
        return self.key


class Event(models.Model):
    """Something that happened in a stream. Numbers have no holes and grow in the order of commits."""

    pk = models.CompositePrimaryKey("stream_id", "seq")
    stream = models.ForeignKey(Stream, on_delete=models.CASCADE, related_name="events")
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.stream_id}/{self.seq} {self.kind}"


class Hint(models.Model):
    """An event that may be told later together with others of its kind; a plain insert that locks nothing."""

    key = models.CharField(max_length=60, db_collation="C")
    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    every = models.DurationField(help_text="Least time between two events of this kind in this stream.")

    class Meta:
        indexes = [models.Index(fields=["key", "kind"])]

    def __str__(self) -> str:
        return f"{self.key} {self.kind}"


class Pulse(models.Model):
    """When a live process last said that it listens."""

    process = models.CharField(max_length=120, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.process


class Here(models.Model):
    """The people who follow a stream at one live process, as it said a few seconds ago. An unlogged table."""

    process = models.CharField(max_length=120)
    key = models.CharField(max_length=60)
    people = ArrayField(models.BigIntegerField())
    at = models.DateTimeField()

    class Meta:
        db_table = "live_presence"
        indexes = [models.Index(fields=["key"], name="live_presen_key_idx")]

    def __str__(self) -> str:
        return f"{self.key} at {self.process}"
