"""`campus scim`: tokens by which institutions' systems keep their people's accounts."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campus.scim.models import ScimToken
from campus.scim.tokens import institution_named, make_token, revoke_token


class Command(BaseCommand):
    help = "Make, list and revoke SCIM tokens of institutions (docs/connecting.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        make = what.add_parser("make", help="make a token and show it once")
        make.add_argument("institution", help="its key in INSTITUTIONS")
        make.add_argument("--days", type=int, default=365, help="how long it is good (default: 365)")
        what.add_parser("list", help="list the tokens")
        revoke = what.add_parser("revoke", help="take a token back for good")
        revoke.add_argument("number", type=int)

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        getattr(self, f"_{what}")(options)

    def _make(self, options: dict[str, Any]) -> None:
        institution = institution_named(options["institution"])
        if institution is None:
            raise CommandError(f"INSTITUTIONS has no {options['institution']!r}.")
        if not institution.domains:
            raise CommandError(f"{institution.key} speaks for no domains: there is nobody it could keep.")
        if options["days"] < 1:
            raise CommandError("--days has to be 1 or more.")
        token, raw = make_token(institution=institution.key, life=timedelta(days=options["days"]))
        self.stdout.write(f"Token {token.pk}, good until {token.expires_at:%F}. It is shown this once:\n{raw}")

    def _list(self, _options: dict[str, Any]) -> None:
        for one in ScimToken.objects.order_by("pk"):
            state = "revoked" if one.revoked_at else f"until {one.expires_at:%F}"
            used = f"{one.last_used_at:%F %H:%M}" if one.last_used_at else "never"
            self.stdout.write(f"{one.pk}  {one.institution}  {one.beginning}…  {state}  used: {used}")

    def _revoke(self, options: dict[str, Any]) -> None:
        token = ScimToken.objects.filter(pk=options["number"]).first()
        if token is None:
            raise CommandError(f"There is no token {options['number']}.")
        revoke_token(token=token)
        self.stdout.write(f"Token {token.pk} was revoked.")
