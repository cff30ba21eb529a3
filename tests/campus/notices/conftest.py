"""A kind of notices with its texts, a fresh folder for mails, and a mail server that notes what it gets."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from campus.notices import kinds
from campus.notices.kinds import Group, register
from tests.campus.notices.server import MailServer

TEXTS = {
    "invited.subject.txt": "{% load notices %}Come to {{ title|in_language }}\n",
    "invited.txt": "{% load notices %}It begins at {{ starts_at|moment }}. Cost < 5 & fun.\n",
    "vital.subject.txt": "Your place is yours\n",
    "vital.txt": "Nothing to add.\n",
    "secret.subject.txt": "Your key\n",
    "secret.txt": "{{ code }}\n",
}
PARTY = Group("party", "Parties")


@pytest.fixture(autouse=True)
def known_kinds(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    """`test.invited`, which people can switch off, and `test.vital`, which they can't."""
    folder = tmp_path / "texts"
    (folder / "test/notices").mkdir(parents=True)
    for name, text in TEXTS.items():
        (folder / "test/notices" / name).write_text(text)
    settings.TEMPLATES = [{**engine, "DIRS": [folder]} for engine in settings.TEMPLATES]
    monkeypatch.setattr(kinds, "_kinds", {})
    register("test.invited", group=PARTY)
    register("test.code", group=PARTY, is_urgent=True)
    register("test.vital", group=PARTY, is_essential=True)


@pytest.fixture(autouse=True)
def mail_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MAIL_FOLDER = tmp_path / "mail"
    return tmp_path / "mail"


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    """A real SMTP server; mails go there instead of into files."""
    with MailServer() as server:
        settings.MAIL_FOLDER = None
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server
