"""`campus index_posts`: make all posts findable anew, after a change of how the search folds texts."""

from typing import Any

from django.core.management.base import BaseCommand

from campus.discussion.search.index import index_all


class Command(BaseCommand):
    help = "Index all posts of the discussion for the search anew. People can go on writing meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{index_all()} posts indexed")
