"""Texts for translation are found where they stand."""

from pathlib import Path

from campus.stack.catalogues import compile_all
from campus.stack.messages import ambiguous, texts, unfinished


def app(tmp_path: Path) -> Path:
    (tmp_path / "shop/templates").mkdir(parents=True)
    (tmp_path / "shop/views.py").write_text(
        "title = _('Board')\nmany = ngettext('%(n)d row', '%(n)d rows', n)\nverb = pgettext('verb', 'Close')\n"
    )
    (tmp_path / "shop/templates/page.html").write_text(
        "{% load i18n %}\n  <p>{% translate 'Hello' %}</p>\n"
        "    {% blocktranslate count n=2 trimmed %}\n  one day\n{% plural %}\n  {{ n }} days\n{% endblocktranslate %}\n"
    )
    return tmp_path / "shop"


def test_python_and_templates_are_read(tmp_path: Path) -> None:
    found = {(message.id, message.context) for message in texts(app(tmp_path)) if message.id}

    assert found == {
        ("Board", None),
        (("%(n)d row", "%(n)d rows"), None),
        ("Close", "verb"),
        ("Hello", None),
        (("one day", "%(n)s days"), None),
    }


def test_a_catalogue_is_compiled_once_until_it_changes(tmp_path: Path) -> None:
    folder = tmp_path / "shop/locale/ja/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n')

    assert [compile_all(tmp_path), compile_all(tmp_path)] == [1, 0]
    assert (folder / "django.mo").exists()


def test_a_text_that_two_apps_translate_differently_is_named(tmp_path: Path) -> None:
    for name, japanese in (("shop", "内容"), ("bank", "項目の種類"), ("inn", "内容")):
        folder = tmp_path / name / "locale/ja/LC_MESSAGES"
        folder.mkdir(parents=True)
        (tmp_path / name / "apps.py").touch()
        same = 'msgid "Name"\nmsgstr "名前"\n\nmsgctxt "verb"\nmsgid "About"\nmsgstr "約"\n'
        (folder / "django.po").write_text(f'msgid "About"\nmsgstr "{japanese}"\n\n{same}')

    (line,) = ambiguous(tmp_path)

    assert line.startswith("'About' means 項目の種類 (bank) or 内容 (inn, shop)")


def test_entries_that_are_empty_fuzzy_or_lost_a_placeholder_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "shop/locale/ja/LC_MESSAGES"
    folder.mkdir(parents=True)
    (tmp_path / "shop/apps.py").touch()
    (folder / "django.po").write_text(
        'msgid "Empty"\nmsgstr ""\n\n#, fuzzy\nmsgid "Guessed"\nmsgstr "推測"\n\n'
        'msgid "%(name)s is here"\nmsgstr "%(nam)sさんがいます"\n\n'
        'msgid "one day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "%(n)s日"\n'
    )

    assert [line.split(": ")[1].split(" ")[0] for line in unfinished(tmp_path)] == ["'Empty'", "'Guessed'", "'%(name)s"]
