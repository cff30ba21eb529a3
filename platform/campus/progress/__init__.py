"""Who is where in a cohort, who needs follow-up and why."""
