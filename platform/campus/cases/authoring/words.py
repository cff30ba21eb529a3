"""What came of a draft, in words: the grader's problems, and the few of the site's own."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campus.cohorts.models import in_reader_language
from grader.problems import Language, Problem

# What a draft's table is kept as, whatever its name was.
TABLE_FILE = "table.csv"
VERSION_TAKEN, FAILED = "site_version_taken", "site_failed"
_OWN: dict[str, str | Promise] = {
    VERSION_TAKEN: _(
        "This version has already been published, and a published version never changes. Enter a new number."
    ),
    FAILED: _(
        "Something went wrong on our side, so this couldn’t be finished. If the data is very large, make it smaller "
        "and try again."
    ),
}
# What options of `grader new` are called on the form that fills them.
_FIELDS: dict[str, str | Promise] = {
    "--target": _("Column to predict"),
    "--time": _("Column to split by"),
    "--group": _("Column to split by"),
    "--id": _("Column that names each row"),
    "--ahead": _("Columns known at prediction time"),
    "--after": _("Columns known only afterwards"),
    "--drop": _("Columns to leave out"),
}
CHECKS: dict[str, str | Promise] = {
    "reading": _("The manifest (case.toml) can be read, and all files it names are there"),
    "building": _("All data is there, with the columns that the manifest names"),
    "files": _("Every cell has the declared type"),
    "pictures": _("Pictures and masks match the tables"),
    "halves": _("The rows for the provisional and the final score are split as declared, and no group is in both"),
    "apart": _("The rows to predict are separate from the training rows"),
    "leaks": _("Nothing that learners get contains the truth"),
    "ladder": _("Effort pays off: trivial answers score worse than every other baseline"),
    "samples": _("Samples are scored or refused as recorded"),
}


def reader_language() -> Language:
    """The language of the page, as the grader calls it."""
    return "ja" if in_reader_language("ja", "en") == "ja" else "en"


def worded(problems: Iterable[Mapping[str, Any]]) -> list[str]:
    """Problems as they are kept (JSON) in the language of the page."""
    language = reader_language()
    return [str(_OWN[one["code"]]) if one["code"] in _OWN else _problem_of(one).text(language) for one in problems]


def _problem_of(kept: Mapping[str, Any]) -> Problem:
    """The problem, which calls the draft's table and what was asked for as the pages do."""
    problem = Problem.from_json(kept)
    params = dict(problem.params)
    if params.get("file") == TABLE_FILE:
        params["file"] = gettext("Table")
    if params.get("field") in _FIELDS:
        params["field"] = gettext("“%(field)s”") % {"field": _FIELDS[str(params["field"])]}
    return Problem(problem.code, params)
