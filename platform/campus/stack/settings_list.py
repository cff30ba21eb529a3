"""The list of settings, for people: on the screen and as docs/settings.md."""

from campus.environment import Environment

_SECRET = {
    "secret_key", "database_url", "email_url", "metrics_token", "institutions",
    "hub_database_url", "hub_client_secret", "hub_service_token", "hub_api_token",
    "oidc_signing_key", "lti_signing_key",
}  # fmt: skip
_HEAD = """# Settings

Every setting is an environment variable. All have a default that suits `make run`; a wrong value stops the start and is
named with its reason. This file is written by `campus settings --markdown`; `make check` fails when it is out of date.

| variable | default | meaning |
|---|---|---|
"""


def as_markdown() -> str:
    """Return docs/settings.md."""
    rows = []
    for name, field in Environment.model_fields.items():
        default = field.get_default(call_default_factory=True, validated_data={})
        rows.append(f"| `{name.upper()}` | {_code(default)} | {field.description} |\n")
    return _HEAD + "".join(rows)


def as_text(environment: Environment) -> str:
    """Return the values in force, a line each; secrets are only told to be set."""
    lines = []
    for name in Environment.model_fields:
        value = getattr(environment, name)
        shown = ("(set)" if value else "(empty)") if name in _SECRET else value
        lines.append(f"{name.upper()}={','.join(shown) if isinstance(shown, list) else shown}\n")
    return "".join(lines)


def _code(value: object) -> str:
    text = ",".join(value) if isinstance(value, list) else str(value)
    return f"`{text}`" if text else "(empty)"
