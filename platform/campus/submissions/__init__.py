"""What learners hand in, how it is graded, and the leaderboard."""
