"""The pages of groups: of those who form them, of learners, and the team's space."""
