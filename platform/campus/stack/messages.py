"""The texts of the site: found in Python and templates, kept in each app's Japanese catalogue.

Source texts are English, so only Japanese has catalogues. `python -m campus.stack.messages` adds what is new to them,
with `--check` it ends with an error where a text has no translation, or two, or one with other placeholders. Django's
own `makemessages` would want gettext's programs on the machine.
"""

import io
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[1]
# Babel writes gettext's whole head, with placeholders and a date that changes with every run.
_HEADS_THAT_SAY_NOTHING = re.compile(
    r'^"(Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team'
    r'|Generated-By): .*\\n"\n',
    re.MULTILINE,
)
_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "counted": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
_HEADER = """# Japanese texts of {app}. Source texts are English; terms follow docs/glossary.md.
"""


def apps(package: Path = PACKAGE) -> list[Path]:
    """Return the folders of the site's apps, and first the one they lie in, which has a few modules of its own."""
    return [package, *sorted(path.parent for path in package.glob("*/apps.py"))]


def texts(app: Path) -> Catalog:
    """Return every text in `app` that is marked for translation, with the places it stands in."""
    found = Catalog(locale="ja", charset="utf-8", fuzzy=False, header_comment=_HEADER.format(app=app.name))
    for path, line, message, context in _marked(app):
        found.add(message, locations=[(str(path.relative_to(app)), line)], context=context)
    return found


def untranslated() -> list[str]:
    """Return a line for each text without a Japanese translation, over all apps."""
    catalogues = [_read(app) for app in apps()]
    missing = []
    for app in apps():
        for message in texts(app):
            if message.id and not any(_is_whole(c.get(message.id, message.context)) for c in catalogues):
                where = ":".join(map(str, message.locations[0]))
                missing.append(f"campus/{app.name}/{where}: no Japanese for {message.id!r}")
    return missing


def ambiguous(package: Path = PACKAGE) -> list[str]:
    """Return a line for each text that the apps' catalogues translate differently: Django merges all, and one wins."""
    meanings: dict[tuple[str | None, str], dict[str, list[str]]] = {}
    for app in apps(package):
        for message in _read(app):
            if message.id and _is_whole(message):
                key = (message.context, str(message.id))
                meanings.setdefault(key, {}).setdefault(str(message.string), []).append(app.name)
    return [_say_ambiguity(text, said) for (_context, text), said in meanings.items() if len(said) > 1]


def unfinished(package: Path = PACKAGE) -> list[str]:
    """Return a line for each entry of a catalogue that is empty or fuzzy, or whose placeholders are not the text's."""
    wrong = []
    for app in apps(package):
        for message in filter(lambda one: one.id, _read(app)):
            english, said = _plural(message.id), _plural(message.string)
            if not _is_whole(message):
                wrong.append(f"{app.name}: {english!r} is empty or fuzzy; `make messages` fills in what others have")
            elif _placeholders(english) != _placeholders(said):
                wrong.append(f"{app.name}: {english!r} has other placeholders than {said!r}")
    return wrong


def _plural(text: str | Sequence[str] | None) -> str:
    """The form that names all that the text names: “one day” leaves the number out."""
    return text if isinstance(text, str) else (text or [""])[-1]


def _placeholders(text: str) -> set[str]:
    return set(_PLACEHOLDER.findall(text))


def _say_ambiguity(text: str, said: dict[str, list[str]]) -> str:
    meanings = " or ".join(f"{one} ({', '.join(names)})" for one, names in said.items())
    return f"{text!r} means {meanings}: give it a context (pgettext), or the same translation"


def update() -> None:
    """Add new texts to each app's catalogue, drop those that are gone; translations stay, and go to other apps."""
    known = {(one.id, one.context): one.string for app in apps() for one in _read(app) if one.id and _is_whole(one)}
    for app in apps():
        found, path = texts(app), _catalogue(app)
        if len(found) == 0:
            continue
        kept = _read(app)
        kept.update(found, no_fuzzy_matching=True)
        kept.obsolete.clear()
        for message in kept:
            if not _is_whole(message):
                message.string = known.get((message.id, message.context), message.string)
        path.parent.mkdir(parents=True, exist_ok=True)
        buffer = io.BytesIO()
        write_po(buffer, kept, width=120, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
        path.write_text(_HEADS_THAT_SAY_NOTHING.sub("", buffer.getvalue().decode()))


def _marked(app: Path) -> Iterator[tuple[Path, int, str | tuple[str, ...], str | None]]:
    for path in sorted(app.glob("*") if app == PACKAGE else app.rglob("*")):
        if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
            for line, message, _comments, context in _extract(path):
                yield path, line, message, context


def _extract(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    source = path.read_text()
    if path.suffix != ".py":
        # Everything but the marked texts is blotted out; only the indentation would still trip a reader of Python.
        source = "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).splitlines())
    yield from extract("python", io.BytesIO(source.encode()), keywords=_KEYWORDS)


def _catalogue(app: Path) -> Path:
    return app / "locale/ja/LC_MESSAGES/django.po"


def _read(app: Path) -> Catalog:
    path = _catalogue(app)
    if not path.exists():
        return Catalog(locale="ja", fuzzy=False, header_comment="# Japanese texts of this app.")
    with open(path, "rb") as file:
        return read_po(file, locale="ja")


def _is_whole(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def _main() -> None:
    settings.configure(USE_I18N=True)  # templatize() asks for nothing else of the site.
    if "--check" not in sys.argv:
        update()
    elif wrong := untranslated() + ambiguous() + unfinished():
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    _main()
