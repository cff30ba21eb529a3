"""Forms that organisers make: applications, self-ratings, surveys; their answers and results."""
