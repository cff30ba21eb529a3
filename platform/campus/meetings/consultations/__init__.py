"""Consultations: mentors offer times, teams and single learners book them with a question."""
