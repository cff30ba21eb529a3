"""What differs between two versions of a case, for the organiser who considers moving her cohort."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campus.cases.files import public_files
from campus.cases.models import CaseVersion
from campus.cohorts.models import in_reader_language

Keyed = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """One thing that differs. kind: added, removed or changed. details: what exactly, where words say it."""

    kind: str
    name: str
    details: str = ""


@dataclass(frozen=True)
class TextChange:
    """A text that differs, line by line: (sign, line)."""

    name: str
    lines: list[tuple[str, str]]


@dataclass(frozen=True)
class Comparison:
    """Two versions side by side."""

    before: CaseVersion
    after: CaseVersion
    files: list[Difference] = field(default_factory=list)
    scoring: list[Difference] = field(default_factory=list)
    steps: list[Difference] = field(default_factory=list)
    texts: list[TextChange] = field(default_factory=list)

    @property
    def digests(self) -> list[tuple[str | Promise, bool]]:
        """What tells by its digest whether it is the same, and whether it is."""
        pairs = (
            (_("Data that learners see"), "features_digest"),
            (_("Truth"), "truth_digest"),
            (_("Scoring"), "metric_version"),
            (_("All files of the pack"), "pack_digest"),
        )
        return [(label, getattr(self.before, name) == getattr(self.after, name)) for label, name in pairs]

    @property
    def measures_alike(self) -> bool:
        """Whether every score stays what it is."""
        names = ("features_digest", "truth_digest", "metric_version")
        return all(getattr(self.before, name) == getattr(self.after, name) for name in names)


def compare(before: CaseVersion, after: CaseVersion) -> Comparison:
    """Everything that differs between the two, as pages show it."""
    return Comparison(
        before=before,
        after=after,
        files=list(_files(before, after)),
        scoring=list(_scoring(before, after)),
        steps=list(_steps(before.manifest, after.manifest)),
        texts=list(_texts(before, after)),
    )


def _between(before: Keyed, after: Keyed, names: Callable[[Any], str]) -> Iterator[tuple[str, str, Any, Any]]:
    """(kind, name, old, new) for each key of either side that is not equal on both."""
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        if old != new:
            kind = "added" if old is None else "removed" if new is None else "changed"
            yield kind, names(new if old is None else old), old, new


def _files(before: CaseVersion, after: CaseVersion) -> Iterator[Difference]:
    old, new = ({file.name: file for file in public_files(version)} for version in (before, after))
    for kind, name, was, now in _between(old, new, lambda file: str(file.name)):
        rows = f"{was.rows:,} → {now.rows:,}" if kind == "changed" and was.rows != now.rows else ""
        yield Difference(kind, name, _("Rows: %(rows)s") % {"rows": rows} if rows else "")
    columns = [
        {
            f"{file['name']} {column['name']}": column
            for file in version.manifest["files"]
            for column in file.get("columns", ())
        }
        for version in (before, after)
    ]
    for kind, name, _was, _now in _between(columns[0], columns[1], lambda column: str(column["name"])):
        yield Difference(kind, _("Column “%(name)s”") % {"name": name})


def _scoring(before: CaseVersion, after: CaseVersion) -> Iterator[Difference]:
    old, new = ({one["key"]: one for one in version.manifest["scoring"]["metrics"]} for version in (before, after))
    for kind, name, was, now in _between(old, new, _label):
        yield Difference(kind, name, ", ".join(_fields(was, now)) if kind == "changed" else "")
    for name in ("primary", "secondary"):
        was, now = (version.manifest["scoring"].get(name, "—") for version in (before, after))
        if was != now:
            yield Difference(
                "changed", _("Decides the rank") if name == "primary" else _("Breaks ties"), f"{was} → {now}"
            )
    rungs = [{one["key"]: one for one in version.baselines} for version in (before, after)]
    for kind, name, was, now in _between(rungs[0], rungs[1], _label):
        yield Difference(kind, name, _scores(was, now) if kind == "changed" else "")


def _label(section: Keyed) -> str:
    return in_reader_language(section["label"]["ja"], section["label"]["en"])


def _fields(was: Keyed, now: Keyed) -> Iterator[str]:
    for name in sorted(was.keys() | now.keys()):
        if was.get(name) != now.get(name) and not isinstance(was.get(name, now.get(name)), dict):
            yield f"{name}: {was.get(name, '—')} → {now.get(name, '—')}"


def _scores(was: Keyed, now: Keyed) -> str:
    """Provisional scores of a baseline before and after."""
    shared = [key for key in was["public"] if key in now["public"] and was["public"][key] != now["public"][key]]
    return ", ".join(f"{key}: {was['public'][key]:.4g} → {now['public'][key]:.4g}" for key in shared)


def _steps(before: Keyed, after: Keyed) -> Iterator[Difference]:
    old, new = ({step["key"]: step for step in manifest["steps"]} for manifest in (before, after))
    for kind, name, was, now in _between(
        old, new, lambda step: in_reader_language(step["title"]["ja"], step["title"]["en"])
    ):
        yield Difference(kind, name, ", ".join(_fields(was, now)) if kind == "changed" else "")


def _texts(before: CaseVersion, after: CaseVersion) -> Iterator[TextChange]:
    for name, was, now in zip(_names(), _all_texts(before), _all_texts(after), strict=True):
        if was != now:
            yield TextChange(name, list(_lines(was, now)))


def _names() -> list[str]:
    return [
        f"{what} ({language})"
        for what in (pgettext("case", "Title"), _("Summary"), _("Story"))
        for language in ("ja", "en")
    ]


def _all_texts(version: CaseVersion) -> Iterable[str]:
    for name in ("title", "summary"):
        for language in ("ja", "en"):
            yield version.manifest[name][language]
    for language in ("ja", "en"):
        yield (version.path / "pack" / version.manifest["story"][language]).read_text(encoding="utf-8")


def _lines(was: str, now: str) -> Iterator[tuple[str, str]]:
    """Lines that went (−) and came (+), without those that stayed."""
    for line in difflib.ndiff(was.splitlines(), now.splitlines()):
        if line[0] in "+-" and line[2:].strip():
            yield "−" if line[0] == "-" else "+", line[2:]
