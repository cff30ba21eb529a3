"""The glossary holds: no text of the site, no mail and no template says a thing by a word that it rules out."""

import re
from collections.abc import Iterator
from functools import cache

from babel.messages.pofile import read_po

from tests.stack import ROOT

SITE = ROOT / "platform/campus"
# A row of the table: what to say, and the patterns that are never to be said.
ROW = re.compile(r"^\| (?P<say>[^|]+) \| (?P<never>`.+`) \|$", re.MULTILINE)
# Neither tags nor what they are told: addresses, names of variables; nor commands to type.
MARKUP = re.compile(r"<script.*?</script>|<code>.*?</code>|{%.*?%}|{{.*?}}|{#.*?#}|<[^>]*>", re.DOTALL)


@cache
def ruled_out() -> list[tuple[re.Pattern[str], str]]:
    """The patterns, each with what to say instead."""
    rows = ROW.finditer((ROOT / "docs/glossary.md").read_text())
    return [(pattern_of(never), row["say"]) for row in rows for never in re.findall("`(.+?)`", row["never"])]


def pattern_of(never: str) -> re.Pattern[str]:
    never = never.replace("\\|", "|")  # A bar would end the column.
    is_english = never.isascii()
    return re.compile(rf"\b(?:{never})\b" if is_english else never, re.IGNORECASE if is_english else 0)


def words_ruled_out(text: str) -> list[str]:
    """What the text says and should not."""
    found = ((pattern.search(text), say) for pattern, say in ruled_out())
    return [f"“{match[0]}” in “{text[:80]}”: say {say}" for match, say in found if match]


def texts_of_catalogues() -> Iterator[str]:
    """Every text, in English and in Japanese; `make check` sees that none is missing."""
    for path in SITE.rglob("django.po"):
        with open(path, "rb") as file:
            for message in read_po(file, locale="ja"):
                for texts in (message.id, message.string):
                    for text in (texts,) if isinstance(texts, str) else texts:
                        yield re.sub(r"%\(\w+\)[sd]", "…", text)


def texts_of_templates() -> Iterator[str]:
    """What stands in templates as it is: the site's name, mails, pages that must need no catalogue."""
    for path in [*SITE.rglob("*.html"), *SITE.rglob("templates/**/*.txt")]:
        yield from filter(None, (line.strip() for line in MARKUP.sub("\n", path.read_text()).splitlines()))


def test_no_text_says_it_by_a_word_that_is_ruled_out() -> None:
    texts = {*texts_of_catalogues(), *texts_of_templates()}
    assert len(texts) > 3000
    assert [found for text in sorted(texts) for found in words_ruled_out(text)] == []


def test_the_patterns_mean_what_the_table_says() -> None:
    wrong = [
        "受講者",
        "ファシリテータが",
        "締め切りは",
        "Please log in",
        "logged out",
        "Your E-mail",
        "the organizer",
        "a learner’s mail address",
        "nobody judges her own work",
        "No rule speaks for anybody",
        "サーバの",
    ]
    right = [
        "受講生",
        "ファシリテーター",
        "締め切りました",
        "catalogue in",
        "your email",
        "Email addresses",
        "others and there",
        "organiser",
        "サーバー",
        "メンタルヘルス",
    ]
    assert [text for text in wrong if not words_ruled_out(text)] == []
    assert [text for text in right if words_ruled_out(text)] == []
