"""Which site, and as whom: from arguments, else the environment, else the file that `manabiai login` wrote."""

import json
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

import httpx

from manabiai.errors import SettingsError
from manabiai.words import Language, say


@dataclass(frozen=True)
class Settings:
    """An address without a slash at its end, and a personal token."""

    url: str
    token: str


def config_path() -> Path:
    """The file of `manabiai login`, where the system keeps such files."""
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "manabiai" / "config.json"


def cache_folder() -> Path:
    """Where downloads are kept."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "manabiai"


def find_settings(*, url: str | None, token: str | None, language: Language) -> Settings:
    """Complete what is not given. Raises SettingsError when address or token can't be found.

    The kept token is sent to the kept address only: an address given by hand needs its own token.
    """
    url = url or os.environ.get("MANABIAI_URL")
    token = token or os.environ.get("MANABIAI_TOKEN")
    if not url or not token:
        kept = read_config(language)
        kept_url, kept_token = kept.get("url"), kept.get("token")
        url = url or kept_url
        if not token and url and kept_url and clean_url(url, language) == kept_url:
            token = kept_token
    if not url:
        raise SettingsError(say("no_url", language))
    if not token:
        raise SettingsError(say("no_token", language))
    return Settings(clean_url(url, language), clean_token(token, language))


def clean_url(url: str, language: Language) -> str:
    """The address without spaces and slashes at its end. Raises SettingsError when it is none."""
    cleaned = url.strip().rstrip("/")
    try:
        read = httpx.URL(cleaned)
    except httpx.InvalidURL:
        read = httpx.URL()
    if read.scheme not in ("http", "https") or not read.host or "%" in read.host:
        raise SettingsError(say("bad_url", language, url=url))
    return cleaned


def clean_token(token: str, language: Language) -> str:
    """The token without spaces around it. Raises SettingsError where no token looks so; more knows only the site."""
    cleaned = token.strip()
    if not cleaned or not all("!" <= character <= "~" for character in cleaned):
        raise SettingsError(say("bad_token", language))
    return cleaned


def read_config(language: Language) -> dict[str, str]:
    """What `manabiai login` kept; empty when there is nothing. Raises SettingsError when others can read it."""
    path = config_path()
    try:
        if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SettingsError(say("config_open", language, path=path))
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {name: str(kept[name]) for name in ("url", "token")}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError):
        raise SettingsError(say("config_broken", language, path=path)) from None


def write_config(settings: Settings) -> Path:
    """Keep address and token in a file that only this user can read. Raises OSError."""
    path = config_path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)  # Made with mode 0600, before anything is written.
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"url": settings.url, "token": settings.token}, file)
    Path(name).replace(path)
    return path
