"""`campus badge sample` writes what `campus badge verify` finds genuine."""

import json
from pathlib import Path

import pytest

from campus.badges.credentials import command
from campus.badges.credentials.sample import EMAIL


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("badges") / "sample"
    command.sample(made, say=lambda _line: None)
    return made


def found(file: Path, *, documents: Path | None, email: str = "", in_json: bool = False) -> tuple[bool, list[str]]:
    said: list[str] = []
    answer = command.verify_file(
        file, documents=documents, is_offline=True, email=email, in_json=in_json, say=said.append
    )
    return answer, said


@pytest.mark.parametrize(
    "name", ["credential.json", "credential.jwt", "badge.png", "assertion-2.0.json", "badge-2.0.png"]
)
def test_every_file_of_the_sample_is_genuine(folder: Path, name: str) -> None:
    is_genuine, said = found(folder / name, documents=folder, email=EMAIL)

    assert is_genuine
    assert len(said) == 8


def test_the_learner_record_of_the_sample_is_genuine_with_the_badge_in_it(folder: Path) -> None:
    is_genuine, said = found(folder / "record.json", documents=folder, email=EMAIL, in_json=True)
    answer = json.loads(said[0])

    assert is_genuine
    assert [badge["genuine"] for badge in answer["badges"]] == [True]


def test_the_sample_names_the_files_that_integrators_look_for(folder: Path) -> None:
    assert {"credential.json", "credential.jwt", "badge.png", "did.json", "status.json"} <= {
        path.name for path in folder.iterdir()
    }


def test_each_sample_has_keys_of_its_own(folder: Path, tmp_path: Path) -> None:
    command.sample(tmp_path, say=lambda _line: None)

    assert not found(folder / "credential.json", documents=tmp_path)[0]


def test_without_the_issuers_document_nothing_is_confirmed(folder: Path) -> None:
    assert not found(folder / "credential.json", documents=None)[0]


def test_a_changed_file_is_not_genuine_and_says_why_for_programs(folder: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.json"
    changed.write_text((folder / "credential.json").read_text().replace("ケーススタディ修了", "優等"))
    is_genuine, said = found(changed, documents=folder, in_json=True)
    answer = json.loads(said[0])

    assert not is_genuine
    assert answer["genuine"] is False
    assert [check["code"] for check in answer["checks"] if check["ok"] is False] == ["proof.wrong"]


@pytest.mark.parametrize(
    "name",
    ["did:key:z6Mk", "http://badges.example/status/1", "file:///etc/passwd", "nonsense", "https://[", "https://a b/"],
)
def test_only_sound_https_addresses_and_did_web_are_ever_asked(name: str) -> None:
    assert command.fetch(name) is None
