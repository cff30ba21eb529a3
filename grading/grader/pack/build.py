"""The data made from a pack: loaded from its folder, digested."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from grader.ids import Ids
from grader.pack.digests import digest_of_file, digest_of_json
from grader.pack.model import Pack
from grader.pack.reading import PackError
from grader.problems import Problem

BUILD_FILE = "build.json"


@dataclass(frozen=True)
class Build:
    """A build's folder: public/ (what learners may see), truth/ (never served), baselines/.

    public_files: SHA-256 by name. seed_kind: demo or secret; seed_digest: a commitment to the seed.
    """

    path: Path
    slug: str
    version: str
    ids: Ids = field(repr=False)
    public_files: Mapping[str, str] = field(repr=False)
    features_digest: str
    truth_digest: str
    seed_kind: str
    seed_digest: str
    python: str

    def public(self, name: str) -> Path:
        """The path of a public file, or KeyError when the build has none of that name."""
        if name not in self.public_files:
            raise KeyError(name)
        return self.path / "public" / name

    def baseline(self, key: str) -> Path:
        return self.path / "baselines" / f"{key}.csv"


def load_build(path: Path) -> Build:
    """Read ``path``/build.json and the ids. Raises PackError when the folder is no build."""
    path = Path(path)
    try:
        data: dict[str, Any] = json.loads((path / BUILD_FILE).read_text(encoding="utf-8"))
        sample = data.pop("sample")
        ids = read_ids(path / "public" / sample["file"], column=sample["id"])
        return Build(path=path, ids=ids, **data)
    except (OSError, ValueError, KeyError, TypeError) as error:
        detail = f"{type(error).__name__}: {error}"
        raise PackError([Problem("build_bad", {"file": str(path), "detail": detail})]) from None


def write_build(path: Path, *, pack: Pack, seed_kind: str, seed_digest: str, python: str) -> Build:
    """Digest the data that lie in ``path`` and describe them in build.json."""
    public = digests(path / "public")
    data = {
        "slug": pack.slug,
        "version": pack.version,
        "sample": {"file": pack.submission.sample, "id": pack.submission.id.name},
        "public_files": public,
        "features_digest": digest_of_json(public),
        "truth_digest": digest_of_json(_truth_digests(path, pack)),
        "seed_kind": seed_kind,
        "seed_digest": seed_digest,
        "python": python,
    }
    (path / BUILD_FILE).write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return load_build(path)


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of each file below the folder, by its relative name, in order."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): digest_of_file(file) for file in files}


def _truth_digests(path: Path, pack: Pack) -> dict[str, str]:
    """The truth, and the baseline that the business value is measured against: scores depend on both."""
    found = digests(path / "truth")
    if pack.scoring.business:
        name = f"{pack.scoring.business.baseline}.csv"
        found[f"baselines/{name}"] = digest_of_file(path / "baselines" / name)
    return found


def read_ids(path: Path, *, column: str) -> Ids:
    """The ids of the sample submission. Raises ValueError when an id is doubled or malformed."""
    frame = pd.read_csv(path, usecols=[column], dtype=object, na_filter=False, encoding="utf-8")
    return Ids.of([str(value) for value in frame[column]])
