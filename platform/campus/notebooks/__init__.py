"""Notebooks: sign-on for the Hub, what a person finds there, opening one, and who opened whose."""
