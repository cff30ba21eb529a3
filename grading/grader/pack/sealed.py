"""Packs whose data lie in them, below data/: nothing is generated, so a pack that anybody sends holds no code.

The build of such a pack is a copy. data/truth is read by the scorer alone; a pack kept in a public repository leaves
it out (`grader new` writes a .gitignore that does), and can then be read but not built.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.pack.digests import digest_of_file, digest_of_json
from grader.pack.model import Pack
from grader.pack.reviews import named_sample_files
from grader.problems import Problem

DATA = "data"
PARTS = ("public", "truth", "baselines")


def expected_files(pack: Pack) -> set[str]:
    """What a build of the pack must have, by relative name; further tables of the truth may come to it."""
    truth = {pack.truth.file, *([pack.truth.oracle] if pack.truth.oracle else [])}
    names = {f"public/{file.name}" for file in pack.files} | {f"truth/{name}" for name in truth}
    return names | {f"baselines/{baseline.key}.csv" for baseline in pack.baselines}


def is_extra(name: str, pack: Pack) -> bool:
    """Whether the file has no place in a build of the pack."""
    return name not in expected_files(pack) and not (name.startswith("truth/") and name.endswith(".csv"))


def data_digest(pack: Pack) -> str:
    """SHA-256 over names and contents of the pack's data: a commitment to them, as that of a seed is."""
    return digest_of_json({name: digest_of_file(path) for name, path in sorted(sealed_files(pack).items())})


def sealed_files(pack: Pack) -> dict[str, Path]:
    """The files of the data by their relative names, without hidden ones."""
    root = pack.path / DATA
    found = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    return {name: path for name, path in found.items() if not path.name.startswith(".")}


def data_problems(pack: Pack) -> Iterator[Problem]:
    """Files that are missing, that have no place in a build, or that point elsewhere."""
    found = sealed_files(pack)
    for name in sorted(expected_files(pack) - found.keys()):
        yield Problem("data_file_missing", {"file": f"{DATA}/{name}"})
    for name, path in sorted(found.items()):
        if path.is_symlink() or is_extra(name, pack):
            yield Problem("data_file_extra", {"file": f"{DATA}/{name}"})


def source_values(pack: Pack) -> Iterator[tuple[str, str, str]]:
    """Each field about where the data come from that does not suit: its name, its value, what it must be."""
    has_generator = (pack.path / "generate.py").is_file()
    if pack.data is None:
        if pack.demo is None:
            yield "demo", "–", "written for data made by generate.py, or [data] for data that lie in data/"
        return
    if pack.demo is not None or has_generator:
        given = "[demo]" if pack.demo is not None else "generate.py"
        yield "data", f"[data], {given}", "either [data], or [demo] with generate.py"
    if (pack.data.split == "rows") != (pack.data.column is None):
        yield "data.column", str(pack.data.column), "the alias of a column for time and group, left out for rows"
    texts = [("story.ja", pack.story.ja), ("story.en", pack.story.en)]
    for field, name in (*texts, *named_sample_files(pack)):
        if not name.endswith(".md") or name.startswith(f"{DATA}/"):
            yield field, name, "a Markdown file (.md) outside data/"
    for name in pack.pictures:
        if name.startswith(f"{DATA}/"):
            yield "pictures", name, "a picture outside data/, which learners never see"


def split_references(pack: Pack) -> Iterator[tuple[str, str, list[str]]]:
    """The column by which train and test are told apart, and the columns that each part has in some file."""
    if pack.data is None or pack.data.column is None:
        return
    for part in ("train", "test"):
        files = [file for file in pack.files if file.part == part]
        yield "data.column", pack.data.column, [column.alias for file in files for column in file.columns]
