"""Put a case's starters and data into the learner's home, and never touch what is hers.

It runs as the learner, inside her sandbox: whatever she turned her folders into, nobody else's files can be reached.
A starter that is not there is copied. One that a newer version of the case changed appears beside the learner's own,
as `name-version.ipynb`; one in the language that she has changed to, as `name-en.ipynb`: the site's button opens it.
"""

import hashlib
import json
import os
import shutil
from pathlib import Path

DATA, STARTERS = Path("/data"), Path("/starters")
# The digests of what was delivered before: by them a new starter is told from one that the learner changed. Under
# "language" that in which the first ones came.
_RECORD = ".manabiai-delivered.json"
_TOO_FULL = "容量の上限を超えています (home is too full).txt"
_TOO_FULL_TEXT = """ホームのファイルの合計が、上限の {megabytes} MB を超えています。
不要なファイルを削除してください。このまま増えると、ノートブックは自動で停止します。保存済みのファイルは消えません。

Your files take up more than the limit of {megabytes} MB. Please delete files you don’t need.
If they grow further, your notebook will be stopped automatically. Files you have saved are kept.
"""
_MISSING = "届けられなかったファイルがあります (files are missing).txt"
_MISSING_TEXT = {
    "data": """教材のデータを、ここ（data）に用意できませんでした。
The data for your case couldn’t be placed here (data).
""",
    "starters": """最初のノートブックを、ここに用意できませんでした。
The starter notebooks for your case couldn’t be placed here.
""",
    "": """
原因はサイト側にあり、保存済みのファイルはそのまま残っています。ほかの教材のフォルダーや、新しいノートブックは使えます。
しばらくしてからノートブックを停止し、開き直してください。それでも届かないときは、事務局にご連絡ください。

The problem is on our side, and files you have saved are kept. You can use other cases’ folders and new notebooks.
Please stop your notebook and open it again later. If the files are still missing, tell the organiser.
""",
}
_NOTE = ".manabiai.json"  # by which `import manabiai` knows the folder's case


def deliver(
    home: Path, cases: list[dict], *, language: str = "ja", data: Path = DATA, starters: Path = STARTERS
) -> None:
    """Deliver every case; what can't be delivered (a folder made into a file, say) is told in the log and left.

    Of what the site could not show (`missing`), a note in the case's folder and one beside it tell.
    """
    for case in cases:
        try:
            _deliver(home / case["folder"], case, data / case["folder"], starters / case["folder"], language)
        except OSError as error:
            print(f"{case['folder']} could not be delivered: {error}")


def tell_if_too_full(home: Path, megabytes: int, *, is_too_full: bool) -> None:
    """Leave a note in the home while it holds too much."""
    note = home / _TOO_FULL
    if is_too_full:
        note.write_text(_TOO_FULL_TEXT.format(megabytes=megabytes))
    else:
        note.unlink(missing_ok=True)


def _deliver(folder: Path, case: dict, data: Path, starters: Path, language: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / _NOTE).write_text(json.dumps({"case": case["case"]}))
    missing = set(case["missing"])
    link = folder / "data"
    if not os.path.lexists(link) and "data" not in missing:
        link.symlink_to(data)
    record = _read(folder / _RECORD)
    is_first_language = record.setdefault("language", [language]) == [language]
    for starter in sorted(path for path in starters.rglob("*") if path.is_file()):
        target = folder / starter.relative_to(starters)
        # A case may have notebooks in one language alone: those are there already.
        is_known = _digest(starter) in record.get(target.name, ())
        if starter.suffix == ".ipynb" and not (is_first_language or is_known):
            target = target.with_name(f"{target.stem}-{language}{target.suffix}")
        try:
            _deliver_starter(starter, target, record, version=case["version"])
        except OSError as error:
            print(f"{starter} could not be delivered: {error}")
            missing.add("starters")
    (folder / _RECORD).write_text(json.dumps(record))
    _tell_what_is_missing(folder, sorted(missing))


def _tell_what_is_missing(folder: Path, missing: list[str]) -> None:
    """Also beside the folder: there JupyterLab ends up when the notebook that it was to open is not there."""
    for note in (folder / _MISSING, folder.with_name(f"{folder.name} {_MISSING}")):
        if missing:
            note.write_text("".join(_MISSING_TEXT[part] for part in [*missing, ""]))
        else:
            note.unlink(missing_ok=True)


def _deliver_starter(starter: Path, target: Path, record: dict[str, list[str]], *, version: str) -> None:
    delivered = record.setdefault(target.name, [])
    digest = _digest(starter)
    if os.path.lexists(target) and digest not in (*delivered, _digest(target)):
        target = target.with_name(f"{target.stem}-{version}{target.suffix}")
    if not os.path.lexists(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(starter, target)
    if digest not in delivered:
        delivered.append(digest)


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _read(path: Path) -> dict[str, list[str]]:
    try:
        record = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}
