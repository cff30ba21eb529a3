"""How the manifest's short names are said on pages."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FILE_PARTS = {
    "train": _("For training"),
    "test": _("To predict"),
    "sample": _("Sample submission"),
    "reference": _("Reference"),
}
COLUMN_ROLES = {
    "id": pgettext_lazy("column", "Identifier"),
    "group": pgettext_lazy("column", "Group"),
    "time": pgettext_lazy("column", "Time"),
    "feature": pgettext_lazy("column", "Feature"),
    "known_ahead": pgettext_lazy("column", "Known in advance"),
    "known_after": pgettext_lazy("column", "Known only afterwards"),
    "target": pgettext_lazy("column", "Target"),
    "note": pgettext_lazy("column", "Note"),
}
COLUMN_TYPES = {
    "text": pgettext_lazy("column type", "text"),
    "int": pgettext_lazy("column type", "whole number"),
    "float": pgettext_lazy("column type", "number"),
    "bool": pgettext_lazy("column type", "0 or 1"),
    "date": pgettext_lazy("column type", "date"),
}
SUBMISSION_KINDS = {"predictions": _("Predictions as a CSV file")}
# SPDX names are said as they are.
LICENCES = {"LicenseRef-not-for-redistribution": _("May not be passed on")}
DIRECTIONS = {"lower": _("Lower is better"), "higher": _("Higher is better")}
