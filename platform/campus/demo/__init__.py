"""A cohort with people and a week of life in it, to try the site with. Never for real cohorts."""
