"""One search over all that somebody may read in a cohort."""
