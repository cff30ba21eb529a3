"""Every setting that an operator can give, each documented once; bad values are refused at start in words."""

import json
import re
import sys
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]


def _from_root(path: Path) -> Path:
    return path if path.is_absolute() else ROOT / path


def _without_slash(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("must start with http:// or https://")
    return url.rstrip("/")


def _https(url: str) -> str:
    """To the letter; without encryption only on this machine."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"}):
        raise ValueError("must start with https://")
    return url


def _url(url: str) -> str:
    return url and _without_slash(url)


def _postgres(url: str) -> str:
    if url and not url.startswith(("postgres://", "postgresql://")):
        raise ValueError("must be a postgresql:// address (or empty for the embedded server)")
    return url


def _address(address: str) -> str:
    if address and not re.fullmatch(r"[^@\s<>+]+@[^@\s<>]+", address):
        raise ValueError("must be a plain mail address without a plus sign (or empty)")
    return address


class Institution(BaseModel):
    """A university or company whose people sign in with its own accounts, by OpenID Connect."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    key: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]  # in addresses: /accounts/oidc/<key>/login/callback/
    name: Annotated[str, Field(min_length=1, max_length=60)]
    issuer: Annotated[str, AfterValidator(_without_slash)]
    client_id: Annotated[str, Field(min_length=1)]
    client_secret: Annotated[str, Field(min_length=1, repr=False)]
    domains: list[Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]] = []


