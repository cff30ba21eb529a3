"""The pages of badges: the organiser's, the holder's, everybody's, and what machines read."""
