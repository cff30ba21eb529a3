"""Numbered streams of events, delivered to browsers in real time."""
