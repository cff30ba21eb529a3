"""Only organisers rescore; versions of cases are installed by the operator's command."""

import rules

from campus.cohorts.rules import is_organiser

rules.add_perm("rescoring.rescore", is_organiser)
