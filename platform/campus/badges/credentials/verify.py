"""Is this badge genuine? Named checks with an answer each, for a page, a command or a program."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from campus.badges.credentials import checks, hosted, record_checks
from campus.badges.credentials.checks import Failed, Passed, Resolver
from campus.badges.credentials.did import PublicKey
from campus.badges.credentials.facts import Document
from campus.badges.credentials.jwt import NotGenuine, credential_in, header_of, payload_of, verify_jwt
from campus.badges.credentials.reading import Unreadable, read

NAMES = ["structure", "context", "proof", "issuer", "time", "status", "recipient"]
_NEEDED = {"structure", "context", "proof", "issuer", "time"}
# What stays true of a badge that was issued honestly, also when it has expired or was revoked.
SIGNED = {"structure", "context", "proof", "issuer"}


@dataclass(frozen=True)
class Check:
    """One question. ``ok`` is None where it was not asked; ``code`` and ``params`` are words of ``messages``."""

    name: str
    ok: bool | None
    code: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What was found. ``document`` is what the badge says; show it only as far as ``is_genuine`` holds."""

    form: str  # "ob3", "jwt", "ob2" or "clr"; "" where nothing could be read
    document: Document
    checks: tuple[Check, ...]
    badges: tuple["Verdict", ...] = ()  # those in a learner record

    @property
    def is_genuine(self) -> bool:
        """Every question that must be asked was answered yes, and none was answered no."""
        answers = {check.name: check.ok for check in self.checks}
        return all(answers.get(name) for name in _NEEDED) and False not in answers.values()

    @property
    def was_genuine(self) -> bool:
        """Whether its issuer issued it as it is, whatever became of it."""
        return all(self[name].ok for name in SIGNED)

    def __getitem__(self, name: str) -> Check:
        return next(check for check in self.checks if check.name == name)


def verify(content: bytes | str | Document, resolver: Resolver, now: datetime, *, recipient_email: str = "") -> Verdict:
    """Verify a badge in any of its forms: JSON, JWT, baked PNG or SVG, Open Badges 2.0; or a whole learner record.

    ``resolver`` is given a DID or an address and answers its JSON, or None; it alone decides what may be asked of a
    network. With ``recipient_email`` it is also checked whose the badge is.
    """

    def asked(name: str) -> Document | None:
        answer: Any = resolver(name)
        return answer if isinstance(answer, dict) else None

    try:
        held = read(content)
    except Unreadable as error:
        return Verdict("", {}, _all_checks({"structure": Check("structure", False, error.args[0])}))
    if held.token:
        return _verify_token(held.token, asked, now, recipient_email)
    if held.address or hosted.is_ob2(held.document or {}):
        return _verify_hosted(held.address, held.document or {}, asked, now, recipient_email)
    document = held.document or {}
    of_its_kind = _verify_record if record_checks.is_record(document) else _verify_credential
    return of_its_kind(document, asked, now, recipient_email)


def _verify_credential(document: Document, resolver: Resolver, now: datetime, email: str) -> Verdict:
    document = _with_one_proof(document)

    def questions() -> Mapping[str, Callable[[], Passed]]:
        return {
            "context": lambda: checks.context(document),
            "proof": lambda: checks.proof(document, resolver, now),
            **_about(document, resolver, now, email),
        }

    return _asked("ob3", document, lambda: checks.structure(document, with_proof=True), questions)


def _with_one_proof(document: Document) -> Document:
    """Some issuers write their one proof as a list of one."""
    proofs = document.get("proof")
    return document | {"proof": proofs[0]} if isinstance(proofs, list) and len(proofs) == 1 else document


def _verify_record(document: Document, resolver: Resolver, now: datetime, email: str) -> Verdict:
    document = _with_one_proof(document)

    def questions() -> Mapping[str, Callable[[], Passed]]:
        return {
            "context": lambda: record_checks.context(document),
            "proof": lambda: checks.proof(document, resolver, now),
            **_about(document, resolver, now, email),
        }

    return _with_badges(
        _asked("clr", document, lambda: record_checks.structure(document, with_proof=True), questions), resolver, now
    )


def _with_badges(found: Verdict, resolver: Resolver, now: datetime) -> Verdict:
    """What was found of a record, and of each badge in it; of a forged record nothing more is asked."""
    if not found.was_genuine:
        return found
    badges = tuple(_verify_credential(badge, resolver, now, "") for badge in record_checks.badges_in(found.document))
    contents = _answer("contents", lambda: record_checks.contents(badges))
    return replace(found, checks=(*found.checks, contents), badges=badges)


def _verify_token(token: str, resolver: Resolver, now: datetime, email: str) -> Verdict:
    try:
        header, document = header_of(token), credential_in(payload_of(token))
    except NotGenuine as error:
        return Verdict("jwt", {}, _all_checks({"structure": Check("structure", False, error.args[0])}))

    def key_of(key_id: str) -> PublicKey:
        return checks.key_of(checks.issuer_of(document), key_id, resolver, now)

    def proof() -> Passed:
        try:
            verify_jwt(token, key_of)
        except NotGenuine as error:
            raise Failed(error.args[0]) from None
        return Passed("proof.jwt", {"key": header["kid"]})

    def questions() -> Mapping[str, Callable[[], Passed]]:
        return {
            "context": lambda: of_its_kind.known_contexts(document),
            "proof": proof,
            **_about(document, resolver, now, email),
        }

    is_record = record_checks.is_record(document)
    form, of_its_kind = ("clr", record_checks) if is_record else ("jwt", checks)
    found = _asked(form, document, lambda: of_its_kind.structure(document, with_proof=False), questions)
    return _with_badges(found, resolver, now) if is_record else found


def _about(document: Document, resolver: Resolver, now: datetime, email: str) -> dict[str, Callable[[], Passed]]:
    return {
        "issuer": lambda: checks.issuer(document, resolver),
        "time": lambda: checks.time(document, now),
        "status": lambda: checks.status(document, resolver, now),
        "recipient": lambda: checks.recipient(document, email),
    }


def _verify_hosted(address: str, document: Document, resolver: Resolver, now: datetime, email: str) -> Verdict:
    found = hosted.Assertion(document, resolver, address)
    return _asked("ob2", found.document, found.structure, lambda: found.questions(now, email))


def _asked(
    form: str,
    document: Document,
    structure: Callable[[], Passed],
    questions: Callable[[], Mapping[str, Callable[[], Passed]]],
) -> Verdict:
    """Ask in order; what has no sound structure is asked nothing more."""
    answers = {"structure": _answer("structure", structure)}
    if answers["structure"].ok:
        answers |= {name: _answer(name, ask) for name, ask in questions().items()}
    return Verdict(form, document, _all_checks(answers))


def _answer(name: str, ask: Callable[[], Passed]) -> Check:
    try:
        passed = ask()
    except Failed as failed:
        return Check(name, False, failed.code, failed.params)
    return Check(name, passed.ok, passed.code, passed.params)


def _all_checks(answers: Mapping[str, Check]) -> tuple[Check, ...]:
    return tuple(answers.get(name, Check(name, None, "not_asked")) for name in NAMES)


def as_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict for programs: the same codes as the page's words are made of."""
    return {
        "genuine": verdict.is_genuine,
        "form": verdict.form,
        "checks": [
            {"name": check.name, "ok": check.ok, "code": check.code, "params": dict(check.params)}
            for check in verdict.checks
        ],
        **({"badges": [as_json(badge) for badge in verdict.badges]} if verdict.badges else {}),
    }
