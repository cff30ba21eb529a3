"""Forms of the pages on which organisers make a case."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from campus.cohorts.models import in_reader_language
from campus.ui.sentences import gap

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
VERSION = re.compile(r"[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}")
LONGEST_STORY = 100_000
LONGEST_MEANING = 500
MOST_COLUMNS = 200  # described on one page
COLUMN_LISTS = ("ahead", "after", "drop")
ASKED = ("table", "title_ja", "title_en", "slug", "target")
# Fields by the option that they fill.
NAMES = {"target": "target", "horizon": "horizon", "metric": "metric", "id": "row_id"}


class UploadForm(forms.Form):
    """A form with a file, which says how large that may be."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = gettext("Up to %(size)s.") % {"size": filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)}
        for field in self.fields.values():
            if isinstance(field, forms.FileField):
                field.help_text = f"{field.help_text}{gap()}{limit}"


class ArchiveForm(UploadForm):
    """A pack as a zip."""

    archive = forms.FileField(
        label=_("Pack as a zip"),
        help_text=_("The folder with case.toml. Packs from organisers contain data but no programs."),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip"}),
    )


class OptionsForm(forms.Form):
    """What `grader new` is asked for, besides table and names."""

    target = forms.CharField(
        label=_("Column to predict"),
        max_length=100,
        help_text=_("Its name as it stands in the first line of the file."),
    )
    split = forms.ChoiceField(
        label=_("Rows to predict"),
        choices=[
            ("", _("Automatically: by time if there is a column of dates, otherwise at random")),
            ("time", _("By time: the later rows in the column below")),
            (
                "group",
                _("By group: values of the column below that are not in the training data, such as other customers"),
            ),
            ("shuffle", _("At random, even if there is a column of dates")),
        ],
        required=False,
    )
    column = forms.CharField(label=_("Column to split by"), max_length=100, required=False)
    horizon = forms.CharField(
        label=_("How much to predict"),
        max_length=20,
        required=False,
        help_text=_(
            "For example 28d (days), 8w (weeks), 3m (months) or 20%. If empty, the last 20% are used. Only for a "
            "split by time."
        ),
    )
    metric = forms.ChoiceField(label=_("Metric that decides the rank"), required=False)
    ahead = forms.CharField(
        label=_("Columns known at prediction time"),
        required=False,
        max_length=1000,
        help_text=_("Only where the guess is wrong. Separate several with commas."),
    )
    after = forms.CharField(label=_("Columns known only afterwards"), required=False, max_length=1000)
    drop = forms.CharField(label=_("Columns to leave out"), required=False, max_length=1000)
    row_id = forms.CharField(
        label=_("Column that names each row"),
        required=False,
        max_length=100,
        help_text=_("For example an order number. Only where the guess is wrong."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        from campus.cases.authoring.words import reader_language
        from grader.metrics import METRICS
        from grader.new.measures import MEASURES

        known = [measure for measure in MEASURES.values() if measure.name in METRICS]
        choices = [(measure.name, measure.label[reader_language()]) for measure in known]
        field = self.fields["metric"]
        field.choices = [("", gettext("By the column to predict")), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("split") in {"time", "group"} and not given.get("column"):
            self.add_error("column", _("Enter the column to split by."))
        return given

    def wishes(self) -> dict[str, Any]:
        """Options of `grader new`; lists for those that may be repeated."""
        given = self.cleaned_data
        found: dict[str, Any] = {name: given[field] for name, field in NAMES.items() if given[field]}
        if given["split"] == "shuffle":
            found["shuffle"] = True
        elif given["split"]:
            found[given["split"]] = given["column"]
        lists = {
            name: [part.strip() for part in re.split(r"[,、，]", given[name]) if part.strip()] for name in COLUMN_LISTS
        }
        return found | {name: columns for name, columns in lists.items() if columns}

    @staticmethod
    def initial_of(wishes: Mapping[str, Any]) -> dict[str, Any]:
        """The fields as they were filled in."""
        found = {field: wishes.get(name, "") for name, field in NAMES.items()}
        found |= {name: ", ".join(wishes.get(name, [])) for name in COLUMN_LISTS}
        split = next((name for name in ("time", "group", "shuffle") if name in wishes), "")
        return found | {"split": split, "column": wishes.get(split, "") if split != "shuffle" else ""}


class TableForm(UploadForm, OptionsForm):
    """A table, the case's names, and the options."""

    table = forms.FileField(
        label=_("Table (CSV)"),
        help_text=_("UTF-8 or Shift_JIS, with column names in the first line and one record in each row."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv"}),
    )
    title_ja = forms.CharField(label=_("Title in Japanese"), max_length=100)
    title_en = forms.CharField(label=_("Title in English"), max_length=100)
    slug = forms.CharField(
        label=_("Short name"),
        max_length=50,
        help_text=_("Used in addresses and file names: lower-case letters, digits and hyphens, such as store-sales."),
    )
    field_order = ASKED

    def asked(self) -> list[forms.BoundField]:
        """What everybody fills in."""
        return [self[name] for name in ASKED]

    def folded(self) -> list[forms.BoundField]:
        """What is guessed where it is left empty."""
        return [self[name] for name in self.fields if name not in ASKED]

    def folded_is_wrong(self) -> bool:
        return any(one.errors for one in self.folded())

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"].strip()
        if not SLUG.fullmatch(slug):
            raise ValidationError(_("Use only lower-case letters, digits and hyphens, such as store-sales."))
        return slug


class AgainForm(UploadForm, OptionsForm):
    """Other options for a table, and a mended one in its place."""

    table = forms.FileField(
        label=_("Corrected table (CSV)"),
        required=False,
        help_text=_("Only if the file had errors."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv"}),
    )
    field_order = ("table",)


class TextsForm(forms.Form):
    """Title, summary, story and steps of a pack, in both languages."""

    title_ja = forms.CharField(label=_("Title in Japanese"), max_length=100)
    title_en = forms.CharField(label=_("Title in English"), max_length=100)
    summary_ja = forms.CharField(
        label=_("Summary in Japanese"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    summary_en = forms.CharField(
        label=_("Summary in English"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    story_ja = forms.CharField(
        label=_("Story in Japanese (Markdown)"), max_length=LONGEST_STORY, widget=forms.Textarea(attrs={"rows": 20})
    )
    story_en = forms.CharField(
        label=_("Story in English (Markdown)"), max_length=LONGEST_STORY, widget=forms.Textarea(attrs={"rows": 20})
    )

    def __init__(self, *args: Any, manifest: dict[str, Any], stories: Mapping[str, str], **kwargs: Any) -> None:
        self.manifest = manifest
        kwargs.setdefault("initial", _texts_of(manifest, stories))
        super().__init__(*args, **kwargs)
        for number, step in enumerate(manifest["steps"]):
            title = in_reader_language(**step["title"])
            for name, text in (("opens", _("Opens on day")), ("closes", pgettext_lazy("step", "Closes on day"))):
                self.fields[f"step-{number}-{name}"] = forms.IntegerField(
                    label=_labelled(title, text), min_value=0, max_value=730, initial=step[f"{name}_day"]
                )

    def steps(self) -> Iterator[tuple[Mapping[str, Any], forms.BoundField, forms.BoundField]]:
        """Each step with its two fields."""
        for number, step in enumerate(self.manifest["steps"]):
            yield step, self[f"step-{number}-opens"], self[f"step-{number}-closes"]

    def texts(self) -> Sequence[forms.BoundField]:
        """The fields that are no step's."""
        return [self[name] for name in self.base_fields]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for number, _step in enumerate(self.manifest["steps"]):
            opens, closes = given.get(f"step-{number}-opens"), given.get(f"step-{number}-closes")
            if opens is not None and closes is not None and closes <= opens:
                self.add_error(f"step-{number}-closes", _("A step must close after it opens."))
        return given

    def changed_manifest(self) -> dict[str, Any]:
        """The manifest with what was entered."""
        given = self.cleaned_data
        steps = [
            {**step, "opens_day": given[f"step-{number}-opens"], "closes_day": given[f"step-{number}-closes"]}
            for number, step in enumerate(self.manifest["steps"])
        ]
        texts = {name: {"ja": given[f"{name}_ja"], "en": given[f"{name}_en"]} for name in ("title", "summary")}
        return self.manifest | texts | {"steps": steps}

    def stories(self) -> dict[str, str]:
        return {language: self.cleaned_data[f"story_{language}"] for language in ("ja", "en")}


def _labelled(thing: str, text: Any) -> str:
    """The label of a field of which there are many, so that a list of errors says which of them it means."""
    return f"{thing}: {text}"


def _texts_of(manifest: Mapping[str, Any], stories: Mapping[str, str]) -> dict[str, str]:
    found = {
        f"{name}_{language}": manifest[name][language] for name in ("title", "summary") for language in ("ja", "en")
    }
    return found | {f"story_{language}": text for language, text in stories.items()}


class ColumnsForm(forms.Form):
    """What each column of the public files means, in both languages; a column that several files have stands once."""

    def __init__(self, *args: Any, manifest: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.manifest = manifest
        every = (column for file in manifest["files"] for column in file.get("columns", []))
        self.columns = list({_identity(column): column for column in every}.values())[:MOST_COLUMNS]
        for number, column in enumerate(self.columns):
            for language, label in (("ja", _("Meaning in Japanese")), ("en", _("Meaning in English"))):
                self.fields[f"column-{number}-{language}"] = forms.CharField(
                    label=_labelled(column["name"], label),
                    max_length=LONGEST_MEANING,
                    initial=column["description"][language],
                )

    def rows(self) -> Iterator[tuple[Mapping[str, Any], forms.BoundField, forms.BoundField]]:
        """Each column with its two fields."""
        for number, column in enumerate(self.columns):
            yield column, self[f"column-{number}-ja"], self[f"column-{number}-en"]

    def changed_manifest(self) -> dict[str, Any]:
        """The manifest with what was entered, in every file that has the column."""
        given = self.cleaned_data
        meanings = {
            _identity(column): {language: given[f"column-{number}-{language}"] for language in ("ja", "en")}
            for number, column in enumerate(self.columns)
        }

        def described(column: dict[str, Any]) -> dict[str, Any]:
            return {**column, "description": meanings.get(_identity(column), column["description"])}

        files = [
            {**file, "columns": [described(column) for column in file["columns"]]} if "columns" in file else file
            for file in self.manifest["files"]
        ]
        return self.manifest | {"files": files}


def _identity(column: Mapping[str, Any]) -> tuple[str, ...]:
    """By what a column is the same as one of another file."""
    return column["name"], column["alias"], column["description"]["ja"], column["description"]["en"]


class PublishForm(forms.Form):
    """The number under which the pack is published."""

    version = forms.CharField(
        label=_("Version number"),
        max_length=14,
        help_text=_("Three numbers, such as 1.0.0. It can’t be changed later."),
    )

    def clean_version(self) -> str:
        version: str = self.cleaned_data["version"].strip()
        if not VERSION.fullmatch(version):
            raise ValidationError(_("Enter three numbers separated by points, such as 1.2.0."))
        return version
