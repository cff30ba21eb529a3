"""Where the client takes address and token from, and how it keeps them."""

import json
from pathlib import Path

import pytest

from manabiai import SettingsError
from manabiai.settings import Settings, config_path, find_settings, write_config
from manabiai.words import CATALOGUE, default_language, table

KEPT = Settings("https://kept.example", "mnb_kept")


def found(url: str | None = None, token: str | None = None) -> Settings:
    return find_settings(url=url, token=token, language="en")


def test_arguments_come_before_the_environment_and_that_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write_config(KEPT)
    assert found() == KEPT
    monkeypatch.setenv("MANABIAI_URL", "https://environment.example/")
    monkeypatch.setenv("MANABIAI_TOKEN", "mnb_environment")
    assert found() == Settings("https://environment.example", "mnb_environment")
    assert found("http://127.0.0.1:8000/", " mnb_given\n") == Settings("http://127.0.0.1:8000", "mnb_given")


def test_a_kept_token_is_never_sent_elsewhere() -> None:
    write_config(KEPT)
    assert found("https://kept.example/").token == "mnb_kept"
    with pytest.raises(SettingsError, match="no personal token"):
        found("https://other.example")


def test_the_file_is_the_users_alone() -> None:
    write_config(KEPT)
    path = write_config(Settings("https://newer.example", "mnb_newer"))
    assert path == config_path()
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["config.json"]
    assert json.loads(path.read_text()) == {"url": "https://newer.example", "token": "mnb_newer"}


def test_a_file_open_to_others_is_refused() -> None:
    write_config(KEPT).chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        found()


@pytest.mark.parametrize("content", ["", "[]", '{"url": 1}', "nonsense"])
def test_a_broken_file_is_told(content: str, home: Path) -> None:
    write_config(KEPT).write_text(content)
    with pytest.raises(SettingsError, match="can’t be read"):
        found()


def test_nothing_known_is_told_with_the_way_out() -> None:
    with pytest.raises(SettingsError, match="manabiai login"):
        found()
    with pytest.raises(SettingsError, match="account settings"):
        found("https://site.example")


@pytest.mark.parametrize(
    "url", ["site.example", "ftp://site.example", "https://", "javascript:alert(1)", "http://[", "http://a b"]
)
def test_what_is_no_address_is_told(url: str) -> None:
    with pytest.raises(SettingsError, match="is not the address of a site"):
        found(url, "mnb_x")


@pytest.mark.parametrize("token", ["ここに貼り付け", "mnb_a b", "mnb_a\nmnb_b", " \n"])
def test_what_is_no_token_is_told_and_not_repeated(token: str) -> None:
    with pytest.raises(SettingsError, match="beginning with mnb_") as told:
        found("https://site.example", token)
    assert token.strip() == "" or token not in str(told.value)


@pytest.mark.parametrize(("locale", "language"), [("en_GB.UTF-8", "en"), ("ja_JP.UTF-8", "ja"), ("C.UTF-8", "ja")])
def test_the_language_follows_the_locale(monkeypatch: pytest.MonkeyPatch, locale: str, language: str) -> None:
    monkeypatch.delenv("MANABIAI_LANGUAGE")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANG", locale)
    assert default_language() == language


def _names(text: str) -> set[str]:
    return {part.split("}")[0] for part in text.split("{")[1:]}


def test_every_text_is_there_in_both_languages() -> None:
    assert {key for key, texts in CATALOGUE.items() if set(texts) != {"ja", "en"} or not all(texts.values())} == set()
    assert {key for key, texts in CATALOGUE.items() if _names(texts["ja"]) != _names(texts["en"])} == set()


def test_wide_characters_keep_columns_straight() -> None:
    lines = table(["順位", "x"], [["1", "y"], ["100000", "z"]]).splitlines()
    assert lines == ["順位    x", "------  -", "1       y", "100000  z"]
