"""Peer review: who reviews whose work, the reviews, what becomes of them."""
