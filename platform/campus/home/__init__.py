"""Pages that show several apps at once: everybody's first page, first steps, status of cohort and site."""
