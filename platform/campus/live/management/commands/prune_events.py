"""Delete events of live streams that are older than so many days."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from campus.live.upkeep import KEEP_EVENTS, prune_events


class Command(BaseCommand):
    help = "Delete events of live streams older than --days; the live process does so every hour by itself."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=KEEP_EVENTS.days)

    def handle(self, *_args: Any, days: int, **_options: Any) -> None:
        self.stdout.write(f"{prune_events(older_than=timedelta(days=days))} events deleted")
