"""Study groups and project teams."""
