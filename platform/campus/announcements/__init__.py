"""What organisers and facilitators tell a cohort, a class or whom a filter finds."""
