"""After a metric or a truth was mended: what the leaderboard would be, and the step to it or away from it."""
