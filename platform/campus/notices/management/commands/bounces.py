"""Read mails that came back: a mail server pipes them in, or they lie in files."""

import sys
from argparse import FileType
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandParser

from campus.notices.bounces import messages_in, read_report, record_bounce


class Command(BaseCommand):
    help = "Read delivery status notifications (RFC 3464): one message, or an mbox; - is standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=FileType("rb"), metavar="FILE")

    def handle(self, *_args: Any, files: list[BinaryIO], **_options: Any) -> None:
        """Exit with 0 whatever was in it: a mail server would send a refusal to whoever wrote."""
        bounced = others = 0
        for file in files:
            data = getattr(file, "buffer", file).read()  # Standard input comes as text.
            for message in messages_in(data):
                if record_bounce(read_report(message)):
                    bounced += 1
                else:
                    others += 1
            if file is not sys.stdin:
                file.close()
        self.stdout.write(f"{bounced} mails came back, {others} messages were something else")
