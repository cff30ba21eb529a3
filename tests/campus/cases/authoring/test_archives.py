"""What comes in a zip: a whole pack, or a refusal that names what is wrong. Nothing leaves the folder."""

import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from campus.cases.authoring import archives
from campus.cases.authoring.archives import ArchiveRefused, unpack
from grader.pack import load_pack
from tests.campus.cases.authoring.conftest import zip_of

pytestmark = pytest.mark.usefixtures("english")


def unpacked(data: bytes, folder: Path) -> Path:
    target = folder / "in" / "pack"
    target.mkdir(parents=True)
    unpack(data, target)
    return target


def refusals(data: bytes, folder: Path) -> str:
    with pytest.raises(ArchiveRefused) as refused:
        unpacked(data, folder)
    return " ".join(refused.value.reasons)


@pytest.mark.parametrize("top", ["", "bakery/"])
def test_a_pack_comes_in_with_or_without_its_folder(bakery: Path, tmp_path: Path, top: str) -> None:
    pack = load_pack(unpacked(zip_of(bakery, top=top), tmp_path))
    assert (pack.slug, pack.digest) == ("bakery", load_pack(bakery).digest)


def test_what_other_systems_leave_in_archives_is_passed_over(own_bakery: Path, tmp_path: Path) -> None:
    (own_bakery / "__MACOSX").mkdir()
    (own_bakery / "__MACOSX" / "._case.toml").write_bytes(b"\0")
    (own_bakery / ".DS_Store").write_bytes(b"\0")
    folder = unpacked(zip_of(own_bakery), tmp_path)
    assert not list(folder.rglob(".*"))
    assert not (folder / "__MACOSX").exists()


def with_entry(name: str, content: bytes = b"x", *, mode: int = 0) -> Callable[[Path], bytes]:
    """A zip of the pack with one entry more."""

    def make(pack: Path) -> bytes:
        data = io.BytesIO(zip_of(pack))
        with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as archive:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
        return data.getvalue()

    return make


HOSTILE = {
    "a way up": (with_entry("../evil.md"), "points outside the pack’s folder"),
    "a way up within": (with_entry("data/../../evil.md"), "points outside the pack’s folder"),
    "a root": (with_entry("/etc/evil.md"), "points outside the pack’s folder"),
    "a drive": (with_entry("C:evil.md"), "points outside the pack’s folder"),
    "a link": (with_entry("story.md", b"/etc/passwd", mode=stat.S_IFLNK | 0o777), "is a link"),
    "a device": (with_entry("story.md", mode=stat.S_IFCHR | 0o600), "is a link"),
    "a bomb": (with_entry("data/public/big.csv", b"0" * 20_000_000), "becomes far too large"),
    "a program": (with_entry("generate.py"), "can’t contain code"),
    "a program among samples": (with_entry("samples/accepted/answer.py"), "can’t contain code"),
    "a pickle": (with_entry("samples/accepted/model.pkl"), "can’t contain code"),
    "an archive": (with_entry("samples/accepted/a.csv.gz"), "archive inside the zip file"),
    "a stranger": (with_entry("notes.docx"), "isn’t a file that a pack can have there"),
    "a page": (with_entry("story.html"), "can’t contain code"),
    "another pack": (with_entry("other/case.toml"), "one case.toml"),
    "the same twice": (with_entry("STORY.ja.md"), "twice"),
    "no notebook": (with_entry("starters/ja/02.ipynb", b"{}"), "isn’t a notebook"),
    "no zip": (lambda _pack: b"PK but no zip", "isn’t a zip file"),
    "half a zip": (lambda pack: zip_of(pack)[:-400], "isn’t a zip file"),
    "nothing": (lambda pack: zip_of(pack / "samples"), "one case.toml"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_pack_must_not_hold_is_refused_by_name(name: str, bakery: Path, tmp_path: Path) -> None:
    make, said = HOSTILE[name]
    assert said in refusals(make(bakery), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
    assert not list(tmp_path.rglob("evil*"))


def test_a_size_that_lies_is_found_while_unpacking(
    bakery: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The directory says 10 bytes, the entry holds more: neither is believed."""
    data = zip_of(bakery)
    size = (bakery / "story.en.md").stat().st_size
    lied = data.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lied != data
    assert "damaged" in refusals(lied, tmp_path) or "larger than" in refusals(lied, tmp_path)


def test_a_pack_that_is_too_large_is_refused(bakery: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 10_000)
    assert "larger than" in refusals(zip_of(bakery), tmp_path)


def test_texts_come_in_as_utf8_however_an_editor_saved_them(own_bakery: Path, tmp_path: Path) -> None:
    manifest, story = own_bakery / "case.toml", own_bakery / "story.ja.md"
    whole = manifest.read_text(encoding="utf-8")
    manifest.write_text(whole, encoding="utf-8-sig")
    story.write_text("# 3つの店のパン\n", encoding="cp932")
    folder = unpacked(zip_of(own_bakery), tmp_path)
    assert (folder / "case.toml").read_text(encoding="utf-8") == whole
    assert (folder / "story.ja.md").read_text(encoding="utf-8") == "# 3つの店のパン\n"

    story.write_bytes(b"\x81\x00")
    assert "“story.ja.md” can’t be read as text" in refusals(zip_of(own_bakery), tmp_path / "again")


def test_outputs_of_notebooks_do_not_come_in(own_bakery: Path, tmp_path: Path) -> None:
    starter = own_bakery / "starters/ja/01-first-submission.ipynb"
    notebook = json.loads(starter.read_text(encoding="utf-8"))
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    code["outputs"] = [
        {"output_type": "display_data", "data": {"text/html": "<script>evil()</script>"}, "metadata": {}}
    ]
    starter.write_text(json.dumps(notebook), encoding="utf-8")
    folder = unpacked(zip_of(own_bakery), tmp_path)
    assert "evil" not in (folder / "starters/ja/01-first-submission.ipynb").read_text(encoding="utf-8")
