"""Who may bring people into a cohort, select applicants and invite: organisers alone."""

import rules

from campus.cohorts.rules import is_organiser

rules.add_perm("intake.bring_people", is_organiser)
rules.add_perm("intake.select_applicants", is_organiser)
rules.add_perm("intake.invite", is_organiser)
