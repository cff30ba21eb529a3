"""How study groups and project teams come about, and the team's space."""
