"""`campus badge`: keys, issuer and skills for the operator; checking files and writing samples for anybody."""

import getpass
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campus.badges import keys
from campus.badges.credentials import command
from campus.badges.credentials.keys import NotKeys, WrongPassphrase
from campus.badges.skills.entering import NotAFramework, enter

FORMAT = "manabiai-badge-keys-1"
LEAST_PASSPHRASE = 12


class Command(BaseCommand):
    """Verifying and sampling need neither site nor database."""

    help = "Verify badges, write a sample, back up and change the signing keys, enter skills."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        verify = what.add_parser("verify", help="check the badge in a file: JSON, JWT, PNG or SVG")
        verify.add_argument("file", type=Path)
        verify.add_argument("--documents", type=Path, help="folder with did.json and status.json to be used")
        verify.add_argument("--offline", action="store_true", help="ask no network")
        verify.add_argument("--email", default="", help="check also whose it is")
        verify.add_argument("--json", action="store_true", help="answer for programs")
        sample = what.add_parser("sample", help="write a freshly signed sample badge with throw-away keys")
        sample.add_argument("folder", type=Path)
        for name, words in (("export-keys", "write all signing keys"), ("import-keys", "bring signing keys back")):
            one = what.add_parser(name, help=f"{words}, encrypted with a passphrase that is asked for")
            one.add_argument("file", type=Path)
            one.add_argument("--passphrase-file", type=Path, help="read the passphrase from its first line")
        rotate = what.add_parser("rotate-keys", help="sign with new keys from now on")
        rotate.add_argument(
            "--compromised", action="store_true", help="what the old keys signed is not trusted any more"
        )
        issuer = what.add_parser("issuer", help="show who issues, or change name, page and address")
        for field in ("name-ja", "name-en", "url", "email"):
            issuer.add_argument(f"--{field}")
        skills = what.add_parser("skills", help="enter a framework of skills from a TOML file (docs/badges.md)")
        skills.add_argument("file", type=Path)

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        getattr(self, f"_{what.replace('-', '_')}")(options)

    def _verify(self, options: dict[str, Any]) -> None:
        is_genuine = command.verify_file(
            options["file"],
            documents=options["documents"],
            is_offline=options["offline"],
            email=options["email"],
            in_json=options["json"],
            say=self.stdout.write,
        )
        if not is_genuine:
            raise SystemExit(1)

    def _sample(self, options: dict[str, Any]) -> None:
        command.sample(options["folder"], say=self.stdout.write)

    def _export_keys(self, options: dict[str, Any]) -> None:
        """All generations in one file that nobody but the owner reads."""
        issuer = keys.issuer_of_site()
        keys.signing_keys(issuer)
        passphrase = self._passphrase(options, again=True)
        try:
            generations = keys.backup(issuer, passphrase, actor=None)
        except keys.KeysLocked as problem:
            raise CommandError(str(problem)) from problem
        text = json.dumps({"format": FORMAT, "did": issuer.did, "generations": generations}, indent=1)
        try:
            options["file"].touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            raise CommandError(f"{options['file']} exists already; choose another name") from None
        options["file"].write_text(text)
        self.stdout.write(f"{len(generations)} generation(s) of keys of {issuer.did} written to {options['file']}")

    def _import_keys(self, options: dict[str, Any]) -> None:
        try:
            kept = json.loads(options["file"].read_text())
        except (OSError, ValueError) as problem:
            raise CommandError(f"{options['file']} can't be read: {problem}") from problem
        if not isinstance(kept, dict) or kept.get("format") != FORMAT:
            raise CommandError(f"{options['file']} is no backup of badge keys")
        try:
            passphrase = self._passphrase(options)
            count = keys.restore(keys.issuer_of_site(), kept["generations"], passphrase, actor=None)
        except WrongPassphrase:
            raise CommandError("the passphrase does not open the backup") from None
        except (NotKeys, keys.NotThisIssuer) as problem:
            raise CommandError(f"the backup can't be used: {problem}") from problem
        self.stdout.write(f"{count} generation(s) of keys brought back")

    def _passphrase(self, options: dict[str, Any], *, again: bool = False) -> str:
        if options["passphrase_file"]:
            lines = options["passphrase_file"].read_text().splitlines()
            passphrase = lines[0] if lines else ""
        else:
            passphrase = getpass.getpass("Passphrase: ")
            if again and getpass.getpass("Once more: ") != passphrase:
                raise CommandError("the two passphrases differ")
        if again and len(passphrase) < LEAST_PASSPHRASE:
            raise CommandError(f"the passphrase needs at least {LEAST_PASSPHRASE} characters")
        return passphrase

    def _rotate_keys(self, options: dict[str, Any]) -> None:
        made = keys.rotate(keys.issuer_of_site(), actor=None, is_compromised=options["compromised"])
        self.stdout.write(f"badges are signed with {made.name} from now on; back it up: campus badge export-keys FILE")

    def _issuer(self, options: dict[str, Any]) -> None:
        issuer = keys.issuer_of_site()
        given = {name: options[name] for name in ("name_ja", "name_en", "url", "email") if options[name]}
        keys.describe(issuer, actor=None, **given)
        for name in ("did", "name_ja", "name_en", "url", "email"):
            self.stdout.write(f"{name:<8} {getattr(issuer, name)}")

    def _skills(self, options: dict[str, Any]) -> None:
        try:
            entered = enter(options["file"].read_text(encoding="utf-8"))
        except (OSError, NotAFramework) as problem:
            raise CommandError(f"{options['file']}: {problem}") from problem
        self.stdout.write(f"{entered}: {entered.skills.count()} skills")
