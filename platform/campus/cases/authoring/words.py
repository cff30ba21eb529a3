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
        "This version has been published already, and a published version never changes. Give a new number."
    ),
    FAILED: _(
        "Something went wrong on our side, so this could not be finished. "
        "If the data are very large, make them smaller and try again."
    ),
}
# What options of `grader new` are called on the form that fills them.
_FIELDS: dict[str, str | Promise] = {
    "--target": _("Column to predict"),
    "--time": _("Column to divide by"),
    "--group": _("Column to divide by"),
    "--id": _("Column that names each row"),
    "--ahead": _("Columns known at prediction time"),
    "--after": _("Columns known only afterwards"),
    "--drop": _("Columns to leave out"),
}
CHECKS: dict[str, str | Promise] = {
    "reading": _("The manifest can be read and names files that are there"),
    "building": _("All data are there, with the columns that the manifest names"),
    "files": _("Every cell is of the type that was declared"),
    "pictures": _("Pictures and masks are those that the tables name"),
    "halves": _("The provisional and the final half are as declared, and no group stands in both"),
    "apart": _("The rows to predict are apart from those to learn from"),
    "leaks": _("The truth stands in nothing that learners get"),
    "ladder": _("Effort pays: trivial answers lose to every other baseline"),
    "samples": _("Samples are scored and refused as recorded"),
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
