"""How people come into a cohort: application, selection, invitation, import."""
