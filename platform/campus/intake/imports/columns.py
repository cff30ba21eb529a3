"""What a column of an import can mean, by which headings it is known, and how its cells become values."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from campus.cohorts.models import Role
from campus.intake.imports import values
from campus.intake.imports.remarks import Remark, Unreadable
from campus.intake.imports.tables import Cell
from campus.intake.imports.tidying import folded, tidy, tidy_code
from campus.people.codes import AgeBand, Industry, Occupation, Prefecture
from campus.people.names import katakana, latin
from campus.people.profile_fields import PROFILE_FIELDS


@dataclass(frozen=True)
class Field:
    """A meaning of a column.

    label: heading in the template and on pages; aliases: other headings it goes by.
    clean: from the cell's text to the value kept (a text, or a list of texts), raising Refused.
    codes: the list that the value is a code of. describes_person: it is kept with the person, not the enrolment.
    example: for the template; a code where there are codes.
    """

    key: str
    label: str | Promise
    clean: Callable[[str], Any]
    aliases: tuple[str, ...] = ()
    is_required: bool = False
    describes_person: bool = True
    codes: type[TextChoices] | None = None
    example: str = ""

    @property
    def is_on_profile(self) -> bool:
        """Whether the value stands in the person's Profile, apart from the person."""
        return self.key in PROFILE_FIELDS and PROFILE_FIELDS[self.key].on_profile


def _described(key: str, clean: Callable[[str], Any], *aliases: str, **options: Any) -> Field:
    """A field that the profile has, under the same name and heading."""
    return Field(key, PROFILE_FIELDS[key].label, clean, aliases, **options)


def _coded(key: str, codes: type[TextChoices], *aliases: str, example: str) -> Field:
    return _described(key, values.choice_of(codes), *aliases, codes=codes, example=example)


_NAME = values.text_of(limit=100)

FIELDS = (
    _described(
        "email",
        values.address,
        "メール",
        "メールアドレス",
        "Eメール",
        "電子メール",
        "e-mail",
        "mail",
        "mail address",
        "e-mail address",
        is_required=True,
        example="hanako@example.org",
    ),
    _described("name", _NAME, "氏名", "名前", "お名前", "姓名", is_required=True, example="佐藤 花子"),
    Field(
        "role",
        pgettext_lazy("import", "Role"),
        values.role,
        ("役割", "ロール", "区分"),
        describes_person=False,
        codes=Role,
        example=Role.LEARNER,
    ),
    Field(
        "classes",
        pgettext_lazy("import", "Class"),
        values.classes,
        ("クラス", "クラス名", "組", "class name"),
        describes_person=False,
    ),
    _described("language", values.language, "使用言語", "lang", example="日本語"),
    _described(
        "name_kana",
        values.text_of(limit=100, mend=katakana),
        "フリガナ",
        "ふりがな",
        "氏名カナ",
        "カナ氏名",
        "カナ",
        "reading",
        example="サトウ ハナコ",
    ),
    _described(
        "name_roman", values.text_of(limit=100, mend=latin), "ローマ字", "ローマ字氏名", "romaji", example="SATO Hanako"
    ),
    _described(
        "organisation",
        values.text_of(limit=120),
        "会社",
        "会社名",
        "勤務先",
        "勤務先・学校",
        "学校",
        "所属",
        "company",
        "organization",
        example="みなと電機株式会社",
    ),
    _coded("industry", Industry, "業種", example=Industry.E),
    _coded("occupation", Occupation, "職種", example=Occupation.PRODUCTION),
    _coded("prefecture", Prefecture, "都道府県", "居住地", example=Prefecture.KANAGAWA),
    _coded("age_band", AgeBand, "年代", "年齢層", "age group", example=AgeBand.THIRTIES),
)
PERSON_KEYS = [field.key for field in FIELDS if field.describes_person and field.key != "email"]
BY_KEY = {field.key: field for field in FIELDS}


def label_of(key: str) -> str:
    """The field's heading in the language of the page."""
    return str(BY_KEY[key].label)


def shown_value(key: str, value: str) -> str:
    """A value as people read it; a dash where there is none."""
    codes = BY_KEY[key].codes
    return str(codes(value).label) if codes and value in codes.values else value or "—"


@cache
def _meanings() -> dict[str, Field]:
    """Every heading, folded, that a field goes by, in both languages."""
    words = (
        (word, field)
        for field in FIELDS
        for word in (field.key, *field.aliases, *values.in_both_languages(field.label))
    )
    return {folded(word): field for word, field in words}


def fields_of(headings: Iterable[str]) -> list[Field | None]:
    """What each column means, None for one that is passed over.

    Raises Unreadable where two columns mean the same or one is missing.
    """
    found = [_meanings().get(folded(heading)) for heading in headings]
    _refuse_twice(list(headings), found)
    missing = [field for field in FIELDS if field.is_required and field not in found]
    if missing:
        raise Unreadable(*(Remark("no_column", values={"field": {"label": field.key}}) for field in missing))
    return found


def _refuse_twice(headings: list[str], fields: list[Field | None]) -> None:
    first: dict[str, str] = {}
    for heading, field in zip(headings, fields, strict=True):
        if field and field.key in first:
            values = {"field": {"label": field.key}, "first": first[field.key], "second": heading}
            raise Unreadable(Remark("second_heading", values=values))
        if field:
            first[field.key] = heading


@dataclass(frozen=True)
class Cleaned:
    """A row's values by field, what is wrong with its cells, and what was tidied in them."""

    values: dict[str, Any]
    problems: list[Remark]
    notes: list[Remark]


def clean_row(cells: list[Cell], *, headings: list[str], fields: list[Field | None]) -> Cleaned:
    """Turn the cells of a row into values; every fault is told, not only the first."""
    cleaned = Cleaned({}, [], [])
    for cell in cells[len(headings) :]:
        if cell.text.strip():
            cleaned.problems.append(Remark("beyond_headings", values={"value": values.short(cell.text.strip())}))
            break
    for index, field in enumerate(fields):
        if field is not None:
            cell = cells[index] if index < len(cells) else Cell("")
            _clean_cell(cell, field=field, heading=headings[index], into=cleaned)
    return cleaned


def _clean_cell(cell: Cell, *, field: Field, heading: str, into: Cleaned) -> None:
    if cell.fault:
        into.problems.append(Remark(cell.fault, heading, {"value": values.short(cell.text)} if cell.text else {}))
    elif not tidy(cell.text):
        if field.is_required:
            into.problems.append(Remark("missing", heading))
    else:
        try:
            value = field.clean(cell.text)
        except values.Refused as refused:
            into.problems.append(Remark(refused.code, heading, refused.values))
            return
        into.values[field.key] = value
        into.notes.extend(_tidied(cell.text, value, field=field, heading=heading))


def _tidied(text: str, value: Any, *, field: Field, heading: str) -> list[Remark]:
    """Say where more than the space around a value was changed; choices only stand for what is kept."""
    if field.codes or not isinstance(value, str) or not field.describes_person or value == text:
        return []
    code = "lower_case" if field.key == "email" and tidy_code(text).lower() == value else "tidied"
    return [Remark(code, heading, {"value": values.short(value)})]
