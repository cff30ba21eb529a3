"""Persons, sign-in and personal API tokens."""
