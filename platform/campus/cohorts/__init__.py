"""Programmes, cohorts, classes, enrolments and the audit log."""
