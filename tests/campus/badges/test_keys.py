"""The signing keys: encrypted where they lie, backed up and brought back, changed without harm to what they signed."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from campus.badges import keys
from campus.badges.models import Award, Issuer, IssuerKey
from campus.badges.verification import check_award
from campus.cohorts.models import AuditEntry

pytestmark = pytest.mark.django_db
PASSPHRASE = "four horses on a bridge"


def campus(*arguments: object) -> str:
    out = StringIO()
    call_command("badge", *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE + "\n")
    return file


def test_there_is_one_issuer_with_one_generation_that_signs() -> None:
    issuer = keys.issuer_of_site()
    row, opened = keys.signing_keys(issuer)
    assert keys.issuer_of_site() == issuer
    assert keys.signing_keys(issuer) == (row, opened)
    assert (Issuer.objects.count(), IssuerKey.objects.count()) == (1, 1)
    assert issuer.did == opened.did == "did:web:quest.example.jp"


def test_the_database_alone_opens_no_key(settings: LazySettings) -> None:
    row, _opened = keys.signing_keys(keys.issuer_of_site())
    assert "PRIVATE" not in row.sealed
    settings.BADGE_KEY_SECRET = settings.SECRET_KEY
    with pytest.raises(keys.KeysLocked):
        keys.opened(row)


def test_a_backup_brings_lost_keys_back_and_badges_stay_genuine(
    award: Award, tmp_path: Path, passphrase: Path, settings: LazySettings
) -> None:
    keys.rotate(keys.issuer_of_site(), actor=None)
    file = tmp_path / "keys.json"
    campus("export-keys", file, "--passphrase-file", passphrase)
    assert file.stat().st_mode & 0o077 == 0
    assert "PRIVATE" not in file.read_text()

    settings.BADGE_KEY_SECRET = "of a new machine"
    with pytest.raises(keys.KeysLocked):
        keys.signing_keys(keys.issuer_of_site())
    assert "2 generation(s)" in campus("import-keys", file, "--passphrase-file", passphrase)

    assert [keys.opened(row).name for row in IssuerKey.objects.order_by("number")] == ["key-1", "key-2"]
    assert check_award(award).is_genuine
    assert "0 generation(s)" in campus("import-keys", file, "--passphrase-file", passphrase)


def test_on_a_new_machine_with_an_empty_database_the_keys_come_back_and_sign(tmp_path: Path, passphrase: Path) -> None:
    file = tmp_path / "keys.json"
    campus("export-keys", file, "--passphrase-file", passphrase)
    lost = keys.signing_keys(keys.issuer_of_site())[1].public
    Issuer.objects.get().keys.all().delete()
    Issuer.objects.all().delete()

    assert "1 generation(s)" in campus("import-keys", file, "--passphrase-file", passphrase)

    assert keys.signing_keys(keys.issuer_of_site())[1].public == lost
    recorded = AuditEntry.objects.order_by("pk").values_list("action", "details__count")
    assert list(recorded) == [("issuer.keys_exported", 1), ("issuer.keys_restored", 1)]


def test_a_backup_of_another_site_or_with_another_passphrase_is_refused(tmp_path: Path, passphrase: Path) -> None:
    file = tmp_path / "keys.json"
    campus("export-keys", file, "--passphrase-file", passphrase)
    with pytest.raises(CommandError, match="exists already"):
        campus("export-keys", file, "--passphrase-file", passphrase)

    passphrase.write_text("something else entirely")
    with pytest.raises(CommandError, match="does not open"):
        campus("import-keys", file, "--passphrase-file", passphrase)
    passphrase.write_text(PASSPHRASE)
    Issuer.objects.update(did="did:web:other.example")
    with pytest.raises(CommandError, match=r"backup is of did:web:quest\.example\.jp"):
        campus("import-keys", file, "--passphrase-file", passphrase)
    (tmp_path / "other.json").write_text("{}")
    with pytest.raises(CommandError, match="no backup"):
        campus("import-keys", tmp_path / "other.json", "--passphrase-file", passphrase)


def test_a_short_passphrase_is_refused(tmp_path: Path, passphrase: Path) -> None:
    passphrase.write_text("short")
    with pytest.raises(CommandError, match="at least 12"):
        campus("export-keys", tmp_path / "keys.json", "--passphrase-file", passphrase)


def test_a_sample_verifies_by_the_command_and_a_changed_one_does_not(tmp_path: Path) -> None:
    campus("sample", tmp_path)
    arguments = ("--documents", tmp_path, "--offline")
    assert "genuine" in campus("verify", tmp_path / "credential.json", *arguments)

    document = json.loads((tmp_path / "credential.json").read_text())
    document["name"] = "Doctor"
    (tmp_path / "changed.json").write_text(json.dumps(document))
    with pytest.raises(SystemExit):
        campus("verify", tmp_path / "changed.json", *arguments)


def test_name_and_address_of_the_issuer_are_the_operators() -> None:
    said = campus("issuer", "--name-ja", "学び合い事務局", "--email", "office@quest.example.jp")
    assert "学び合い事務局" in said
    assert AuditEntry.objects.get().details == {"fields": "name_ja, email"}
    issuer = keys.issuer_of_site()
    assert (issuer.name_ja, issuer.email, issuer.did) == (
        "学び合い事務局",
        "office@quest.example.jp",
        "did:web:quest.example.jp",
    )
