"""What learners agree to: versioned texts of a cohort, and who agreed to which."""
