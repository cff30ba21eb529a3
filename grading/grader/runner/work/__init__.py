"""What children do with a submission, one module for each warm process. Everything here runs isolated."""
