"""Peer discussion beside the work: threads and posts, live, unread for me, moderated."""
