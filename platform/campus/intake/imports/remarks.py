"""What is said about a file, a column or a row: kept as a code with values, worded in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

_WORDS = {
    # --- The file can't be read ---
    "empty_file": _("The file is empty. Choose a file with a row of headings and one row for each person."),
    "no_rows": _("The file has only headings. Add one row for each person below them."),
    "too_many_rows": _("The file has more than %(limit)d rows. Split it into several files."),
    "too_many_columns": _("The file has more than %(limit)d columns. Delete those the import doesn’t need."),
    "old_excel": _(
        "This is an old Excel file (.xls) or one with a password. Open it in Excel, remove the password and save it as "
        "“Excel Workbook (.xlsx)”."
    ),
    "other_spreadsheet": _(
        "This kind of spreadsheet can’t be read. Save it as “Excel Workbook (.xlsx)” or as CSV, and upload that."
    ),
    "broken_workbook": _(
        "This Excel file is damaged and can’t be read. Open it in Excel, save it again and upload that."
    ),
    "swollen_workbook": _(
        "This Excel file is too large once unpacked (the limit is %(limit)d MB). Copy only the table into a new "
        "workbook."
    ),
    "broken_zip": _("This zip file is damaged. Export the roster again."),
    "locked_zip": _("The zip file has a password. Export the roster without one."),
    "dangerous_zip": _(
        "The zip file contains links, too many files, the same file twice, or names that point outside it. Put only "
        "the roster’s CSV files into it."
    ),
    "swollen_zip": _(
        "The zip file is too large once unpacked (the limit is %(limit)d MB). Export only the people in this programme."
    ),
    "many_manifests": _("The zip file contains more than one manifest.csv. Put only one roster into a zip file."),
    "other_roster_version": _(
        "This is OneRoster %(value)s. The import reads version %(version)s. Choose that version when you export the "
        "roster."
    ),
    "no_such_mode": _("“%(file)s” is set to “%(value)s”. It has to be bulk, delta or absent."),
    "file_missing": _("The manifest names this file, but it is not in the zip file."),
    "no_columns": _("Columns are missing: %(columns)s."),
    "not_text": _(
        "This is neither Excel (.xlsx) nor CSV in UTF-8 or Shift_JIS: line %(line)d can’t be read. Open the file in "
        "Excel and save it as “CSV UTF-8” or as “Excel Workbook (.xlsx)”."
    ),
    "open_quote": _(
        "Line %(line)d has an opening quotation mark but no closing one, so the rows after it can’t be told apart. "
        "Close it."
    ),
    "second_heading": _("Two columns mean “%(field)s”: “%(first)s” and “%(second)s”. Delete one of them."),
    "no_column": _("There is no column for “%(field)s”. Give a column that heading. The template shows how."),
    "merged_cells": _("The cells %(cells)s are merged. Split them and fill in every row."),
    # --- Said about the file ---
    "roster_files": _("OneRoster 1.2: %(files)s"),
    "first_sheet": _("Only the first sheet, “%(sheet)s”, is read."),
    "encoding": _("Read as %(encoding)s."),
    "empty_rows": _("Empty rows skipped: %(count)d."),
    # --- A cell stops the import ---
    "missing": _("This cell is empty. Please fill it in."),
    "not_an_address": _("“%(value)s” is not an email address."),
    "too_long": _("“%(value)s” is too long. Use up to %(limit)d characters."),
    "carries_address": _("“%(value)s” contains a web address or characters that don’t belong in a name."),
    "wrong_letters": _(
        "“%(value)s” contains characters that don’t belong here. Use katakana for the reading of a name, and Latin "
        "letters for the name in Latin letters."
    ),
    "no_such_role": _("There is no role “%(value)s”. Choose from: %(choices)s."),
    "no_such_choice": _("“%(value)s” is not one of the choices: %(choices)s."),
    "no_such_class": _("The cohort has no class “%(value)s”. It has: %(choices)s."),
    "no_classes": _("The cohort has no classes yet, so there is no “%(value)s”. Create the class first."),
    "many_classes": _("A learner can be in only one class. “%(value)s” names several."),
    "formula": _("This cell contains a formula. Copy the column and paste it as values."),
    "error_value": _("This cell contains the Excel error “%(value)s”. Enter the right value."),
    "beyond_headings": _("“%(value)s” is to the right of the last heading. Check the commas in this row."),
    "same_person": _("Row %(row)s already names this person in the same role."),
    "other_name": _("Row %(row)s has this email address for “%(name)s”. An address can belong to only one person."),
    "blocked": _("This account was closed by the platform operator."),
    "same_id": _("The sourcedId “%(value)s” appears twice."),
    "same_class": _("Two classes are called “%(value)s”. Give each a title of its own."),
    "no_such_id": _("The roster has no “%(value)s”, and no earlier one had it."),
    # --- Said about a row that can be imported ---
    "other_role": _("Only students, teachers and aides can be imported into a cohort."),
    "disabled": _("The account is switched off in the roster (enabledUser)."),
    "not_here": _("Is not in this cohort, so there is nobody to take out."),
    "has_completed": _("Has completed the cohort, which stays on record."),
    "in_other_class": _("Is in another class of this cohort and stays there."),
    "looks_after_still": _("Stays in the cohort. Change who looks after a class on the page “Classes”."),
    "address_kept": _("This person’s address on the site is %(value)s. People change their address themselves."),
    "tidied": _("Spaces and half-width characters were tidied up: “%(value)s”."),
    "lower_case": _("The address is saved in lower case: “%(value)s”."),
    "profile_kept": _("This person looks after their own profile, so it stays as it is."),
    "no_class_for_role": _("Only learners and facilitators have a class, so it is skipped."),
    "has_applied": _("Has applied to this cohort, so the import changes nothing. Decide on the page “Applicants”."),
    "has_left": _("Withdrew from this cohort, so the import changes nothing."),
    # --- What changes ---
    "class_changes": _("Class: %(before)s → %(after)s"),
    "class_added": _("Looks after class %(after)s too"),
    "field_changes": _("%(field)s: %(before)s → %(after)s"),
}


@dataclass(frozen=True)
class Remark:
    """``heading`` is that of the column in the file, empty for what concerns the whole row or file."""

    code: str
    heading: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(_WORDS[self.code]) % {name: _in_words(value) for name, value in self.values.items()}

    def to_json(self) -> dict[str, Any]:
        """As kept in the database; texts that depend on the reader's language are kept as what they stand for."""
        return {"code": self.code, "heading": self.heading, "values": dict(self.values)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Remark":
        return cls(kept["code"], kept["heading"], kept["values"])


def _in_words(value: Any) -> Any:
    """What is kept by a field's key is said in the language of the page: its label, or a value of it."""
    from campus.intake.imports.columns import label_of, shown_value

    if not isinstance(value, dict):
        return value
    return shown_value(value["of"], value["value"]) if "of" in value else label_of(value["label"])


class Unreadable(Exception):
    """The file as a whole can't be imported; ``remarks`` say why and what to do."""

    def __init__(self, *remarks: Remark) -> None:
        super().__init__(", ".join(remark.code for remark in remarks))
        self.remarks = remarks
