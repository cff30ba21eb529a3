"""`campus case install PATH` and `campus case list`: the operator's way to put packs on the site."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campus.cases.actions import PackChanged, install_case
from campus.cases.models import CaseVersion, SeedKind
from grader.pack import PackError


class Command(BaseCommand):
    """Installs case packs from the operator's disk and lists what is installed."""

    help = "Install a case pack, or list the installed ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        tasks = parser.add_subparsers(dest="task", required=True)
        install = tasks.add_parser("install", help="check a pack, build its data and install it")
        install.add_argument("path", type=Path, help="folder of the pack, such as exercises/demand-forecasting")
        install.add_argument(
            "--seed-file",
            type=Path,
            help="a secret seed made by `grader new-seed`; a real cohort needs one. Without it: the public demo seed",
        )
        tasks.add_parser("list", help="list the installed versions")

    def handle(self, *_args: Any, task: str, **options: Any) -> None:
        if task == "install":
            self._install(path=options["path"], seed_file=options["seed_file"])
        else:
            self._list()

    def _install(self, *, path: Path, seed_file: Path | None) -> None:
        try:
            version = install_case(source=path, actor=None, seed_file=seed_file)
        except (PackError, PackChanged) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_line(version))
        if version.seed_kind == SeedKind.DEMO:
            self.stdout.write("Its data come from the public demo seed: for demonstrations, not for a real cohort.")

    def _list(self) -> None:
        for version in CaseVersion.objects.order_by("slug", "installed_at"):
            self.stdout.write(_line(version))


def _line(version: CaseVersion) -> str:
    return f"{version.slug} {version.version} ({version.seed_kind} seed) {version.path}"
