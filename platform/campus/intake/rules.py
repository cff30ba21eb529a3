"""Who may bring people into a cohort."""

import rules

from campus.cohorts.rules import is_organiser

rules.add_perm("intake.bring_people", is_organiser)
