"""Invitations: mails with a link that lets one set a password and leads to the cohort's welcome page."""
