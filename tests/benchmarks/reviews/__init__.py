"""Peer review of 2,000 learners: who gets reviews in time, what that takes on the site, what the marks are worth."""