class LtiPlatform(BaseModel):
    """A learning management system (LMS) that launches this site by LTI 1.3, as its administrator registered it."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    key: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]  # what accounts are known by: never change it
    name: Annotated[str, Field(min_length=1, max_length=60)]
    issuer: Annotated[str, Field(min_length=1)]  # to the letter as the LMS tells it, with its slash or without
    client_id: Annotated[str, Field(min_length=1)]
    auth_url: Annotated[str, AfterValidator(_https)]
    jwks_url: Annotated[str, AfterValidator(_https)]
    deployments: Annotated[list[str], Field(min_length=1)]
    domains: list[Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]] = []


def _distinct_platforms(platforms: list[LtiPlatform]) -> list[LtiPlatform]:
    if len({one.key for one in platforms}) < len(platforms):
        raise ValueError("each LMS needs a key of its own")
    if len({(one.issuer, one.client_id) for one in platforms}) < len(platforms):
        raise ValueError("two LMSs have the same issuer and client_id")
    return platforms


def _from_json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value or "[]")
    except ValueError as error:
        raise ValueError("must be a list in JSON, see docs/operations.md") from error


def _distinct(institutions: list[Institution]) -> list[Institution]:
    if len({one.key for one in institutions}) < len(institutions):
        raise ValueError("each institution needs a key of its own")
    return institutions


class Environment(BaseSettings):
    """The settings, read from environment variables of the same names in capitals."""

    model_config = SettingsConfigDict(extra="ignore", hide_input_in_errors=True)

    port: Annotated[int, Field(ge=1, le=65535)] = Field(8000, description="The one port that browsers use.")
    bind: str = Field("127.0.0.1", description="Address of the network card that PORT listens on; 0.0.0.0 is all.")
    data_dir: Annotated[Path, AfterValidator(_from_root)] = Field(
        Path("var"), description="Where database, files and secrets live; relative to the checkout."
    )
    site_url: Annotated[str, AfterValidator(_url)] = Field(
        "", description="Public address of the site, e.g. https://quest.example.jp. Empty: http://127.0.0.1:PORT."
    )
    database_url: Annotated[str, AfterValidator(_postgres)] = Field(
        "", description="A PostgreSQL 15+ to use instead of the embedded one: postgresql://user:password@host/name."
    )
    secret_key: str = Field(
        "", description="Django's secret key. Empty: made on first start and kept in DATA_DIR/secrets."
    )
    debug: bool = Field(False, description="Show tracebacks in the browser. Never in production.")
    allowed_hosts: Annotated[list[str], NoDecode] = Field(
        default_factory=list, description="Further host names that the site answers to, separated by commas."
    )
    trusted_proxies: Annotated[int, Field(ge=0, le=9)] = Field(
        1, description="How many proxies stand in front and add X-Forwarded-For (the own front proxy counts)."
    )
    web_workers: Annotated[int, Field(ge=1, le=256)] = Field(2, description="Processes that answer pages and API.")
    grading_workers: Annotated[int, Field(ge=1, le=256)] = Field(2, description="Processes that run background jobs.")
    runner: Literal["on", "off"] = Field(
        "on", description="Whether `campus up` starts the runner, which executes models and programs of learners."
    )
    runner_parallel: Annotated[int, Field(ge=1, le=256)] = Field(
        2, description="Submissions that the runner executes at a time, and that each worker gives it at a time."
    )
    runner_socket: Path | None = Field(
        None, description="Where workers reach the runner. Empty: its own place in DATA_DIR/run."
    )
    runner_allow: Annotated[list[str], NoDecode] = Field(
        default_factory=list,
        description="Users besides its own whose workers may use a runner that root starts, separated by commas.",
    )
    runner_python: str = Field(
        "",
        description="Python of the environment that executes submissions. Empty: .venvs/runner (`make envs`) where it "
        "exists, else the site's own.",
    )
    notebooks: Literal["on", "off"] = Field(
        "on", description="Whether there are notebooks: JupyterHub, and a server for each learner who opens one."
    )
    notebook_url: Annotated[str, AfterValidator(_url)] = Field(
        "",
        description="Public address of the notebooks, on another registrable domain than SITE_URL, with a wildcard DNS "
        "entry below it, e.g. https://quest-notebooks.example. Empty: http://nb.localhost:PORT.",
    )
    notebook_spawner: Literal["local", "kubernetes"] = Field(
        "local", description="Where learners' servers run: in sandboxes on this machine, or as pods."
    )
    notebook_servers: Annotated[int, Field(ge=1, le=10_000)] = Field(
        50, description="How many learners' servers run at a time; who comes later is told to wait."
    )
    notebook_memory_mb: Annotated[int, Field(ge=512, le=1_048_576)] = Field(
        4096,
        description="Memory of a learner's server in MB: of all its processes where cgroup v2 can be divided, else the "
        "address space of each of them.",
    )
    notebook_idle_minutes: Annotated[int, Field(ge=5, le=10_080)] = Field(
        60, description="After how many minutes a server that nobody uses ends, also with its page open."
    )
    notebook_home_mb: Annotated[int, Field(ge=50, le=1_048_576)] = Field(
        2048, description="How many MB a learner's home may hold; a server that writes more is stopped."
    )
    notebook_homes: Path | None = Field(
        None, description="Where learners' homes are, and readable copies of the cases' data. Empty: DATA_DIR/homes."
    )
    notebook_network: Literal["site", "open"] = Field(
        "site",
        description="What notebooks reach: the site alone, or whatever this machine reaches (see operations.md).",
    )
    notebook_socket: Path | None = Field(
        None, description="Where the Hub reaches what starts learners' servers. Empty: its own place in DATA_DIR/run."
    )
    notebook_allow: Annotated[list[str], NoDecode] = Field(
        default_factory=list,
        description="Users besides its own whose Hub may have servers started by a root process, separated by commas.",
    )
    hub_database_url: str = Field("", description="The Hub's own database. Empty: a SQLite file in DATA_DIR/hub.")
    hub_client_secret: str = Field(
        "", description="What the Hub signs in to the site's OpenID provider with. Empty: made on first start."
    )
    hub_service_token: str = Field(
        "", description="Bearer token by which the Hub asks the site. Empty: made on first start."
    )
    hub_api_token: str = Field(
        "", description="Token by which the site asks the Hub's REST API. Empty: made on first start."
    )
    oidc_signing_key: str = Field(
        "", description="RSA key (PEM) that signs what the site tells the Hub about people. Empty: made on first start."
    )
    badge_key_secret: str = Field(
        "",
        description="What encrypts the keys that sign badges, in the database. Empty: made on first start.",
    )
    size: Annotated[int, Field(ge=10, le=5000)] = Field(60, description="How many learners the demo has.")
    email_url: str = Field(
        "file", description="'file' keeps mails in DATA_DIR/mail; else smtp://user:password@host:587 or smtps://…:465."
    )
    email_from: str = Field("Manabiai <no-reply@localhost>", description="Sender of mails.")
    mails_per_minute: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        1000, description="Most mails sent in a minute; what somebody waits for (sign-in, passwords) isn't held back."
    )
    bounce_address: Annotated[str, AfterValidator(_address)] = Field(
        "",
        description="Where undeliverable mails go back to, e.g. bounces@quest.example.jp: its mail server must take "
        "bounces+anything@ too and pipe them into `campus bounces -`. Empty: the sender's address.",
    )
    sign_up: Literal["open", "closed"] = Field("open", description="Whether anybody may create an account.")
    second_factor: Literal["optional", "organisers"] = Field(
        "optional", description="Whether organisers must use a passkey or an authenticator app."
    )
    institutions: Annotated[list[Institution], NoDecode, BeforeValidator(_from_json), AfterValidator(_distinct)] = (
        Field(
            default_factory=list,
            description="Institutions whose people sign in by OpenID Connect, as a JSON list (see operations.md).",
        )
    )
    lti_platforms: Annotated[
        list[LtiPlatform], NoDecode, BeforeValidator(_from_json), AfterValidator(_distinct_platforms)
    ] = Field(
        default_factory=list,
        description="Learning management systems that launch the site by LTI 1.3, as a JSON list (see connecting.md).",
    )
    lti_signing_key: str = Field(
        "", description="RSA key (PEM) of this site as an LTI tool. Empty: made on first start."
    )
    upload_limit_mb: Annotated[int, Field(ge=1, le=1024)] = Field(
        32, description="Largest upload in MB that the site reads; a case may set less."
    )
    metrics_token: str = Field("", description="Bearer token for /metrics. Empty: /metrics is off.")
    log_format: Literal["json", "console"] = Field("json", description="How log lines look.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="Least important line logged.")

    @model_validator(mode="after")
    def _notebooks_apart(self) -> Self:
        if urlsplit(self.public_url()).hostname == urlsplit(self.public_notebook_url()).hostname:
            raise ValueError("NOTEBOOK_URL needs another host name than SITE_URL: notebooks must not get its cookies")
        return self

    def public_url(self) -> str:
        """The address of the site without a slash at its end."""
        return self.site_url or f"http://127.0.0.1:{self.port}"

    def public_notebook_url(self) -> str:
        """The address of the notebooks without a slash at its end; each learner's server has a host name below it."""
        return self.notebook_url or f"http://nb.localhost:{self.port}"


def _place(location: tuple[int | str, ...]) -> str:
    """The setting that an error is about; none where two of them don't go together."""
    return f"{'.'.join(map(str, location)).upper()}: " if location else ""


def read_environment() -> Environment:
    """Read the settings or end the program with a list of what is wrong."""
    try:
        environment = Environment()
    except ValidationError as error:
        lines = [f"  {_place(e['loc'])}{e['msg']}" for e in error.errors()]
    else:
        return environment
    sys.exit("Manabiai can't start, these settings are wrong:\n" + "\n".join(lines) + "\nSee docs/settings.md.")
