"""Who may say what launches bring into a cohort: its organisers."""

import rules

from campus.cohorts.rules import is_organiser

rules.add_perm("lti.admit_by_launch", is_organiser)
