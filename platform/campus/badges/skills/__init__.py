"""Frameworks of skills as versioned data, what badges show of them, and how versions go over into each other."""
