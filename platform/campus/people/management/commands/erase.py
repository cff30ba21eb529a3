"""`campus erase ID…`: erase people again after a backup was restored that still had them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campus.people.erasure import erase
from campus.people.models import Person


class Command(BaseCommand):
    help = "Erase the persons with these numbers at once, without the two weeks; the log tells who was erased."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", nargs="+", type=int, metavar="ID")

    def handle(self, *args: Any, ids: list[int], **options: Any) -> None:
        people = Person.objects.in_bulk(ids)
        if missing := sorted(set(ids) - people.keys()):
            raise CommandError(f"There is nobody with the number {', '.join(map(str, missing))}; nobody was erased.")
        for person in people.values():
            erase(person=person)
        self.stdout.write(f"{len(people)} erased.")
