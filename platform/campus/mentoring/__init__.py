"""Mentors judge projects: the queue, reviews with comments at places in the work, and who must not."""
