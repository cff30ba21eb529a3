"""Case packs, their installed versions, and a cohort's steps."""
